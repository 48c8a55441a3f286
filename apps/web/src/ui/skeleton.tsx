interface SkeletonProps {
  /** What is on its way, for a screen reader. */
  readonly what: string;
  readonly lines?: number;
}

/** Room kept for what is on its way, so that nothing jumps when it comes. */
export function Skeleton({ what, lines = 3 }: SkeletonProps) {
  return (
    <div className="skeleton" role="status">
      <span className="unseen">Loading {what}…</span>
      {Array.from({ length: lines }, (_, at) => `line ${at}`).map((line) => (
        <span key={line} className="skeleton-line" aria-hidden="true" />
      ))}
    </div>
  );
}
