import { useEffect, useState } from 'react';
import { briefSpan, dayAndHour, fullMoment, offsetOf, spanWords } from './time.ts';

/** The reader's own zone, as the browser tells it. */
export function localZone(): string {
  own ??= new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return own;
}

let own: string | null = null;

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

interface AgoProps extends MomentProps {
  /** One unit instead of two, for columns. */
  readonly brief?: boolean;
}

/** How long ago or how far off, in words; the moment itself on hover and for a screen reader. */
export function Ago({ at, brief = false }: AgoProps) {
  const away = Date.parse(at) - useNow(30_000);
  const now = Math.abs(away) < 60_000;
  const words = brief ? briefSpan(away) : spanWords(away);
  return (
    <time dateTime={at} title={fullMoment(at, localZone())}>
      {now ? 'just now' : away > 0 ? `in ${words}` : `${words} ago`}
    </time>
  );
}

/** A moment with its zone, and how long ago or how far off that is. */
export function Time({ at }: MomentProps) {
  return (
    <span className="num">
      <Moment at={at} />{' '}
      <span className="faint">
        (<Ago at={at} />)
      </span>
    </span>
  );
}
