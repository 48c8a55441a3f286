import type { Instant } from '@breakwater/kernel';
import {
  type Call,
  type Counts,
  closeIn,
  countsBy,
  type Fit,
  fitCall,
  holdIn,
  leftIn,
  limitMax,
  openPool,
  type Pool,
  type Prices,
  scarcestOf,
} from '@breakwater/meter';
import type { Admitted, KeyLimits, Upstream } from '../model.ts';
import { aheadOf, type Cell } from './lease.ts';
import { type Left, type MeterKind, type MeterSpan, type MeterWish, meterKinds } from './model.ts';
import { endOf, type Froms, laterOf, spanId, spansOf } from './spans.ts';

/** What a process has leased of one span of a key: a pool whose limits are the leases. */
export interface Slot {
  readonly id: string;
  readonly span: MeterSpan;
  readonly from: Instant;
  /** When it is over and the next one has as much; null: never. */
  readonly moreAt: Instant | null;
  /** Limits of the key; a kind without one is leased of nobody. */
  most: Readonly<Partial<Record<MeterKind, number | undefined>>>;
  pool: Pool<MeterKind>;
  /** Free in the rows when they were last seen. */
  free: Partial<Record<MeterKind, number>>;
  /** Below this the next lease is fetched, before anybody waits. */
  mark: Partial<Record<MeterKind, number>>;
  /** Taken in a second, when that was looked at last; and taken since. */
  perSecond: Record<MeterKind, number>;
  drawn: Record<MeterKind, number>;
  pacedAtMs: number;
}

/** An amount of a cell of a key. */
export interface Amount {
  readonly span: MeterSpan;
  readonly from: Instant;
  readonly kind: MeterKind;
  readonly amount: number;
}

/** A pace is not told by less than this. */
const rateMsMin = 250;

/** What one process has of the meters of one key. Nobody awaits anything within a method. */
export class Purse {
  readonly key: string;
  limits: KeyLimits;
  readonly slots = new Map<string, Slot>();
  /** The newest spans that were entered. */
  froms: Froms;
  /** When something was last asked, in milliseconds that never go back. */
  askedAtMs = 0;
  /** What the last requests took at most. */
  need: Counts<MeterKind> = countsBy(meterKinds, () => 1);
  #current: readonly Slot[] | null = null;

  constructor(key: string, limits: KeyLimits, froms: Froms) {
    this.key = key;
    this.limits = limits;
    this.froms = froms;
  }

  /** Enters later spans than those it is in; earlier ones change nothing. */
  enter(froms: Froms): void {
    const { minute, day } = this.froms;
    if (froms.minute <= minute && froms.day <= day) return;
    this.froms = laterOf(this.froms, froms);
    this.#current = null;
  }

  /** The slots that requests are reserved in now. */
  current(): readonly Slot[] {
    this.#current ??= this.slotsAt(this.froms);
    return this.#current;
  }

  /** The four slots of some spans, made where they are not there. */
  slotsAt(froms: Froms): readonly Slot[] {
    return spansOf(froms).map(({ span, from }) => {
      const id = spanId(span, from);
      const slot = this.slots.get(id) ?? this.#open(span, from);
      this.slots.set(id, slot);
      return slot;
    });
  }

  /** Fits a call into what is leased now; null where it does not fit whole. */
  fit(call: Call<MeterKind>): Fit<MeterKind> | null {
    const left = this.current().map(({ pool }) => leftIn(meterKinds, pool));
    const fit = fitCall(meterKinds, call, scarcestOf(meterKinds, left));
    return fit.short.length > 0 || fit.isCut ? null : fit;
  }

  /** Holds what was fitted into the leases of these slots. */
  hold({ held }: Fit<MeterKind>, slots: readonly Slot[]): void {
    this.need = held;
    for (const slot of slots) {
      slot.pool = holdIn(meterKinds, slot.pool, held);
      for (const kind of meterKinds) slot.drawn[kind] += held[kind];
    }
  }

