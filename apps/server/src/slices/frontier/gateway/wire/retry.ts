import type { CallEnd } from './call.ts';
import type { WireRefusal } from './refusal.ts';

const retryable = new Set([429, 500, 502, 503, 529]);
const firstWaitMs = 250;

/**
 * How long to wait before the next try, in milliseconds; null: there is none. Tried again is only
 * what nobody has answered with success and nobody may be working on still.
 */
export function againAfterMs(
  end: CallEnd | WireRefusal,
  of: { readonly tries: number; readonly ways: number; readonly betweenMsMax: number },
): number | null {
  if (!('kind' in end)) return null;
  const isAnswered = end.kind === 'answered' && retryable.has(end.status);
  if (!isAnswered && end.kind !== 'unreached') return null;
  if (of.tries + 1 < of.ways) return 0;
  const told = end.kind === 'answered' ? retryAfterOf(end.headers['retry-after']) : null;
  const waitMs = told === null ? firstWaitMs * 2 ** of.tries : told * 1_000;
  return waitMs <= of.betweenMsMax ? waitMs : null;
}

/**
 * What to try next. What failed is gone to again only where there is no other: one that is full is
 * worth waiting for.
 */
export function inNextOrder<Way>(ways: readonly Way[], tried: ReadonlySet<Way>): readonly Way[] {
  const untried = ways.filter((way) => !tried.has(way));
  return untried.length > 0 ? untried : ways;
}

/** Seconds of a header `retry-after`; null where it says none, or a date. */
export function retryAfterOf(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : null;
}
