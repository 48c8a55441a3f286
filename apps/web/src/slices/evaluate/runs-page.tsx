import { runStates, runs } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Select } from '../../ui/field.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { MoreButton } from './more-button.tsx';
import { RunProgress } from './run-progress.tsx';
import { SuiteLink } from './suite-link.tsx';
import { type ListedRun, runStateWords } from './words.ts';

export const screen: Screen = { Page: RunsPage };

const columns: readonly Column<ListedRun>[] = [
  {
    key: 'model',
    head: 'Model',
    cell: ({ id, model }) => (
      <a href={pathTo('run', { run: id })}>
        <code>{model ?? 'erased'}</code>
      </a>
    ),
  },
  {
    key: 'suite',
    head: 'Suite',
    cell: ({ suite }) =>
      suite === null ? <span className="faint">stands alone</span> : <SuiteLink id={suite} />,
  },
  {
    key: 'state',
    head: 'State',
    cell: ({ state }) => <Badge tone={runStateWords[state][1]}>{runStateWords[state][0]}</Badge>,
  },
  {
    key: 'progress',
    head: 'Samples',
    cell: ({ progress }) =>
      progress === null ? (
        <span className="faint">not for you</span>
      ) : (
        <RunProgress progress={progress} brief />
      ),
  },
  { key: 'by', head: 'By', cell: ({ by }) => by.name },
  { key: 'began', head: 'Began', cell: ({ beganAt }) => <Ago at={beganAt} brief /> },
];

/** The runs that the reader may know of; those under way move by themselves. */
function RunsPage({ search }: Address) {
  const go = useGo();
  const suite = parseId('suite', search['suite'] ?? '') ?? undefined;
  const state = runStates.find((each) => each === search['state']);
  const pages = usePages([runs.runs.id, suite, state], (client, after) =>
    client.call(runs.runs, {
      query: {
        ...(suite === undefined ? {} : { suite }),
        ...(state === undefined ? {} : { state }),
        ...(after === undefined ? {} : { after }),
      },
    }),
  );
  return (
    <Page
      title="Runs"
      lede={
        suite === undefined ? (
          'Models at work on suites, and what came of it. What is under way moves by itself.'
        ) : (
          <>
            Runs of <SuiteLink id={suite} />. <a href={pathOf('runs')}>All runs</a>
          </>
        )
      }
    >
      <div className="few-fields">
        <Select
          label="State"
          value={state ?? ''}
          onChange={(value) =>
            go(pathOf('runs', { ...(suite === undefined ? {} : { suite }), state: value }), {
              replace: true,
            })
          }
          choices={[
            ['', 'Any'],
            ...runStates.map((each) => [each, runStateWords[each][0]] as const),
          ]}
        />
      </div>
      <Show what="the runs" {...pages}>
        {(rows) => {
          if (rows.length > 0) {
            return <Table caption="Runs" columns={columns} rows={rows} keyOf={({ id }) => id} />;
          }
          const isWhole = suite === undefined && state === undefined;
          return isWhole ? <NoRun /> : <Empty>No such run that you may know of.</Empty>;
        }}
      </Show>
      <MoreButton {...pages.more} />
    </Page>
  );
}

function NoRun() {
  return (
    <EmptyState
      title="No run that you may know of"
      actions={
        <>
          <ButtonLink href={pathOf('suites')} kind="first">
            See suites
          </ButtonLink>
          <ButtonLink href={pathOf('beginRun')}>Begin one that stands alone</ButtonLink>
          <ButtonLink href={pathOf('benchmark')}>Read logs in this browser</ButtonLink>
        </>
      }
    >
      <p>
        A run of a suite is begun on the page of the suite, or by{' '}
        <code>breakwater benchmark run</code> with <code>--server</code>, at your machine. Its log
        comes in parts and is taken in once it is whole and its figures follow from its samples.
      </p>
    </EmptyState>
  );
}
