import { claims } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import type { CoverageItem } from './coverage-rows.ts';
import { Targets } from './scope-shown.tsx';
import { classesWords, targetsOf } from './scope-words.ts';
import { methodsWords } from './words.ts';

const columns: readonly Column<CoverageItem>[] = [
  { key: 'where', head: 'Where', cell: ({ scope }) => <Targets targets={targetsOf(scope)} /> },
  { key: 'how', head: 'How', cell: ({ scope }) => methodsWords(scope.methods) },
  {
    key: 'for',
    head: 'For',
    cell: ({ scope }) => classesWords(scope.weaknesses, scope.exceptWeaknesses),
  },
  {
    key: 'when',
    head: 'When',
    cell: ({ when, fromDay, untilDay }) => (
      <>
        <Badge tone={when === 'now' ? 'sea' : 'plain'}>{when === 'now' ? 'Now' : 'Ahead'}</Badge>{' '}
        <span className="num">
          {fromDay} to {untilDay}
        </span>
      </>
    ),
  },
];

/** What is looked at on a target now and ahead: what, never who. */
export function LookedAt({ target }: { readonly target: string }) {
  const read = useLoad(claims.map, { body: { target, days: 1 } });
  return (
    <Show what="what is looked at" {...read}>
      {({ items }) => {
        const rows = items.filter(({ when }) => when !== 'before');
        return (
          <>
            {rows.length === 0 ? (
              <p className="soft small">
                Nobody says that they look at it now. Claims kept off the map do not stand here.
              </p>
            ) : (
              <Table
                caption="What is looked at"
                columns={columns}
                rows={rows}
                keyOf={(item) => JSON.stringify(item)}
              />
            )}
            <p className="small mt-3">
              <a href={pathOf('coverage', { target })}>What was looked at before</a>
            </p>
          </>
        );
      }}
    </Show>
  );
}
