import type { Authorization } from '@breakwater/contract';
import { toInstant } from '@breakwater/kernel';
import { neverUntil, nextNever } from '@breakwater/scope';
import { Moment, useNow } from '../../ui/moment.tsx';
import { dayAndHour, offsetOf } from '../../ui/time.ts';
import { hoursWords } from './quiet-words.ts';
import { daysWords } from './words.ts';

interface NeverProps {
  readonly never: Authorization['never'];
}

/** When nothing runs, on the clocks it was set on, and whether it is such a time now. */
export function NeverShown({ never }: NeverProps) {
  const { zone, weekly, once } = never;
  const now = toInstant(new Date(useNow(30_000)));
  if (weekly.length + once.length === 0) {
    return <p className="small soft">At any hour: no never-time is set.</p>;
  }
  const until = neverUntil(never, now);
  const next = until === null ? nextNever(never, now) : null;
  return (
    <div className="never">
      <p className="small">
        <strong>Never</strong>, on the clocks of {zone.replaceAll('_', ' ')} ({offsetOf(now, zone)}{' '}
        now):
      </p>
      <ul className="small never-list">
        {weekly.map((time) => (
          <li key={JSON.stringify(time)}>
            {daysWords(time.days)} {hoursWords(time.from, time.until)}
          </li>
        ))}
        {once.map((span) => (
          <li key={span.from}>
            {dayAndHour(span.from, zone)} to {dayAndHour(span.until, zone)}
          </li>
        ))}
      </ul>
      {until === null ? null : (
        <p className="small never-now" role="status">
          <strong>Held now.</strong> Nothing may run until <Moment at={until} />.
        </p>
      )}
      {next === null ? null : (
        <p className="small soft">
          The next begins <Moment at={next} />.
        </p>
      )}
    </div>
  );
}
