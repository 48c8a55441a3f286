import type { Output } from '@breakwater/contract';
import { precheck } from '@breakwater/contract';
import { pathOf } from '../../../app/paths.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Ago } from '../../../ui/moment.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Table } from '../../../ui/table.tsx';
import { Show } from '../../session/problem-note.tsx';
import { useLoad } from '../../session/server.ts';

type Use = Output<typeof precheck.precheckUse>['items'][number];

const columns: readonly Column<Use>[] = [
  { key: 'party', head: 'Party', cell: ({ party }) => party.name },
  { key: 'elements', head: 'Numbers sent', cell: ({ evaluations }) => evaluations, figure: true },
  {
    key: 'buckets',
    head: 'Fetches of boxes',
    cell: ({ bucketRequests }) => bucketRequests,
    figure: true,
  },
  { key: 'knocks', head: 'Knocks', cell: ({ knocks }) => knocks, figure: true },
  {
    key: 'refused',
    head: 'Beyond a limit',
    cell: ({ refused }) => (refused === 0 ? 0 : <Badge tone="fired">{String(refused)}</Badge>),
    figure: true,
  },
  { key: 'last', head: 'Last', cell: ({ lastAt }) => <Ago at={lastAt} brief /> },
];

/** How much each party asked blindly in thirty days: what it asked for, nobody can see. */
export function PrecheckUse() {
  const read = useLoad(precheck.precheckUse, {});
  return (
    <>
      <p className="small soft mb-4">
        Counts of the last thirty days. What anybody asked for does not stand here:{' '}
        <a href={pathOf('precheck')}>what the pre-check tells whom</a>.
      </p>
      <Show what="the use of the pre-check" {...read}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft small">Nobody has asked.</p>
          ) : (
            <Table
              caption="Use of the pre-check"
              columns={columns}
              rows={items}
              keyOf={({ party }) => party.id}
            />
          )
        }
      </Show>
    </>
  );
}
