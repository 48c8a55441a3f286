import { spanWords } from '../../ui/time.ts';

/** `in 3 days 4 hours` or `2 hours ago`, seen from `now` (Unix milliseconds). */
export function dueWords(dueAt: string, now: number): string {
  const left = Date.parse(dueAt) - now;
  return left > 0 ? `in ${spanWords(left)}` : `${spanWords(left)} ago`;
}
