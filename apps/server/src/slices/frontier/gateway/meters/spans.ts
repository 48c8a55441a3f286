import { type Instant, later, toInstant } from '@breakwater/kernel';
import { type MeterSpan, meterSpans } from './model.ts';

/** From when each span counts that a request falls into. */
export type Froms = Readonly<Record<MeterSpan, Instant>>;

/** Of what has no beginning: the life of a key, and what is under way. */
export const always = '1970-01-01T00:00:00.000Z' as Instant; // is one

const lengthMs = { minute: 60_000, day: 86_400_000 } as const;

/** The spans of UTC in which an instant is. */
export function fromsAt(at: Instant): Froms {
  // Every instant has this very form, so that its text is its order too.
  const minute = `${at.slice(0, 16)}:00.000Z` as Instant;
  const day = `${at.slice(0, 10)}T00:00:00.000Z` as Instant;
  return { minute, day, grant: always, now: always };
}

/** The later one of each: a span that was left is not entered again, whatever a clock says. */
export function laterOf(a: Froms, b: Froms): Froms {
  return {
    minute: later(a.minute, b.minute),
    day: later(a.day, b.day),
    grant: always,
    now: always,
  };
}

/** First instant after a span; null: it has no end. */
export function endOf(span: MeterSpan, from: Instant): Instant | null {
  if (span === 'grant' || span === 'now') return null;
  return toInstant(new Date(Date.parse(from) + lengthMs[span]));
}

/** What names a span of time among those of a key. */
export function spanId(span: MeterSpan, from: Instant): string {
  return `${span} ${from}`;
}

/** Each of the four spans with its beginning. */
export function spansOf(froms: Froms): readonly { readonly span: MeterSpan; from: Instant }[] {
  return meterSpans.map((span) => ({ span, from: froms[span] }));
}
