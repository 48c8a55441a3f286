import {
  type EndpointMark,
  expectedForDays,
  type GatewayIncident,
  type GatewayMark,
} from '@breakwater/contract';

/** What a mark says, in words. */
export const markWords: Readonly<Record<GatewayMark, string>> = {
  'volume-beyond-past': 'far more than before',
  'volume-at-quota': 'at the edge of the quota for long',
  'prompts-alike': 'prompts made from one pattern',
  'prompt-repeated': 'one prompt again and again',
  'prompts-broad': 'prompts that sweep broadly',
  'asks-probabilities': 'asks for probabilities of tokens',
  'many-addresses': 'one key from many addresses',
  'many-agents': 'one key from many programs',
  'too-fast-travel': 'two places too far apart for the time between',
  'canary-in-request': 'a canary of yours in a request',
  'canary-in-answer': 'a canary of yours in an answer',
  'secret-in-request': 'what looks like a secret in a request',
  'secret-in-answer': 'what looks like a secret in an answer',
  'injection-in-request': 'what looks like instructions planted in a request',
  'hidden-text-in-request': 'text in a request that people do not see',
};

/** What is noted of an endpoint, in words. */
const endpointWords: Readonly<Record<EndpointMark, string>> = {
  'endpoint-nowhere': 'its endpoint has no address where this installation may call',
  'figures-beyond-bound': 'its endpoint told more tokens than were possible',
  'figures-unlikely': 'its endpoint told tokens that such a text hardly has',
};

type Closing = NonNullable<GatewayIncident['closed']>['as'];

export const closingWords: Readonly<Record<Closing, string>> = {
  expected: 'Expected',
  mistaken: 'Mistaken',
  acted: 'Acted upon',
};

export const closingChoices: readonly (readonly [Closing, string, string])[] = [
  [
    'expected',
    'Expected',
    `The key is for this. For ${expectedForDays} days the same marks raise no other.`,
  ],
  ['mistaken', 'Mistaken', 'The marks said what was not so.'],
  ['acted', 'Acted upon', 'Such as by a cut-off, or a word with the partner.'],
];

/** A mark as it was recorded; one that these pages do not know yet, by its own name. */
export function markName(mark: string): string {
  const all = { ...markWords, ...endpointWords };
  return Object.entries(all).find(([known]) => known === mark)?.[1] ?? mark;
}
