import { epochsWords, percent } from '@breakwater/benchmark/report';
import type { Client, RunSample, SuiteItem } from '@breakwater/contract';
import { runs as contract, suites } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { Difference } from '@breakwater/statistics';
import { useQuery } from '@tanstack/react-query';
import { pathTo } from '../../app/paths.ts';
import { Facts } from '../../ui/facts.tsx';
import { Empty, Loading } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { problemOf, useLoad, useServer } from '../session/server.ts';
import { RunFiguresShown } from './run-figures.tsx';
import { differenceOf, meanScore, type Pair, pairsOf } from './side-by-side.ts';
import { type ListedRun, scoreWords, shortCommitment } from './words.ts';

interface ComparedRunsProps {
  readonly suite: Id<'suite'>;
  readonly runs: readonly [ListedRun, ListedRun];
}

/** Two runs: their figures, how they differ at the same items, and each item. */
export function ComparedRuns({ suite, runs: [a, b] }: ComparedRunsProps) {
  const client = useServer();
  const { data, error, refetch } = useQuery({
    queryKey: ['side-by-side', a.id, b.id],
    queryFn: async () => {
      const [first, second, items] = await Promise.all([
        allSamples(client, a.id),
        allSamples(client, b.id),
        allItems(client, suite),
      ]);
      const clusters = new Map(items.all.map(({ id, cluster }) => [String(id), cluster] as const));
      const isCut = first.isCut || second.isCut || items.isCut;
      return { pairs: pairsOf(first.all, second.all), clusters, isCut };
    },
  });
  if (error !== null) {
    return <ProblemNote problem={problemOf(error)} retry={() => void refetch()} />;
  }
  if (data === undefined) return <Loading what="both runs" />;
  const { pairs, clusters, isCut } = data;
  return (
    <>
      <div className="side-by-side">
        {[a, b].map((run) => (
          <RunColumn key={run.id} run={run} />
        ))}
      </div>
      <Section
        id="difference"
        title="Difference"
        lede="The first less the second, paired by item: two intervals that overlap say nothing of it."
      >
        {isCut ? (
          <Empty>
            There are more than {samplesMax} samples; this page compares no part of them.
          </Empty>
        ) : (
          <Facts
            items={[
              ['All samples', differenceWords(differenceOf(pairs, clusters, 'all'))],
              ['Without invalid', differenceWords(differenceOf(pairs, clusters, 'valid'))],
            ]}
          />
        )}
      </Section>
      <Section
        id="each"
        title="Item by item"
        lede="The mean score over epochs, then each epoch, which leads to its sample."
      >
        {pairs.length === 0 ? (
          <Empty>There is no item whose results you may see in both.</Empty>
        ) : (
          <Table
            caption="Item by item"
            columns={columnsOf(`One: ${nameOf(a)}`, `The other: ${nameOf(b)}`)}
            rows={pairs}
            keyOf={({ item }) => item}
          />
        )}
      </Section>
    </>
  );
}

function RunColumn({ run }: { readonly run: ListedRun }) {
  const { loaded } = useLoad(contract.run, { params: { run: run.id } });
  const figures = loaded.state === 'ready' ? loaded.data.figures : null;
  return (
    <div>
      <h2 className="few-title">
        <a href={pathTo('run', { run: run.id })}>
          <code>{nameOf(run)}</code>
        </a>
      </h2>
      {figures === null ? null : <RunFiguresShown figures={figures} />}
    </div>
  );
}

function nameOf({ model }: ListedRun): string {
  return model ?? 'erased';
}

function columnsOf(first: string, second: string): readonly Column<Pair>[] {
  return [
    {
      key: 'item',
      head: 'Item',
      cell: ({ item, commitment }) => (
        <a href={pathTo('item', { item })}>
          <code>{shortCommitment(commitment)}</code>
        </a>
      ),
    },
    { key: 'first', head: first, cell: (pair) => <Scores samples={pair.first} /> },
    { key: 'second', head: second, cell: (pair) => <Scores samples={pair.second} /> },
  ];
}

/** The mean, and each epoch as a link to its sample. */
function Scores({ samples }: { readonly samples: readonly RunSample[] }) {
  return (
    <span className="num">
      <strong>{scoreWords(meanScore(samples))}</strong>{' '}
      <span className="small">
        {samples.map(({ id, epoch, score, review }) => (
          <a
            key={id}
            className="epoch-score"
            href={pathTo('sample', { sample: id })}
            title={`Epoch ${epoch}`}
          >
            {scoreWords(score)}
            {review === 'invalid' ? ' invalid' : ''}
            <span className="unseen">, epoch {epoch}</span>
          </a>
        ))}
      </span>
    </span>
  );
}

function differenceWords(difference: Difference | null): string {
  if (difference === null) return 'none: it takes two items that both were scored at';
  const { value, interval, n, epochs, method } = difference;
  const said = (share: number) => `${signOf(share)}${percent(Math.abs(share))}`;
  const range = `${said(interval.low)} to ${said(interval.high)}`;
  return `${said(value)} (${range}, ${percent(interval.level)}), ${n} items, epochs ${epochsWords(epochs)}; ${method}`;
}

function signOf(share: number): string {
  if (share === 0) return '';
  return share > 0 ? '+' : '−';
}

const samplesMax = 5_000;
const pageMax = 200;

interface All<T> {
  readonly all: readonly T[];
  /** There were more than are read. */
  readonly isCut: boolean;
}

async function allOf<T>(
  read: (after: string | undefined) => Promise<{ items: T[]; next: string | null }>,
): Promise<All<T>> {
  const all: T[] = [];
  for (let after: string | undefined; all.length < samplesMax; ) {
    const page = await read(after);
    all.push(...page.items);
    if (page.next === null) return { all, isCut: false };
    after = page.next;
  }
  return { all, isCut: true };
}

function allSamples(client: Client, run: Id<'run'>): Promise<All<RunSample>> {
  return allOf((after) =>
    client.call(contract.samples, {
      params: { run },
      query: { limit: pageMax, ...(after === undefined ? {} : { after }) },
    }),
  );
}

function allItems(client: Client, suite: Id<'suite'>): Promise<All<SuiteItem>> {
  return allOf((after) =>
    client.call(suites.items, {
      params: { suite },
      query: { limit: pageMax, ...(after === undefined ? {} : { after }) },
    }),
  );
}
