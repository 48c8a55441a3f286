import type { Allotment, Body, QuotaKind, QuotaSpan } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { microsOf, priceText, wholeOf } from './upstream-draft.ts';

const spans = ['minute', 'day', 'grant'] as const;
const kinds = ['requests', 'inputTokens', 'outputTokens', 'costMicros'] as const;

/** What a form about an allotment holds: text as it was typed; an empty quota is none. */
export interface AllotmentDraft {
  readonly names: string;
  readonly quotas: Readonly<Record<QuotaSpan, Readonly<Record<QuotaKind, string>>>>;
  readonly outputTokensMax: string;
  readonly concurrency: string;
  readonly currency: string;
  readonly keysMax: string;
  readonly demandsProof: boolean;
  readonly keepsFor: string;
}

const noQuota = { requests: '', inputTokens: '', outputTokens: '', costMicros: '' };

export const blankAllotment: AllotmentDraft = {
  names: '',
  quotas: { minute: noQuota, day: noQuota, grant: noQuota },
  outputTokensMax: '4096',
  concurrency: '10',
  currency: 'USD',
  keysMax: '10',
  demandsProof: false,
  keepsFor: '',
};

/** What stands there, to be stated anew. */
export function draftOfAllotment(standing: Allotment): AllotmentDraft {
  const { names, limits, keysMax, demandsProof, keepsFor } = standing;
  const quota = (span: QuotaSpan) => ({
    ...textsOf(limits[span]),
    costMicros: priceText(limits[span].costMicros),
  });
  return {
    names: names.join(' '),
    quotas: { minute: quota('minute'), day: quota('day'), grant: quota('grant') },
    outputTokensMax: String(limits.outputTokensMax),
    concurrency: String(limits.concurrency),
    currency: limits.currency ?? 'USD',
    keysMax: String(keysMax),
    demandsProof,
    keepsFor: keepsFor.join('\n'),
  };
}

function textsOf({ requests, inputTokens, outputTokens }: Allotment['limits']['day']) {
  const text = (amount: number | undefined) => (amount === undefined ? '' : String(amount));
  return {
    requests: text(requests),
    inputTokens: text(inputTokens),
    outputTokens: text(outputTokens),
  };
}

type Wish = Omit<Body<typeof gateway.allot>, 'ifRevision'>;

/** The allotment that a draft describes; null: something is missing or malformed. */
export function allotmentOf(draft: AllotmentDraft): Wish | null {
  const quotas = Object.fromEntries(spans.map((span) => [span, quotaOf(draft.quotas[span])]));
  const isMoney = spans.some((span) => draft.quotas[span].costMicros.trim() !== '');
  const wish = gateway.allot.body.safeParse({
    names: wordsIn(draft.names),
    limits: {
      outputTokensMax: wholeOf(draft.outputTokensMax),
      concurrency: wholeOf(draft.concurrency),
      ...quotas,
      currency: isMoney ? draft.currency.trim() : null,
    },
    keysMax: wholeOf(draft.keysMax),
    demandsProof: draft.demandsProof,
    keepsFor: wordsIn(draft.keepsFor),
  });
  return wish.success ? wish.data : null;
}

function quotaOf(texts: Readonly<Record<QuotaKind, string>>) {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const text = texts[kind].trim();
      if (text === '') return [];
      return [[kind, kind === 'costMicros' ? microsOf(text) : wholeOf(text)]];
    }),
  );
}

function wordsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
