import type { Access } from '../access/access.ts';
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

/** What ends a sample once access to its model is over; null while that holds. */
export function accessEnd(access: Pick<Access, 'why'> | null): SampleEnd | null {
  const why = access?.why ?? null;
  return why === null ? null : { kind: 'failed', code: 'access-over', message: why };
}

/** A limit in the units that people gave it in: seconds, and units of money. */
export function limitEnd({ kind, limit, scope }: Spent): SampleEnd {
  const isTime = kind === 'wallMs' || kind === 'workingMs';
  const divisor = isTime ? 1_000 : kind === 'costMicros' ? 1_000_000 : 1;
  return { kind: 'limit', type: kinds[kind], limit: limit / divisor, scope };
}