  /** Whether a lease is so short that the next one is to be fetched, and there is some to fetch. */
  isLow(): boolean {
    return this.current().some(({ pool, mark, free, most }) =>
      meterKinds.some((kind) => {
        if (most[kind] === undefined || (free[kind] ?? 0) === 0) return false;
        const left = (pool.limits[kind] ?? 0) - pool.used[kind] - pool.held[kind];
        return left < (mark[kind] ?? 0);
      }),
    );
  }

  /** Leases came in, or were given back. */
  lease(amounts: readonly Amount[], sign: 1 | -1): void {
    for (const { span, from, kind, amount } of amounts) {
      const slot = this.slots.get(spanId(span, from));
      if (slot === undefined) throw new Error('a lease of a span that nobody entered');
      const limits = {
        ...slot.pool.limits,
        [kind]: (slot.pool.limits[kind] ?? 0) + sign * amount,
      };
      slot.pool = { ...slot.pool, limits };
    }
  }

  /** What of the leases of these slots is neither used nor held. */
  unused(slots: Iterable<Slot>): readonly Amount[] {
    return [...slots].flatMap(({ span, from, pool }) => {
      const left = leftIn(meterKinds, pool);
      return meterKinds.flatMap((kind) => {
        const amount = left[kind] ?? 0;
        return amount === 0 ? [] : [{ span, from, kind, amount }];
      });
    });
  }

  /** A reservation was closed. What it took beyond is billed by its row, not out of leases. */
  close(slots: readonly Slot[], close: { held: Counts<MeterKind>; spent: Counts<MeterKind> }) {
    const spent = countsBy(meterKinds, (kind) => Math.min(close.held[kind], close.spent[kind]));
    for (const slot of slots) {
      slot.pool = closeIn(meterKinds, slot.pool, { held: close.held, spent });
    }
  }

  /** What was used is in the rows now: it is no lease any more. */
  stored(slots: readonly Slot[], covered: Counts<MeterKind>): void {
    for (const slot of slots) {
      const { limits, used } = slot.pool;
      const less: Partial<Record<MeterKind, number>> = {};
      for (const kind of meterKinds) {
        const limit = limits[kind];
        if (limit !== undefined) less[kind] = limit - covered[kind];
      }
      const after = countsBy(meterKinds, (kind) => used[kind] - covered[kind]);
      slot.pool = { ...slot.pool, limits: less, used: after };
    }
  }

  /** The cells of some slots beside what their rows say. */
  cells(
    slots: readonly Slot[],
    row: (slot: Slot, kind: MeterKind) => Pick<Cell, 'free' | 'isElsewhere' | 'isUnanswered'>,
  ): readonly Cell[] {
    return slots.flatMap((slot) => {
      const left = leftIn(meterKinds, slot.pool);
      return meterKinds.flatMap((kind): readonly Cell[] => {
        const own = left[kind];
        const { span, from } = slot;
        return own === undefined ? [] : [{ span, from, kind, own, ...row(slot, kind) }];
      });
    });
  }

  /** How much of a cell to have unused, so that requests do not wait. */
  target(
    { span, from, kind }: Cell,
    by: { readonly free: number; readonly processes: number; readonly isScarce: boolean },
  ): number {
    const slot = this.slots.get(spanId(span, from));
    if (slot === undefined) return 0;
    const perSecond = Math.max(slot.perSecond[kind], paceOf(slot, kind));
    const { processes, isScarce } = by;
    const pace = { need: Math.max(1, this.need[kind]), perSecond, processes, isScarce };
    return Math.min(aheadOf(by.free, pace), by.free);
  }

  /** What the rows of a cell have free after this process took from it, to have its target unused. */
  seen({ span, from, kind }: Cell, by: { readonly free: number; readonly target: number }): void {
    const slot = this.slots.get(spanId(span, from));
    if (slot === undefined) return;
    slot.free[kind] = by.free;
    slot.mark[kind] = Math.floor(by.target / 2);
  }

  /** Begins to look at the pace anew, in the slots that were looked at for long enough. */
  paced(): void {
    const now = performance.now();
    for (const slot of this.slots.values()) {
      if (now - slot.pacedAtMs < rateMsMin) continue;
      slot.perSecond = countsBy(meterKinds, (kind) => paceOf(slot, kind));
      slot.drawn = countsBy(meterKinds, () => 0);
      slot.pacedAtMs = now;
    }
  }

