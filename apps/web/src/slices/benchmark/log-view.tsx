import type { LogPage, SampleSummary } from '@breakwater/formats/eval-log';
import { parseId } from '@breakwater/kernel';
import { Badge } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Empty, Loading } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { problemOf } from './open-place.tsx';
import { type Opened, useOpenFiles } from './opened.ts';
import { Pager } from './pager.tsx';
import { addressOf, type Place } from './place.ts';
import { RunOpener } from './run-opener.tsx';
import { SampleView } from './sample-view.tsx';
import { plainOf } from './transcript.ts';
import { useRead } from './use-read.ts';

type OpenLog = Extract<Opened, { kind: 'log' }>;

/** The log that the address names, or the first: its samples, or one of them. */
export function LogView({ place }: { readonly place: Place }) {
  const { opened } = useOpenFiles();
  const logs = opened.filter((each) => each.kind === 'log');
  const found = logs.find(({ name }) => name === place.log) ?? (place.log === '' ? logs[0] : null);
  if (found === undefined || found === null) return <Missing place={place} />;
  const here = { ...place, log: found.name };
  return place.sample === '' ? (
    <Samples opened={found} place={here} />
  ) : (
    <SampleView key={`${place.sample} ${place.epoch}`} log={found.log} place={here} />
  );
}

function Missing({ place }: { readonly place: Place }) {
  if (place.log === '')
    return <Empty>Open a log to see its samples and read their transcripts.</Empty>;
  // A run of this server is named by its id, which no file is called by.
  const run = parseId('run', place.log);
  if (run !== null) return <RunOpener run={run} />;
  return (
    <Empty>
      This link leads into <code>{place.log}</code>
      {place.sample === '' ? '' : `, sample ${place.sample}`}. Open that file to go there.
    </Empty>
  );
}

const pageSamples = 100;

function Samples({ opened, place }: { readonly opened: OpenLog; readonly place: Place }) {
  const { log, name, tookMs } = opened;
  const { header, status } = log;
  const page = useRead(
    () => log.summaries({ from: place.from, limit: pageSamples }),
    `${name} ${place.from}`,
  );
  const figures = (header.results?.scores ?? []).flatMap(({ name: score, metrics }) =>
    Object.values(metrics).map((metric) => `${score} ${metric.name} ${short(metric.value)}`),
  );
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title" className="log-title">
        {header.eval.task}
      </h2>
      <Facts
        items={[
          [
            'Model',
            <span key="model" className="mono">
              {header.eval.model}
            </span>,
          ],
          ['Begun', header.eval.created],
          [
            'Status',
            <Badge key="status" tone={statusTones[status]}>
              {status}
            </Badge>,
          ],
          ['Figures', figures.length === 0 ? 'none in this log' : figures.join('; ')],
          ['Opened', `in ${(tookMs / 1000).toFixed(2)} s`],
        ]}
      />
      {page.state === 'loading' ? <Loading what="the samples" /> : null}
      {page.state === 'refused' ? (
        <ProblemNote problem={problemOf('The samples cannot be read', page.refusal)} />
      ) : null}
      {page.state === 'ready' ? <SampleTable page={page.value} place={place} /> : null}
    </section>
  );
}

const statusTones = {
  success: 'held',
  started: 'sea',
  cancelled: 'warn',
  error: 'fired',
} as const;

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

interface Row {
  readonly summary: SampleSummary;
  readonly href: string;
}

const columns: readonly Column<Row>[] = [
  {
    key: 'sample',
    head: 'Sample',
    cell: ({ summary, href }) => (
      <>
        <a href={href}>{String(summary.id)}</a>
        <span className="faint small sample-input">{inputOf(summary)}</span>
      </>
    ),
  },
  { key: 'epoch', head: 'Epoch', figure: true, cell: ({ summary }) => summary.epoch },
  { key: 'score', head: 'Score', cell: ({ summary }) => scoreWords(summary) },
  {
    key: 'tokens',
    head: 'Tokens',
    figure: true,
    cell: ({ summary }) => tokensOf(summary['model_usage']) ?? <span className="unset">–</span>,
  },
  {
    key: 'messages',
    head: 'Messages',
    figure: true,
    cell: ({ summary }) => plainOf(summary['message_count']) || <span className="unset">–</span>,
  },
  { key: 'end', head: 'Ended', cell: ({ summary }) => endWords(summary) },
];

function SampleTable({ page, place }: { page: LogPage<SampleSummary>; place: Place }) {
  const rows = page.items.map((summary): Row => {
    const at = {
      sample: String(summary.id),
      epoch: summary.epoch,
      list: 'messages',
      at: 0,
    } as const;
    return { summary, href: addressOf(place, at) };
  });
  if (rows.length === 0) return <Empty>This log has no samples yet.</Empty>;
  return (
    <>
      <Table
        caption="Samples of the log"
        columns={columns}
        rows={rows}
        keyOf={({ href }) => href}
      />
      <Pager
        what="samples"
        from={page.from}
        shown={page.items.length}
        total={page.total}
        step={pageSamples}
        hrefOf={(from) => addressOf(place, { from })}
      />
    </>
  );
}

function inputOf({ input }: SampleSummary): string {
  const text = typeof input === 'string' ? input : '';
  return text.length > 140 ? `${text.slice(0, 140)}…` : text;
}

function scoreWords({ scores }: SampleSummary): string {
  const all = Object.entries(scores ?? {});
  if (all.length === 0) return 'none';
  if (all.length === 1) return plainOf(all[0]?.[1].value);
  return all.map(([name, { value }]) => `${name} ${plainOf(value)}`).join(', ');
}

function tokensOf(usage: unknown): string | null {
  if (typeof usage !== 'object' || usage === null) return null;
  let sum = 0;
  for (const each of Object.values(usage)) {
    const total: unknown = each?.total_tokens;
    if (typeof total === 'number') sum += total;
  }
  return sum.toLocaleString('en-US');
}

function endWords({ error, limit }: SampleSummary) {
  if (error !== undefined && error !== null) return <Badge tone="fired">error</Badge>;
  if (limit !== undefined && limit !== null) {
    return <Badge tone="warn">{`limit: ${plainOf(limit)}`}</Badge>;
  }
  return 'by itself';
}
