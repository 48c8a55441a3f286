import type { CaseFilter, Funnel as Counts } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { stageWords } from './stage-path.ts';
import { dueWords, waitWords } from './words.ts';

interface FunnelProps {
  readonly counts: Counts;
}

/** How many cases stand where: each count is the way to the cases it counts. */
export function Funnel({ counts }: FunnelProps) {
  const most = Math.max(1, ...counts.stages.map(({ count }) => count));
  const way = counts.stages.filter(({ stage }) => stage !== 'merged');
  const merged = counts.stages.find(({ stage }) => stage === 'merged');
  return (
    <section aria-labelledby="funnel-title">
      <h2 id="funnel-title" className="unseen">
        Cases by stage
      </h2>
      <ol className="funnel">
        {way.map(({ stage, count, list }) => (
          <li key={stage}>
            <a href={hrefOf(list)} className="funnel-step">
              <Level share={count / most} />
              <span className="figure num">{count.toLocaleString('en-US')}</span>
              <span className="small">{stageWords(stage)}</span>
            </a>
          </li>
        ))}
      </ol>
      {merged === undefined || merged.count === 0 ? null : (
        <p className="small soft funnel-beside">
          <a href={hrefOf(merged.list)}>{merged.count.toLocaleString('en-US')} merged</a> into other
          cases; they count there.
        </p>
      )}
    </section>
  );
}

/** How full a stage is beside the fullest. */
function Level({ share }: { readonly share: number }) {
  const height = share === 0 ? 0 : Math.max(2, share * 100);
  return (
    <svg
      className="funnel-level"
      viewBox="0 0 100 40"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect x="0" y={100 - height} width="100" height={height} />
    </svg>
  );
}

/** Whose turn it is, and what should have happened by now. */
export function Turns({ counts }: FunnelProps) {
  const { waiting, overdue } = counts;
  return (
    <div className="turns">
      <section aria-labelledby="waiting-title">
        <h2 id="waiting-title">Waits for</h2>
        <ul className="turn-list">
          {waiting.map(({ for: whom, count, list }) => (
            <li key={whom}>
              <a href={hrefOf(list)}>
                <span>{waitWords[whom]}</span>
                <span className="num turn-count">{count.toLocaleString('en-US')}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="overdue-title">
        <h2 id="overdue-title">Overdue</h2>
        {overdue.count === 0 ? (
          <p className="soft small">Nothing is overdue.</p>
        ) : (
          <ul className="turn-list turn-late">
            <li>
              <a href={hrefOf(overdue.list)}>
                <span>All that is overdue</span>
                <span className="num turn-count">{overdue.count.toLocaleString('en-US')}</span>
              </a>
            </li>
            {overdue.byReason
              .filter(({ count }) => count > 0)
              .map(({ because, count }) => (
                <li key={because} className="turn-part">
                  <span>{dueWords[because]}</span>
                  <span className="num turn-count">{count.toLocaleString('en-US')}</span>
                </li>
              ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function hrefOf(list: CaseFilter): string {
  return pathOf('cases', list);
}
