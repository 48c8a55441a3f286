import type { Call } from '@breakwater/meter';
import { boundOf, type Cell, type Shortage } from './lease.ts';
import type { Left, MeterKind, NotReserved, NotReservedCode } from './model.ts';
import type { Slot } from './purse.ts';

/** What was seen under the key's lock when a request was refused. */
interface Seen {
  readonly slots: readonly Slot[];
  readonly cells: readonly Cell[];
  /** What is left of each cell, in order, after those before. */
  readonly left: readonly number[];
}

/** A refusal of a call by what it is short of: what is left, and when more comes. */
export function refusalOf(
  call: Call<MeterKind>,
  short: readonly Shortage[],
  { slots, cells, left: leftOf }: Seen,
): NotReserved {
  const least = boundOf(call, call.outputTokens.least);
  const slotOf = (span: string) => slots.find((each) => each.span === span);
  const moreAtOf = (span: string) => slotOf(span)?.moreAt ?? null;
  const told = short.map(
    ({ span, kind, left }): Left => ({ span, kind, left, moreAt: moreAtOf(span) }),
  );
  const isBeyond = told.some(
    ({ span, kind }) => least[kind] > (slotOf(span)?.most[kind] ?? Infinity),
  );
  const all = cells.map(({ span, kind }, at): Left => {
    const one = told.find((each) => each.span === span && each.kind === kind);
    return one ?? { span, kind, left: leftOf[at] ?? 0, moreAt: moreAtOf(span) };
  });
  return {
    code: isBeyond ? 'beyond-quota' : 'quota-spent',
    short: told,
    left: all,
    moreAt: isBeyond ? null : whenAllComes(told),
  };
}

/** When all of it comes that time brings; null: time brings none, or not all. */
export function whenAllComes(told: readonly Left[]): Left['moreAt'] {
  let last: Left['moreAt'] = null;
  for (const { span, moreAt } of told) {
    // Of places there are more as soon as a call ends.
    if (span === 'now') continue;
    if (moreAt === null) return null;
    if (last === null || moreAt > last) last = moreAt;
  }
  return last;
}

/** A refusal that is not about what is left. */
export function nothingTold(code: NotReservedCode): NotReserved {
  return { code, short: [], left: [], moreAt: null };
}
