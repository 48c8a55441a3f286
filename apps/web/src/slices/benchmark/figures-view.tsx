import {
  type BenchmarkReport,
  type ReportSection,
  reportCharts,
  reportSections,
} from '@breakwater/benchmark/report';
import { ok } from '@breakwater/kernel';
import { Facts } from '../../ui/facts.tsx';
import { Empty, Loading, Note } from '../../ui/note.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { DrawnChart } from './drawn.tsx';
import { problemOf } from './open-place.tsx';
import { type Gathered, gatherRuns, type Opened, useOpenFiles } from './opened.ts';
import { useRead } from './use-read.ts';

interface Figures {
  readonly report: BenchmarkReport | null;
  readonly leftOut: Gathered['leftOut'];
}

/** What all opened logs and tables show together. */
export function FiguresView() {
  const { opened } = useOpenFiles();
  const key = opened.map(({ name, size }) => `${name} ${size}`).join('\n');
  const read = useRead(async () => ok(await figuresOf(opened)), key);
  if (opened.length === 0) {
    return (
      <Empty>
        Open logs of several models, or a table of runs, to see them side by side: accuracy, score
        against budget, time horizon and item map.
      </Empty>
    );
  }
  if (read.state === 'loading') return <Loading what="the figures" />;
  if (read.state === 'refused') {
    return <ProblemNote problem={problemOf('The figures cannot be had', read.refusal)} />;
  }
  const { report, leftOut } = read.value;
  return (
    <>
      {leftOut.length === 0 ? null : (
        <Note tone="warn" title="Not everything could be counted">
          {leftOut.map(({ name, words }) => (
            <p key={name} className="small">
              <code>{name}</code>: {words}
            </p>
          ))}
        </Note>
      )}
      {report === null ? (
        <Empty>Nothing that is open has a score from 0 to 1.</Empty>
      ) : (
        <Report report={report} />
      )}
    </>
  );
}

async function figuresOf(opened: readonly Opened[]): Promise<Figures> {
  const { table, leftOut } = await gatherRuns(opened);
  if (table.runs.length === 0) return { report: null, leftOut };
  return { report: await inWorker(table), leftOut };
}

/** The report on a table, made beside the page. */
function inWorker(table: Gathered['table']): Promise<BenchmarkReport> {
  const worker = new Worker(new URL('./figures-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<BenchmarkReport>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<BenchmarkReport>) => resolve(data));
    worker.addEventListener('error', ({ message }) => reject(new Error(message)));
    worker.postMessage(table);
  }).finally(() => worker.terminate());
}

function Report({ report }: { readonly report: BenchmarkReport }) {
  return (
    <div className="report">
      {reportCharts(report).map(({ key, title, says, at }) => (
        <section key={key} aria-labelledby={`chart-${key}`} className="report-part">
          <h2 id={`chart-${key}`}>{title}</h2>
          <p className="small soft">{says}</p>
          <DrawnChart at={at} />
        </section>
      ))}
      {reportSections(report).map((section) => (
        <Words key={section.title} {...section} />
      ))}
    </div>
  );
}

function Words({ title, lines }: ReportSection) {
  return (
    <section className="report-part report-words">
      <h2>{title}</h2>
      <Facts items={lines.map(([label, words]) => [label, words])} />
    </section>
  );
}
