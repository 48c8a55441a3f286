import { useEffect, useState } from 'react';
import { dayAndHour, fullMoment, offsetOf } from './time.ts';

/** The reader's own zone, as the browser tells it. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

interface MomentProps {
  readonly at: string;
}

/** A moment in the reader's own time with its offset; the zone's name on hover. */
export function Moment({ at }: MomentProps) {
  const zone = localZone();
  return (
    <time dateTime={at} title={`${fullMoment(at, zone)} · ${at}`}>
      {dayAndHour(at, zone)} {offsetOf(at, zone)}
    </time>
  );
}

/** The present, renewed every `everyMs`; for clocks that a person watches. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
