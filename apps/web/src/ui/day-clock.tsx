import { useId } from 'react';
import { ClockHours } from './clock.tsx';
import { useNow } from './moment.tsx';
import { spanWords } from './time.ts';

interface DayClockProps {
  readonly title: string;
  /** Days that ended windows have used, and those of the one that is open, today among them. */
  readonly before: number;
  readonly now: number;
  /** Days that may come before it ends. */
  readonly ahead: number;
  readonly of: number;
  /** When the open one ends; null: none is open. */
  readonly ends: string | null;
  /** The zone whose days are counted. */
  readonly zone: string;
}

/**
 * Days as squares, so that what is used and what is left is seen at once; then what is left to the
 * minute, and the hour of the end on the clocks of its zone and on the reader's own.
 */
export function DayClock(props: DayClockProps) {
  const { title, before, now, ahead, of, ends, zone } = props;
  const id = useId();
  const clock = useNow(20_000);
  const left = ends === null ? 0 : Date.parse(ends) - clock;
  const used = before + now;
  const squares = Array.from({ length: of }, (_, at) => at);
  return (
    <section className="day-clock" aria-labelledby={id}>
      <h3 id={id} className="rail-title">
        {title}
      </h3>
      <p className="clock-left num">
        {used} of {of} days used
      </p>
      <ol className="day-squares" aria-hidden="true">
        {squares.map((square) => (
          <li key={square} className={`day-${kindOf(square, props)}`} />
        ))}
      </ol>
      <p className="small soft">{daysWords({ before, now, ahead, of })}</p>
      {ends === null ? null : (
        <>
          <p className="num">
            {left > 0 ? (
              <>
                <strong>{spanWords(left)}</strong> left
              </>
            ) : (
              'It has ended.'
            )}
          </p>
          <ClockHours at={ends} zone={zone} />
        </>
      )}
    </section>
  );
}

type Days = Pick<DayClockProps, 'before' | 'now' | 'ahead' | 'of'>;

function kindOf(at: number, { before, now, ahead }: Days): 'before' | 'now' | 'ahead' | 'free' {
  if (at < before) return 'before';
  if (at < before + now) return 'now';
  return at < before + now + ahead ? 'ahead' : 'free';
}

/** What the squares say, in words. */
function daysWords({ before, now, ahead, of }: Days): string {
  const rest = Math.max(0, of - before - now - ahead);
  const parts = [
    ...(before === 0 ? [] : [`${before} by windows that ended`]),
    ...(now === 0 ? [] : [`${now} by this one, today among them`]),
    ...(ahead === 0 ? [] : [`${ahead} more at most until it ends`]),
    ...(rest === 0 ? [] : [`${rest} not touched`]),
  ];
  return `${parts.join(', ')}.`;
}
