import type { AccessExport, AccessUse } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { Digest } from '../../ui/digest.tsx';
import { Ago, Time } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { sizeWords } from '../../ui/size.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { Show } from '../session/problem-note.tsx';
import { usePages } from '../session/server.ts';

const useColumns: readonly Column<AccessUse>[] = [
  {
    key: 'purpose',
    head: 'Purpose',
    cell: ({ purpose }) => (purpose === null ? 'erased' : <q>{purpose}</q>),
  },
  { key: 'began', head: 'Began', cell: ({ beganAt }) => <Time at={beganAt} /> },
  {
    key: 'ended',
    head: 'Ended',
    cell: ({ endedAt }) => (endedAt === null ? 'not ended' : <Ago at={endedAt} brief />),
  },
  { key: 'calls', head: 'Calls', figure: true, cell: ({ calls }) => calls },
  { key: 'findings', head: 'Findings', figure: true, cell: ({ findings }) => findings.length },
];

const exportColumns: readonly Column<AccessExport>[] = [
  { key: 'what', head: 'What', cell: ({ what }) => (what === null ? 'erased' : <q>{what}</q>) },
  { key: 'to', head: 'To', cell: ({ to }) => to ?? 'erased' },
  {
    key: 'purpose',
    head: 'For what',
    cell: ({ purpose }) => (purpose === null ? 'erased' : <q>{purpose}</q>),
  },
  { key: 'digest', head: 'Digest', cell: ({ digest }) => <Digest value={digest} /> },
  { key: 'bytes', head: 'Size', figure: true, cell: ({ bytes }) => sizeWords(bytes) },
  { key: 'at', head: 'When', cell: ({ at }) => <Ago at={at} brief /> },
];

interface OfGrantProps {
  readonly grant: Id<'grant'>;
}

/** The sessions of use of a grant, each with the purpose stated when it began. */
export function UsesOf({ grant }: OfGrantProps) {
  const pages = usePages([earlyAccess.uses.id, grant], (client, after) =>
    client.call(earlyAccess.uses, {
      params: { grant },
      query: after === undefined ? {} : { after },
    }),
  );
  return (
    <>
      <Show what="the sessions" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>No session of use.</Empty>
          ) : (
            <Table
              caption="Sessions of use"
              columns={useColumns}
              rows={rows}
              keyOf={({ id }) => id}
            />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </>
  );
}

/** What was taken out by a grant, by its digest. */
export function ExportsOf({ grant }: OfGrantProps) {
  const pages = usePages([earlyAccess.exports.id, grant], (client, after) =>
    client.call(earlyAccess.exports, {
      params: { grant },
      query: after === undefined ? {} : { after },
    }),
  );
  return (
    <>
      <Show what="the exports" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>Nothing was recorded as taken out.</Empty>
          ) : (
            <Table caption="Taken out" columns={exportColumns} rows={rows} keyOf={({ id }) => id} />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </>
  );
}
