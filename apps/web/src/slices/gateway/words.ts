import type { GatewayKey, KeyLimits, QuotaKind, QuotaSpan } from '@breakwater/contract';
import type { Tone } from '../../ui/badge.tsx';
import { figure, moneyWords } from './figures.ts';

/** What does not hold for a key to be taken, inside a sentence. */
export const conditionWords: Readonly<Record<GatewayKey['missing'][number], string>> = {
  ended: 'it was ended',
  expired: 'its time is over',
  'cut-off': 'it is cut off',
  'grant-not-active': 'the access it stands on is not active',
  'holder-gone': 'whom it was for is no member any more',
  'nothing-allotted': 'the developer states nothing that may be used',
  'proof-demanded': 'a key pair or certificate is demanded by now, and it has none',
  'no-upstream': 'the developer names no endpoint for the model',
};

/** Whether a key has come to its end: nothing makes it work again. */
export function isOver({ missing }: Pick<GatewayKey, 'missing'>): boolean {
  return missing.includes('ended') || missing.includes('expired');
}

/** What a key is, in a word with its color. */
export function standingOf({ active, missing }: Pick<GatewayKey, 'active' | 'missing'>): {
  readonly word: string;
  readonly tone: Tone;
} {
  if (active) return { word: 'Works', tone: 'held' };
  if (missing.includes('cut-off')) return { word: 'Cut off', tone: 'fired' };
  return isOver({ missing })
    ? { word: 'Over', tone: 'plain' }
    : { word: 'Does not work', tone: 'warn' };
}

export const kindWords: Readonly<Record<QuotaKind, string>> = {
  requests: 'Requests',
  inputTokens: 'Input tokens',
  outputTokens: 'Output tokens',
  costMicros: 'Money',
};

export const spanWords: Readonly<Record<QuotaSpan, string>> = {
  minute: 'This minute',
  day: 'This day of UTC',
  grant: 'As long as the key lasts',
};

/** A figure of a kind as people read it. */
export function amountWords(kind: QuotaKind, value: number, currency: string | null): string {
  return kind === 'costMicros' ? moneyWords(value, currency ?? '') : figure(value);
}

const spans = ['minute', 'day', 'grant'] as const;
const kinds = ['requests', 'inputTokens', 'outputTokens', 'costMicros'] as const;
const perWords = { minute: 'a minute', day: 'a day', grant: 'in all' } as const;

/** Limits, one line each: `1,000 requests a day`. */
export function limitLines(limits: KeyLimits): readonly string[] {
  const quotas = spans.flatMap((span) =>
    kinds.flatMap((kind) => {
      const limit = limits[span][kind];
      if (limit === undefined) return [];
      const amount = amountWords(kind, limit, limits.currency);
      const what = kind === 'costMicros' ? amount : `${amount} ${kindWords[kind].toLowerCase()}`;
      return [`${what} ${perWords[span]}`];
    }),
  );
  return [
    ...quotas,
    `${figure(limits.outputTokensMax)} output tokens in one request`,
    `${figure(limits.concurrency)} requests at one time`,
  ];
}

const paths: Readonly<Record<string, string>> = {
  chat: 'Chat completion',
  responses: 'Response',
  messages: 'Message',
  embeddings: 'Embeddings',
  'count-tokens': 'Count of tokens',
};

/** What was asked for, by the address it came to. */
export function pathWords(path: string): string {
  return paths[path] ?? path;
}

const figures: Readonly<Record<string, readonly [word: string, more: string]>> = {
  upstream: ['told', 'As the endpoint told them.'],
  none: ['not told', 'The endpoint told none: all that was set aside is counted.'],
  lost: ['lost', 'They were lost with a process: all that was set aside is counted.'],
  unused: ['nothing used', 'It used nothing of what was set aside.'],
};

/** Whose figures a request was settled by, in a word and in a line. */
export function figuresWords(name: string): readonly [word: string, more: string] {
  return figures[name] ?? [name, ''];
}
