import { limitsWords } from '@breakwater/benchmark';
import { contaminationWords, epochsWords, humanTimeWords } from '@breakwater/benchmark/report';
import type { Output } from '@breakwater/contract';
import { runs } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { accuracyWords } from './figure-words.ts';

type Row = Output<typeof runs.figures>['items'][number];

const columns: readonly Column<Row>[] = [
  { key: 'model', head: 'Model', cell: ({ model }) => <code>{model ?? 'erased'}</code> },
  {
    key: 'accuracy',
    head: 'Accuracy',
    cell: ({ figures: { all, withoutInvalid, invalid } }) => (
      <>
        {accuracyWords(all)}
        {invalid === 0 ? null : (
          <span className="faint block">
            without {invalid} invalid: {accuracyWords(withoutInvalid)}
          </span>
        )}
      </>
    ),
  },
  {
    key: 'n',
    head: 'Tasks × epochs',
    cell: ({ figures: { all } }) =>
      all === null ? unset : `${all.n} × ${epochsWords(all.epochs)}`,
  },
  { key: 'budget', head: 'Budget', cell: ({ limits }) => limitsWords(limits) ?? 'no limit' },
  {
    key: 'time',
    head: 'Human time',
    cell: ({ figures: { all } }) => (all === null ? unset : humanTimeWords(all.circumstances)),
  },
  {
    key: 'contamination',
    head: 'Contamination',
    cell: ({ figures: { all } }) => (all === null ? unset : contaminationWords(all.circumstances)),
  },
];
const unset = <span className="faint">not told</span>;

/** What each model came to on a suite; the interval stands beside the figure. */
export function SuiteFigures({ id }: { readonly id: Id<'suite'> }) {
  const read = useLoad(runs.figures, { params: { suite: id } });
  return (
    <Show what="the results" {...read}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>No run has ended whose results you may see.</Empty>
        ) : (
          <Table
            caption="Accuracy by model"
            columns={columns}
            rows={items}
            keyOf={({ model, limits }) => `${model} ${JSON.stringify(limits)}`}
          />
        )
      }
    </Show>
  );
}
