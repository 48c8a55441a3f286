import { type QuotaKind, quotaKinds } from '@breakwater/contract';
import { type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import type { KeyLimits, Quota } from '../model.ts';

/** A key of a grant, as far as what is left for others goes. */
export interface DealtTo {
  readonly id: string;
  readonly limits: KeyLimits;
  /** When it ended, by an act or its date; null: it goes on. */
  readonly overAt: Instant | null;
  /** Of a key that is over: what it took in its whole life, and can take no more of. */
  readonly took: Quota;
}

export interface Deal {
  /** What each key takes at most, as it is now. */
  readonly limits: ReadonlyMap<string, KeyLimits>;
  /** What no key has. */
  readonly left: KeyLimits;
}

/**
 * Deals what was allotted to the keys of one grant, those that were issued first first: each gets
 * what it was issued with, and no more than what those before it left. So all of them together stay
 * within what the developer stated, also where it stated less afterwards (GAT-8). A key that is over
 * keeps its minute and its day (UTC) until each is over, and of its whole life what it took.
 */
export function deal(allotted: KeyLimits, keys: readonly DealtTo[], now: Instant): Deal {
  let left = allotted;
  const limits = new Map<string, KeyLimits>();
  for (const { id, limits: own, overAt, took } of keys) {
    const has: KeyLimits = {
      outputTokensMax: Math.min(own.outputTokensMax, allotted.outputTokensMax),
      concurrency: overAt === null ? Math.min(own.concurrency, left.concurrency) : 0,
      minute: isWithin('minute', overAt, now) ? lesser(own.minute, left.minute) : none(left.minute),
      day: isWithin('day', overAt, now) ? lesser(own.day, left.day) : none(left.day),
      grant: overAt === null ? lesser(own.grant, left.grant) : lesser(took, left.grant),
      currency: allotted.currency ?? own.currency,
    };
    limits.set(id, has);
    left = {
      ...left,
      concurrency: left.concurrency - has.concurrency,
      minute: less(left.minute, has.minute),
      day: less(left.day, has.day),
      grant: less(left.grant, has.grant),
    };
  }
  return { limits, left };
}

/** Whether the minute or day of UTC in which a key ended goes on still. */
function isWithin(span: 'minute' | 'day', overAt: Instant | null, now: Instant): boolean {
  const length = span === 'day' ? 10 : 16;
  return overAt === null || overAt.slice(0, length) === now.slice(0, length);
}

/** In each kind the lesser; what the one does not limit is as the other says. */
function lesser(one: Quota, other: Quota): Quota {
  return byKind((kind) => {
    const amounts = [one[kind], other[kind]].filter((amount) => amount !== undefined);
    return amounts.length === 0 ? undefined : Math.min(...amounts);
  });
}

/** Nothing of each kind that is limited. */
function none(quota: Quota): Quota {
  return byKind((kind) => (quota[kind] === undefined ? undefined : 0));
}

function less(quota: Quota, by: Quota): Quota {
  return byKind((kind) => {
    const amount = quota[kind];
    return amount === undefined ? undefined : Math.max(0, amount - (by[kind] ?? 0));
  });
}

function byKind(of: (kind: QuotaKind) => number | undefined): Quota {
  const quota: Partial<Record<QuotaKind, number>> = {};
  for (const kind of quotaKinds) {
    const amount = of(kind);
    if (amount !== undefined) quota[kind] = amount;
  }
  return quota;
}

const spans = ['minute', 'day', 'grant'] as const;

/** What a new key takes at most: what it was asked for, or all that is left. */
export function limitsFor(left: KeyLimits, wish: KeyLimits | undefined): Result<KeyLimits> {
  const empty = emptyIn(left);
  if (empty !== null) return refuse(nothingLeft(empty));
  if (wish === undefined) return ok(left);
  if (left.currency !== null && wish.currency !== null && left.currency !== wish.currency) {
    return refuse(currencyDiffers(left.currency, wish.currency));
  }
  for (const span of spans) {
    for (const kind of quotaKinds) {
      const [most, wanted] = [left[span][kind], wish[span][kind]];
      if (most === undefined || wanted === undefined || wanted <= most) continue;
      return refuse(beyond(`${span}/${kind}`, wanted, most));
    }
  }
  for (const what of ['outputTokensMax', 'concurrency'] as const) {
    if (wish[what] > left[what]) return refuse(beyond(what, wish[what], left[what]));
  }
  return ok({
    outputTokensMax: wish.outputTokensMax,
    concurrency: wish.concurrency,
    minute: lesser(wish.minute, left.minute),
    day: lesser(wish.day, left.day),
    grant: lesser(wish.grant, left.grant),
    currency: left.currency ?? wish.currency,
  });
}

function emptyIn(left: KeyLimits): string | null {
  if (left.concurrency === 0) return 'concurrency';
  for (const span of spans) {
    const kind = quotaKinds.find((each) => left[span][each] === 0);
    if (kind !== undefined) return `${kind} of the ${span}`;
  }
  return null;
}

function nothingLeft(of: string) {
  return {
    code: 'nothing-left',
    expected: 'something left of every limit for another key',
    got: `nothing left of ${of}: other keys have it`,
    todo: 'end a key, or ask the developer for more',
  } as const;
}

function beyond(of: string, wanted: number, most: number) {
  return {
    code: 'beyond-allotment',
    expected: `at most ${most} of ${of}: that is what the developer stated, less what keys have`,
    got: String(wanted),
    todo: 'ask for less, or leave the limits out to get what is left',
    pointer: `/limits/${of}`,
  } as const;
}

function currencyDiffers(stated: string, wanted: string) {
  return {
    code: 'currency-differs',
    expected: `limits in ${stated}, as the developer stated`,
    got: wanted,
    todo: `state money in ${stated}: nothing is converted`,
    pointer: '/limits/currency',
  } as const;
}
