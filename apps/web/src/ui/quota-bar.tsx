import type { ReactNode } from 'react';

interface QuotaBarProps {
  /** What is counted: `Output tokens`. */
  readonly title: string;
  readonly used: number;
  /** Set aside for what is under way or comes next; given back as far as it is not used. */
  readonly held: number;
  readonly limit: number;
  readonly left: number;
  readonly words: (value: number) => string;
  /** When there is more again; null: never. */
  readonly more: ReactNode;
}

/** What of a limit is used, what is set aside, and what is left: the figure first, then the bar. */
export function QuotaBar({ title, used, held, limit, left, words, more }: QuotaBarProps) {
  const taken = shareOf(used, limit);
  const aside = Math.min(1 - taken, shareOf(held, limit));
  return (
    <div className="quota">
      <h4>{title}</h4>
      <p className={left === 0 ? 'quota-left late' : 'quota-left'}>
        <strong className="num">{words(left)}</strong> left of{' '}
        <span className="num">{words(limit)}</span>
      </p>
      <svg className="quota-bar" aria-hidden="true">
        <rect className="quota-all" width="100%" height="100%" rx="3" />
        <rect className="quota-used" width={percent(taken)} height="100%" rx="3" />
        <rect className="quota-held" x={percent(taken)} width={percent(aside)} height="100%" />
      </svg>
      <p className="small soft">
        {words(used)} used{held === 0 ? '' : `, ${words(held)} set aside`}. {more}
      </p>
    </div>
  );
}

/** Of nothing all is used. */
function shareOf(value: number, limit: number): number {
  return limit <= 0 ? 1 : Math.min(1, Math.max(0, value / limit));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
