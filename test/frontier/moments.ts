import { type Instant, parseInstant } from '@breakwater/kernel';

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`expected an instant, got ${text}`);
  return instant;
};

/**
 * Moments to which the clock goes, forward and back. In New York the fourth is the beginning of the
 * 31st day after the first; between them clocks go back, and days begin at another hour of UTC.
 */
export const moments = [
  at('2026-10-12T15:00:00Z'),
  at('2026-11-01T03:59:59.999Z'),
  at('2026-11-01T06:00:00Z'),
  at('2026-11-11T05:00:00Z'),
  at('2026-12-20T00:00:00Z'),
] as const;
