import type { Suite } from '@breakwater/contract';
import { suites } from '@breakwater/contract';
import { pathOf, pathTo } from '../../app/paths.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { MoreButton } from './more-button.tsx';
import { rightsWords } from './words.ts';

export const screen: Screen = { Page: SuitesPage };

const columns: readonly Column<Suite>[] = [
  {
    key: 'title',
    head: 'Suite',
    cell: ({ id, title }) => <a href={pathTo('suite', { suite: id })}>{title ?? 'Title erased'}</a>,
  },
  { key: 'keeper', head: 'Keeper', cell: ({ keeper }) => keeper.name },
  { key: 'count', head: 'Items', figure: true, cell: ({ count }) => count },
  { key: 'rights', head: 'You may', cell: ({ rights }) => rightsWords(rights) },
  { key: 'sealed', head: 'Sealed', cell: ({ sealedAt }) => <Ago at={sealedAt} brief /> },
];

/** The sealed suites that the reader may know of. */
function SuitesPage() {
  const pages = usePages([suites.suites.id], (client, after) =>
    client.call(suites.suites, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="Suites"
      lede="Sealed sets of tasks. Each was committed to the log before its first run; who may know of it is its keeper’s word."
      actions={
        <ButtonLink href={pathOf('sealSuite')} kind="first">
          Seal a suite
        </ButtonLink>
      }
    >
      <Show what="the suites" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <NoSuite />
          ) : (
            <Table caption="Suites" columns={columns} rows={rows} keyOf={({ id }) => id} />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </Page>
  );
}

function NoSuite() {
  return (
    <EmptyState
      title="No suite that you may know of"
      actions={<ButtonLink href={pathOf('runs')}>See runs</ButtonLink>}
    >
      <p>
        <code>breakwater benchmark commit</code> commits to every item of a folder; what it wrote is
        sealed here. Or ask a keeper to let you know of theirs.
      </p>
    </EmptyState>
  );
}
