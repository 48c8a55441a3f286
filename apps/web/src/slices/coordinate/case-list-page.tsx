import type { Case } from '@breakwater/contract';
import { coordinate } from '@breakwater/contract';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { LongColumn } from '../../ui/long-list.tsx';
import { LongList } from '../../ui/long-list.tsx';
import { Ago, useNow } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Quote } from '../../ui/quote.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { CaseFilterBar, searchOf } from './case-filter.tsx';
import { stageTone, stageWords } from './stage-path.ts';
import { waitWords } from './words.ts';

export const screen: Screen = { Page: CaseListPage };

const columns: readonly LongColumn<Case>[] = [
  {
    key: 'title',
    head: 'Case',
    width: 'minmax(14rem, 1fr)',
    cell: (shown) => (
      <>
        <a href={pathTo('case', { case: shown.id })}>
          <Quote text={shown.title} />
        </a>
        <span className="mono faint">
          {shown.package.replace(/^pkg:/, '')} {shown.version}
        </span>
      </>
    ),
  },
  {
    key: 'stage',
    head: 'Stage',
    width: '8.25rem',
    cell: ({ stage }) => <Badge tone={stageTone(stage)}>{stageWords(stage)}</Badge>,
  },
  {
    key: 'waiting',
    head: 'Waits for',
    width: '7rem',
    cell: (shown) => <span className="soft">{waitWords[shown.waitingFor]}</span>,
  },
  {
    key: 'due',
    head: 'Due',
    width: '8rem',
    cell: ({ due }) =>
      due === null ? <span className="faint unset">no hour</span> : <Due at={due.at} />,
  },
  { key: 'embargo', head: 'Embargo', width: '7.5rem', cell: (shown) => <Left shown={shown} /> },
  {
    key: 'opened',
    head: 'Opened',
    width: '6.5rem',
    cell: ({ openedAt }) => (
      <span className="soft">
        <Ago at={openedAt} brief />
      </span>
    ),
    figure: true,
  },
];

/** The cases the reader may see, narrowed and in the order that the address says. */
function CaseListPage(address: Address) {
  const go = useGo();
  const search = searchOf(address.search);
  const pages = usePages([coordinate.list.id, search], (client, after) =>
    client.call(coordinate.list, {
      query: { ...search, limit: 200, ...(after === undefined ? {} : { after }) },
    }),
  );
  return (
    <Page
      title="Cases"
      lede="One case per root cause. You see the cases you take part in; a coordinator sees all."
      width="full"
    >
      <CaseFilterBar search={search} />
      <Show what="cases" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <NoCase filtered={Object.keys(search).length > 0} />
          ) : (
            <LongList
              caption="Cases"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              hrefOf={({ id }) => pathTo('case', { case: id })}
              onOpen={go}
              more={pages.more}
            />
          )
        }
      </Show>
    </Page>
  );
}

function NoCase({ filtered }: { readonly filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        title="No case is like that"
        actions={<ButtonLink href={pathOf('cases')}>Clear the filter</ButtonLink>}
      >
        <p>None that you may see. Fewer words, or another stage, may find it.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No case yet">
      <p>
        A case opens when a finding is handed in: by file, by the API, or with{' '}
        <code>npx breakwater submit crash</code>.
      </p>
    </EmptyState>
  );
}

function Due({ at }: { readonly at: string }) {
  const late = Date.parse(at) <= useNow(60_000);
  return (
    <span className={late ? 'late' : 'soft'}>
      {late ? 'since ' : ''}
      <Ago at={at} brief />
    </span>
  );
}

function Left({ shown }: { readonly shown: Case }) {
  const { embargo } = shown;
  if (embargo.state === 'open') return <span className="faint">open</span>;
  if (embargo.state === 'ended') return <span className="faint">over</span>;
  return (
    <span className="soft">
      ends <Ago at={embargo.endsAt} brief />
    </span>
  );
}