  /** What is left of each limited kind as far as this process knows. */
  left(): readonly Left[] {
    return this.current().flatMap(({ span, moreAt, pool, free }) => {
      const own = leftIn(meterKinds, pool);
      return meterKinds.flatMap((kind) => {
        const amount = own[kind];
        if (amount === undefined) return [];
        return [{ span, kind, left: amount + (free[kind] ?? 0), moreAt }];
      });
    });
  }

  /**
   * Holds from now on to these limits, where they are others; false: they are not. What is left
   * without a limit keeps one that nobody reaches until its span is over, because it has leases.
   */
  relimit(limits: KeyLimits): boolean {
    if (limits === this.limits) return false;
    const before = this.limits;
    this.limits = limits;
    if (JSON.stringify(limits) === JSON.stringify(before)) return false;
    for (const slot of this.slots.values()) {
      const most = this.#mostOf(slot.span);
      const has = Object.fromEntries(
        meterKinds.flatMap((kind) => {
          const limit = most[kind] ?? (slot.most[kind] === undefined ? undefined : limitMax);
          return limit === undefined ? [] : [[kind, limit]];
        }),
      );
      slot.most = has;
    }
    return true;
  }

  /** What is held or used without a lease, of kinds that have a limit only now; leased from here on. */
  owed(): readonly Amount[] {
    return [...this.slots.values()].flatMap(({ span, from, most, pool }) =>
      meterKinds.flatMap((kind) => {
        if (most[kind] === undefined || pool.limits[kind] !== undefined) return [];
        return [{ span, from, kind, amount: pool.used[kind] + pool.held[kind] }];
      }),
    );
  }

  #mostOf(span: MeterSpan): Slot['most'] {
    return span === 'now' ? { atOnce: this.limits.concurrency } : this.limits[span];
  }

  #open(span: MeterSpan, from: Instant): Slot {
    const most = this.#mostOf(span);
    const leases: Partial<Record<MeterKind, number>> = {};
    for (const kind of meterKinds) {
      if (most[kind] !== undefined) leases[kind] = 0;
    }
    return {
      id: spanId(span, from),
      span,
      from,
      moreAt: endOf(span, from),
      most,
      pool: openPool(meterKinds, leases),
      free: {},
      mark: {},
      perSecond: countsBy(meterKinds, () => 0),
      drawn: countsBy(meterKinds, () => 0),
      pacedAtMs: performance.now(),
    };
  }
}

/** What was taken in a second since that was looked at last. */
function paceOf({ drawn, pacedAtMs }: Slot, kind: MeterKind): number {
  return (drawn[kind] * 1000) / Math.max(rateMsMin, performance.now() - pacedAtMs);
}

/** The bound of a request as meters see it; null where its price is in another currency. */
export function callOf({ limits, upstreams }: Admitted, wish: MeterWish): Call<MeterKind> | null {
  const prices = dearestOf([wish.upstream, ...upstreams]);
  if (prices === null) return null;
  if (limits.currency !== null && limits.currency !== prices.currency) return null;
  const { inputTokens, outputTokens } = wish;
  return {
    inputTokens,
    outputTokens,
    draws: {
      requests: 1,
      atOnce: 1,
      inputTokens,
      outputTokens: { perOutput: 0 },
      costMicros: { prices },
    },
  };
}

/** Prices that no upstream's are beyond: another may be tried. null: of several currencies. */
function dearestOf(upstreams: readonly Upstream[]): Prices | null {
  const [first, ...more] = upstreams.map(({ prices }) => prices);
  if (first === undefined || more.some(({ currency }) => currency !== first.currency)) return null;
  const all = [first, ...more];
  const most = (of: (prices: Prices) => number) => Math.max(...all.map(of));
  return {
    currency: first.currency,
    inputMicros: most((each) =>
      Math.max(each.inputMicros, each.cacheReadMicros ?? 0, each.cacheWriteMicros ?? 0),
    ),
    outputMicros: most(({ outputMicros }) => outputMicros),
  };
}
