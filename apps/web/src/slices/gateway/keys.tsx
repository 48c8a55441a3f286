import type { GatewayKey } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { Show } from '../session/problem-note.tsx';
import { usePages } from '../session/server.ts';
import { Standing } from './standing.tsx';

const columns: readonly Column<GatewayKey>[] = [
  {
    key: 'name',
    head: 'Key',
    cell: ({ id, name }) => <a href={pathTo('gatewayKey', { gkey: id })}>{nameOf(name)}</a>,
  },
  { key: 'model', head: 'Model', cell: ({ names }) => <code>{names[0] ?? 'not named'}</code> },
  { key: 'who', head: 'Used by', cell: ({ holder }) => holder.name ?? 'name erased' },
  { key: 'party', head: 'Of', cell: ({ party }) => party.name },
  { key: 'standing', head: 'Stands', cell: (gkey) => <Standing gkey={gkey} /> },
  { key: 'until', head: 'Until', cell: ({ endedAt, until }) => <Moment at={endedAt ?? until} /> },
];

interface KeysProps {
  /** Which of those that the reader may see. */
  readonly mine: (gkey: GatewayKey) => boolean;
  readonly none: string;
  readonly caption: string;
}

/** Keys, the newest first, each with whether it works now. */
export function Keys({ mine, none, caption }: KeysProps) {
  const pages = usePages([gateway.keys.id], (client, after) =>
    client.call(gateway.keys, { query: after === undefined ? {} : { after } }),
  );
  return (
    <>
      <Show what="keys" {...pages}>
        {(all) => {
          const rows = all.filter(mine);
          return rows.length === 0 ? (
            <Empty>{none}</Empty>
          ) : (
            <Table caption={caption} columns={columns} rows={rows} keyOf={({ id }) => id} />
          );
        }}
      </Show>
      <MoreButton {...pages.more} />
    </>
  );
}

/** What a key is called; its holder may have had the name erased. */
export function nameOf(name: string | null): string {
  return name ?? 'Name erased';
}
