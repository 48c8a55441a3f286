import type { GatewayRequest } from '@breakwater/contract';
import { gatewayRecord } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { Show } from '../session/problem-note.tsx';
import { usePages } from '../session/server.ts';
import { figure, moneyWords } from './figures.ts';
import { markName } from './mark-words.ts';
import { figuresWords, pathWords } from './words.ts';

const columns: readonly Column<GatewayRequest>[] = [
  {
    key: 'at',
    head: 'Ended',
    cell: ({ id, endedAt }) => (
      <a href={pathTo('gatewayRequest', { request: id })}>
        <Moment at={endedAt} />
      </a>
    ),
  },
  {
    key: 'what',
    head: 'What',
    cell: ({ path, stream }) => `${pathWords(path)}${stream ? ', streamed' : ''}`,
  },
  {
    key: 'status',
    head: 'Answer',
    cell: ({ status }) => <Badge tone={status < 400 ? 'held' : 'fired'}>{`HTTP ${status}`}</Badge>,
  },
  {
    key: 'in',
    head: 'Tokens in',
    figure: true,
    cell: ({ settled }) => figure(settled.inputTokens),
  },
  {
    key: 'out',
    head: 'Tokens out',
    figure: true,
    cell: ({ settled }) => figure(settled.outputTokens),
  },
  {
    key: 'money',
    head: 'Money',
    figure: true,
    cell: ({ settled, currency }) =>
      currency === null ? 'none' : moneyWords(settled.costMicros, currency),
  },
  { key: 'figures', head: 'Figures', cell: ({ figures }) => figuresWords(figures)[0] },
];

/** Whose it was; of one key that stands above already. */
const whose: Column<GatewayRequest> = {
  key: 'whose',
  head: 'By a key of',
  cell: ({ key, party }) => <a href={pathTo('gatewayKey', { gkey: key })}>{party.name}</a>,
};

/** What its developer alone is told. */
const marks: Column<GatewayRequest> = {
  key: 'marks',
  head: 'Marks',
  cell: ({ inside }) => inside?.marks.map(markName).join('; ') || 'none',
};

interface RequestsProps {
  readonly side: 'party' | 'developer';
  /** Of one key; null: of all. */
  readonly gkey: Id<'gkey'> | null;
}

/** Requests as they were recorded, the newest first, each with its proof. */
export function Requests({ side, gkey }: RequestsProps) {
  const pages = usePages([gatewayRecord.requests.id, side, gkey], (client, after) =>
    client.call(gatewayRecord.requests, {
      query: {
        side,
        ...(gkey === null ? {} : { gkey }),
        ...(after === undefined ? {} : { after }),
      },
    }),
  );
  return (
    <>
      <Show what="requests" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>None was settled yet.</Empty>
          ) : (
            <Table
              caption="Requests"
              columns={[
                ...columns,
                ...(gkey === null ? [whose] : []),
                ...(side === 'developer' ? [marks] : []),
              ]}
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
