interface PagerProps {
  /** What is counted, such as "events". */
  readonly what: string;
  readonly from: number;
  readonly shown: number;
  readonly total: number;
  /** How many a page has. */
  readonly step: number;
  readonly hrefOf: (from: number) => string;
}

/** Where in a long list one is, and the ways to the other pages of it. */
export function Pager({ what, from, shown, total, step, hrefOf }: PagerProps) {
  if (from === 0 && shown >= total) return null;
  const said = (count: number) => count.toLocaleString('en-US');
  const last = Math.max(0, Math.floor((total - 1) / step) * step);
  const ways = [
    ['First', 0, from > 0],
    ['Previous', Math.max(0, from - step), from > 0],
    ['Next', from + shown, from + shown < total],
    ['Last', last, from + shown < total],
  ] as const;
  return (
    <nav className="pager" aria-label={`Pages of ${what}`}>
      <span className="num">
        {said(from + 1)} to {said(from + shown)} of {said(total)} {what}
      </span>
      <span className="buttons">
        {ways.map(([words, to, isThere]) =>
          isThere ? (
            <a key={words} className="button" href={hrefOf(to)}>
              {words}
            </a>
          ) : (
            <span key={words} className="button pager-end" aria-hidden="true">
              {words}
            </span>
          ),
        )}
      </span>
    </nav>
  );
}
