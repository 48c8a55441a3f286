import { useId } from 'react';
import type { Tone } from './badge.tsx';
import { localZone, useNow } from './moment.tsx';
import { dayAndHour, offsetOf, spanWords } from './time.ts';

interface ClockProps {
  readonly title: string;
  /** The hour it counts to, and the IANA zone the hour was set in. */
  readonly at: string;
  readonly zone: string;
  /** What is said once the hour has come. */
  readonly over: string;
}

/**
 * A clock nobody can misread: what is left in words, the hour in the zone it was set in, and the
 * same hour in the reader's own, each with its offset. To the minute; nothing ticks.
 */
export function Clock({ title, at, zone, over }: ClockProps) {
  const id = useId();
  const left = Date.parse(at) - useNow(20_000);
  const tone: Tone = left <= 0 ? 'fired' : left < 86_400_000 ? 'warn' : 'sea';
  return (
    <section className={`clock tone-${tone}`} aria-labelledby={id}>
      <h2 id={id} className="rail-title">
        {title}
      </h2>
      <p className="clock-left num">{left > 0 ? `${spanWords(left)} left` : over}</p>
      <ClockHours at={at} zone={zone} />
    </section>
  );
}

/** The hour it ends on the clocks of its zone, and on the reader's own where they differ. */
export function ClockHours({ at, zone }: Pick<ClockProps, 'at' | 'zone'>) {
  const own = localZone();
  return (
    <dl className="clock-hours">
      <Hour label="Ends" at={at} zone={zone} />
      {offsetOf(at, zone) === offsetOf(at, own) ? null : (
        <Hour label="For you" at={at} zone={own} />
      )}
    </dl>
  );
}

interface HourProps {
  readonly label: string;
  readonly at: string;
  readonly zone: string;
}

function Hour({ label, at, zone }: HourProps) {
  const [day, hour] = dayAndHour(at, zone).split(', ');
  return (
    <div>
      <dt>{label}</dt>
      <dd className="num">
        <strong>{hour}</strong> {day}
        <span className="clock-zone">
          {zone.replaceAll('_', ' ')}, {offsetOf(at, zone)}
        </span>
      </dd>
    </div>
  );
}
