import type { Run, Suite } from '@breakwater/contract';
import { runs, suites } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import { type Pages, usePages } from '../session/server.ts';
import { openRunLog } from './opened.ts';
import { addressOf, placeOf } from './place.ts';

type RunRow = Omit<Run, 'figures'>;

/** The suites and runs on this server that its reader may know of; both follow what happens. */
export function RunsView() {
  const sealed = usePages([suites.suites.id], (client, after) =>
    client.call(suites.suites, { query: after === undefined ? {} : { after } }),
  );
  const under = usePages([runs.runs.id], (client, after) =>
    client.call(runs.runs, { query: after === undefined ? {} : { after } }),
  );
  return (
    <>
      <Section
        id="suites"
        title="Suites"
        lede="Sealed sets of tasks. The commitment stands in the log of this server since the day it was sealed."
      >
        <List
          pages={sealed}
          what="Suites"
          columns={suiteColumns}
          none="You know of no suite yet."
        />
      </Section>
      <Section id="runs" title="Runs" lede="Models at tasks, the newest first.">
        <List pages={under} what="Runs" columns={runColumns} none="You know of no run yet." />
      </Section>
    </>
  );
}

interface ListProps<Row> {
  readonly pages: Pages<Row>;
  readonly what: string;
  readonly columns: readonly Column<Row>[];
  readonly none: string;
}

function List<Row extends { readonly id: string }>({ pages, what, columns, none }: ListProps<Row>) {
  return (
    <>
      <Show what={what.toLowerCase()} {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>{none}</Empty>
          ) : (
            <Table caption={what} columns={columns} rows={rows} keyOf={({ id }) => id} />
          )
        }
      </Show>
      {pages.more.has ? (
        <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
          More
        </Button>
      ) : null}
    </>
  );
}

const suiteColumns: readonly Column<Suite>[] = [
  { key: 'title', head: 'Suite', cell: ({ title }) => title ?? 'Title not told' },
  { key: 'keeper', head: 'Kept by', cell: ({ keeper }) => keeper.name },
  { key: 'count', head: 'Items', figure: true, cell: ({ count }) => count },
  { key: 'sealed', head: 'Sealed', cell: ({ sealedAt }) => <Moment at={sealedAt} /> },
  {
    key: 'root',
    head: 'Commitment',
    cell: ({ commitment }) => <code title={commitment}>{commitment.slice(0, 16)}…</code>,
  },
  { key: 'rights', head: 'You may', cell: ({ rights }) => rights.join(', ') },
];

const stateTones = {
  running: 'sea',
  'taken-in': 'held',
  failed: 'fired',
  cancelled: 'plain',
} as const;

const runColumns: readonly Column<RunRow>[] = [
  { key: 'model', head: 'Model', cell: ({ model }) => model ?? 'Not told' },
  { key: 'by', head: 'Run by', cell: ({ by }) => by.name },
  {
    key: 'state',
    head: 'State',
    cell: ({ state }) => <Badge tone={stateTones[state]}>{state}</Badge>,
  },
  { key: 'began', head: 'Begun', cell: ({ beganAt }) => <Moment at={beganAt} /> },
  { key: 'progress', head: 'Samples', figure: true, cell: progressWords },
  { key: 'log', head: 'Log', cell: (run) => <OpenLog run={run} /> },
];

function progressWords({ progress }: RunRow): string {
  if (progress === null) return 'not told';
  const { samples, planned } = progress;
  return planned === null ? String(samples) : `${samples} of ${planned}`;
}

function OpenLog({ run }: { readonly run: RunRow }) {
  const go = useGo();
  const { id, logBytes, state } = run;
  const reason = state === 'taken-in' ? 'not for you' : 'not here yet';
  const open = (size: number) => {
    go(addressOf(placeOf({ log: id })));
    void openRunLog({ run: id, size });
  };
  if (logBytes === null || state !== 'taken-in') return <span className="faint">{reason}</span>;
  return (
    <Button label={`Read the log of ${id}`} onPress={() => open(logBytes)}>
      Read
    </Button>
  );
}
