import type { Spent } from '../budget/purse.ts';
import type { LimitKind, SampleEnd } from '../journal/records.ts';

/** A step that was done, or what ended the sample. */
export type Step<T> = { readonly done: T } | { readonly end: SampleEnd };

const kinds: Readonly<Record<Spent['kind'], LimitKind>> = {
  messages: 'message',
  tokens: 'token',
  turns: 'turn',
  wallMs: 'time',
  workingMs: 'working',
  costMicros: 'cost',
};

/** A limit in the units that people gave it in: seconds, and units of money. */
export function limitEnd({ kind, limit, scope }: Spent): SampleEnd {
  const isTime = kind === 'wallMs' || kind === 'workingMs';
  const divisor = isTime ? 1_000 : kind === 'costMicros' ? 1_000_000 : 1;
  return { kind: 'limit', type: kinds[kind], limit: limit / divisor, scope };
}
