import type { Output } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { Badge } from '../../../ui/badge.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Table } from '../../../ui/table.tsx';
import { Show } from '../../session/problem-note.tsx';
import { useLoad } from '../../session/server.ts';

type Asker = Output<typeof claims.askers>['items'][number];

const columns: readonly Column<Asker>[] = [
  { key: 'party', head: 'Party', cell: ({ party }) => party.name },
  { key: 'live', head: 'Claims held', cell: ({ live }) => live, figure: true },
  { key: 'unused', head: 'Of them unused', cell: ({ unused }) => unused, figure: true },
  { key: 'asked', head: 'Answers today', cell: ({ asked }) => asked, figure: true },
  {
    key: 'stopped',
    head: 'Stopped by a limit',
    cell: ({ stopped }) => (stopped === 0 ? 0 : <Badge tone="fired">{String(stopped)}</Badge>),
    figure: true,
  },
];

/** Who used how much of the published limits today; who was stopped comes first. */
export function Askers() {
  const read = useLoad(claims.askers, {});
  return (
    <Show what="who asks" {...read}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="soft small">Nobody has asked today.</p>
        ) : (
          <Table
            caption="Who asks"
            columns={columns}
            rows={items}
            keyOf={({ party }) => party.id}
          />
        )
      }
    </Show>
  );
}
