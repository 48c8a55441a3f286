import type { Run } from '@breakwater/contract';
import { progressWords } from './words.ts';

interface RunProgressProps {
  readonly progress: NonNullable<Run['progress']>;
  /** Figures alone, for a column. */
  readonly brief?: boolean;
}

/** How far a run is, as its worker told: a bar where it was told how many there will be. */
export function RunProgress({ progress, brief = false }: RunProgressProps) {
  const { planned, samples } = progress;
  const words = progressWords(progress);
  if (planned === null && samples === 0) return <span className="faint">not told</span>;
  return (
    <span className="run-progress">
      {planned === null ? null : (
        <progress max={planned} value={Math.min(samples, planned)} aria-label={words} />
      )}
      <span className="num small">
        {brief ? `${samples.toLocaleString('en-US')}${ofPlanned(planned)}` : words}
      </span>
    </span>
  );
}

function ofPlanned(planned: number | null): string {
  return planned === null ? '' : ` of ${planned.toLocaleString('en-US')}`;
}
