interface AgainstThresholdProps {
  /** What the figure is of: `Share of tasks solved`. */
  readonly title: string;
  /** The interval and the estimate in it. */
  readonly low: number;
  readonly high: number;
  readonly estimate: number;
  /** The line that was drawn before; null: the reader is not told where. */
  readonly threshold: number | null;
  /** What stands at both ends of the line. */
  readonly from: number;
  readonly to: number;
  /** `0.6` as people read it: `60 %`, `2 hours`. */
  readonly words: (value: number) => string;
  /** Of times a doubling is a step; nothing here may then be 0. */
  readonly scale?: 'linear' | 'log';
  /** How sure the interval is: `95 %`. */
  readonly level: string;
}

/**
 * An interval against a threshold that was drawn before: the bar, and the line that it lies above,
 * below or across. The estimate is a notch in the bar and never stands without it.
 */
export function AgainstThreshold(props: AgainstThresholdProps) {
  const { title, low, high, estimate, threshold, from, to, words, level } = props;
  const share = (value: number) => shareOf(value, props);
  const x = (value: number) => `${(edge + share(value) * (100 - 2 * edge)).toFixed(2)}%`;
  return (
    <figure className="against">
      <svg
        role="img"
        aria-label={`${title}: ${level} interval from ${words(low)} to ${words(high)}, estimate ${words(estimate)}${threshold === null ? '' : `; threshold ${words(threshold)}`}`}
      >
        {threshold === null ? null : (
          <rect
            className="against-above"
            x={x(threshold)}
            y="22"
            width={`${((1 - share(threshold)) * (100 - 2 * edge)).toFixed(2)}%`}
            height="50"
          />
        )}
        <line className="against-axis" x1={x(from)} x2={x(to)} y1="72" y2="72" />
        <text className="against-end" x={x(from)} y="88">
          {words(from)}
        </text>
        <text className="against-end" x={x(to)} y="88" textAnchor="end">
          {words(to)}
        </text>
        <line className="against-range" x1={x(low)} x2={x(high)} y1="42" y2="42" />
        {[low, high].map((value, at) => (
          <line
            key={at === 0 ? 'low' : 'high'}
            className="against-cap"
            x1={x(value)}
            x2={x(value)}
            y1="34"
            y2="50"
          />
        ))}
        <line className="against-notch" x1={x(estimate)} x2={x(estimate)} y1="37" y2="47" />
        <text className="against-said" x={x(low)} y="65" textAnchor={lowAnchor(share(low))}>
          {words(low)}
        </text>
        <text className="against-said" x={x(high)} y="65" textAnchor={highAnchor(share(high))}>
          {words(high)}
        </text>
        {threshold === null ? null : (
          <>
            <line className="against-line" x1={x(threshold)} x2={x(threshold)} y1="18" y2="76" />
            <text
              className="against-name"
              x={x(threshold)}
              y="12"
              textAnchor={middle(share(threshold))}
            >
              Threshold {words(threshold)}
            </text>
          </>
        )}
      </svg>
    </figure>
  );
}

/** Room left and right, in percent of the width. */
const edge = 1;
/** Nearer to an end than this a word would leave the picture. */
const near = 0.14;

/** Where a value stands between both ends; what lies beyond stands at the end. */
function shareOf(value: number, { from, to, scale = 'linear' }: AgainstThresholdProps): number {
  const at = scale === 'log' ? Math.log : (plain: number) => plain;
  const share = (at(value) - at(from)) / (at(to) - at(from));
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

function lowAnchor(share: number): 'start' | 'end' {
  return share < near ? 'start' : 'end';
}

function highAnchor(share: number): 'start' | 'end' {
  return share > 1 - near ? 'end' : 'start';
}

function middle(share: number): 'start' | 'middle' | 'end' {
  if (share < near) return 'start';
  return share > 1 - near ? 'end' : 'middle';
}
