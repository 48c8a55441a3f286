import type { SuiteItem } from '@breakwater/contract';
import { suites } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import { usePages } from '../session/server.ts';
import { sourceWords } from './figure-words.ts';
import { MoreButton } from './more-button.tsx';
import { shortCommitment } from './words.ts';

const columns: readonly Column<SuiteItem>[] = [
  {
    key: 'commitment',
    head: 'Item',
    cell: ({ id, commitment, place }) => (
      <a href={pathTo('item', { item: id })}>
        <span className="num">{place + 1}</span> <code>{shortCommitment(commitment)}</code>
      </a>
    ),
  },
  {
    key: 'state',
    head: 'Body',
    cell: ({ openedAt, kept }) => {
      if (openedAt !== null) return <Badge tone="held">Opened</Badge>;
      return kept ? 'kept here, sealed' : 'not kept here';
    },
  },
  {
    key: 'time',
    head: 'Human time',
    cell: ({ humanTime }) => (humanTime === null ? 'not told' : sourceWords[humanTime]),
  },
  {
    key: 'cluster',
    head: 'Cluster',
    figure: true,
    cell: ({ cluster }) => cluster ?? <span className="faint">none</span>,
  },
];

/** The items of a suite that the reader may know of, in their order. */
export function SuiteItems({ id }: { readonly id: Id<'suite'> }) {
  const pages = usePages([suites.items.id, id], (client, after) =>
    client.call(suites.items, {
      params: { suite: id },
      query: after === undefined ? {} : { after },
    }),
  );
  return (
    <>
      <Show what="the items" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>You may know of the suite, and of no item by itself.</Empty>
          ) : (
            <Table caption="Items" columns={columns} rows={rows} keyOf={(row) => row.id} />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </>
  );
}
