export interface Mark {
  readonly key: string;
  readonly shape: 'full' | 'half' | 'open' | 'cross';
  /** What happened, in words: hover and screen reader. */
  readonly words: string;
}

interface MarksProps {
  readonly marks: readonly Mark[];
  /** Whether a full mark is what should not have happened here. */
  readonly alarming: boolean;
}

/** A row of small marks, one per run. Shape carries the meaning; color repeats it. */
export function Marks({ marks, alarming }: MarksProps) {
  return (
    <ol className={alarming ? 'marks marks-alarming' : 'marks'}>
      {marks.map((mark) => (
        <li key={mark.key} className={`mark mark-${mark.shape}`} title={mark.words}>
          <span className="unseen">{mark.words}</span>
        </li>
      ))}
    </ol>
  );
}

interface IntervalProps {
  /** Fractions from 0 to 1. */
  readonly low: number;
  readonly high: number;
  readonly point: number;
}

/** An estimate on a line from 0 to 100 %, with its interval. */
export function Interval({ low, high, point }: IntervalProps) {
  const x = (fraction: number): number => 4 + fraction * 192;
  const percent = (fraction: number): string => `${Math.round(fraction * 100)} %`;
  return (
    <svg
      className="interval"
      viewBox="0 0 200 28"
      role="img"
      aria-label={`${percent(point)}; 95 % interval from ${percent(low)} to ${percent(high)}`}
    >
      <line x1={x(0)} x2={x(1)} y1="10" y2="10" className="interval-axis" />
      <line x1={x(low)} x2={x(high)} y1="10" y2="10" className="interval-range" />
      <circle cx={x(point)} cy="10" r="4" className="interval-point" />
      <text x={x(0)} y="26">
        0
      </text>
      <text x={x(1)} y="26" textAnchor="end">
        100 %
      </text>
    </svg>
  );
}
