import type { Control } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { isLive } from '@breakwater/scope';
import { pathOf } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { type CoverageItem, daysOf } from './coverage-rows.ts';
import { Targets } from './scope-shown.tsx';
import { classesWords, targetsOf } from './scope-words.ts';
import { readTarget } from './target-field.tsx';
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
    cell: (item) => (
      <>
        <Badge tone={item.when === 'now' ? 'sea' : 'plain'}>
          {item.when === 'now' ? 'Now' : 'Ahead'}
        </Badge>{' '}
        <span className="num days">{daysOf(item)}</span>
      </>
    ),
  },
];

/** What is looked at on a target now and ahead: what, never who. */
export function LookedAt({ control }: { readonly control: Control }) {
  const { target, state } = control;
  const read = readTarget(target);
  // DCF-15: of a live system others' work is told to whoever is believed to control it.
  if (state !== 'proven' && read.state === 'read' && isLive(read.target)) {
    return (
      <p className="soft small">
        {state === 'contested'
          ? 'It stands here again once it is decided whose target this is.'
          : 'It stands here once your control is proven.'}
      </p>
    );
  }
  return <Now target={target} />;
}

function Now({ target }: { readonly target: string }) {
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
