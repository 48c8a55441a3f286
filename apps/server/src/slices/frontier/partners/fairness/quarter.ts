import { type Instant, toInstant } from '@breakwater/kernel';

/** The calendar quarter in UTC of an instant, such as 2026-Q4. */
export function quarterOf(at: Instant): string {
  return `${at.slice(0, 4)}-Q${Math.floor((Number(at.slice(5, 7)) - 1) / 3) + 1}`;
}

/** Its first instant, and the first one after it. */
export function spanOf(quarter: string): { readonly from: Instant; readonly until: Instant } {
  const [year, number] = [Number(quarter.slice(0, 4)), Number(quarter.slice(6))];
  const start = (n: number) => toInstant(new Date(Date.UTC(year, (n - 1) * 3, 1)));
  return { from: start(number), until: start(number + 1) };
}

/** At most so many are told of. */
const quartersMax = 40;

/** The quarters from that of `first` on which are over at `now`, the newest first. */
export function quartersOver(first: Instant, now: Instant): string[] {
  const over: string[] = [];
  let quarter = quarterOf(first);
  for (let { until } = spanOf(quarter); until <= now; { until } = spanOf(quarter)) {
    over.push(quarter);
    quarter = quarterOf(until);
  }
  return over.toReversed().slice(0, quartersMax);
}
