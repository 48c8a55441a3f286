import type { Fairness, FairnessLine } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Select } from '../../ui/field.tsx';
import { Empty } from '../../ui/note.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { type FairnessRow, fairnessParts, figureWords } from './fairness-rows.ts';

/** How applications fared in a quarter that is over; the newest, or the one in the address. */
export function FairnessShown({ asked }: { readonly asked: string | undefined }) {
  const quarter = asked !== undefined && /^20\d\d-Q[1-4]$/.test(asked) ? asked : null;
  const read = useLoad(partners.fairness, quarter === null ? {} : { query: { quarter } });
  return (
    <Show what="the figures" {...read}>
      {(found) => (found.quarter === null ? <NoneYet /> : <Figures found={found} />)}
    </Show>
  );
}

function NoneYet() {
  return (
    <Empty>
      No quarter is over yet. Figures stand here from the first day of the next: applications,
      answers, appeals, and how long an answer took.
    </Empty>
  );
}

function Figures({ found }: { readonly found: Fairness }) {
  const go = useGo();
  return (
    <>
      <div className="few-fields">
        <Select
          label="Quarter"
          value={found.quarter ?? ''}
          onChange={(quarter) =>
            go(`${pathOf('partners', { quarter })}#figures`, { replace: true })
          }
          choices={found.quarters.map((each) => [each, quarterName(each)])}
        />
      </div>
      {found.total === null || found.total.applications === null ? (
        <Empty>
          Fewer than {found.least} applications came to their end in this quarter. With so few, any
          figure could tell of whom it is.
        </Empty>
      ) : (
        <Told found={found} total={found.total} />
      )}
    </>
  );
}

function Told({ found, total }: { readonly found: Fairness; readonly total: FairnessLine }) {
  return (
    <>
      <ul className="partner-figures">
        {(
          [
            ['applied', total.applications],
            ['accepted', total.accepted],
            ['declined', total.declined],
            ['appealed', total.appealed],
            ['answered late', total.late],
            ['days to an answer, in the middle', total.daysMedian],
          ] as const
        ).map(([words, figure]) => (
          <li key={words}>
            <span className={figure === null ? 'figure-none' : 'figure num'}>
              {figureWords(figure)}
            </span>
            <span className="small soft">{words}</span>
          </li>
        ))}
      </ul>
      {fairnessParts(found).map(({ key, title, rows }) => (
        <div key={key} className="fairness-part">
          <h3>{title}</h3>
          {rows.length === 0 ? (
            <Empty>Nothing can be told by this without telling who it was.</Empty>
          ) : (
            <Table caption={title} columns={columns} rows={rows} keyOf={(row) => row.key} />
          )}
        </div>
      ))}
      <p className="small soft">
        “Too few” stands for fewer than {found.least}, or for a figure that would let another be
        worked out. A quarter’s figures do not change once it is over.
      </p>
    </>
  );
}

const columns: readonly Column<FairnessRow>[] = [
  { key: 'name', head: 'Who', cell: ({ name }) => name },
  ...(
    [
      ['applications', 'Applied'],
      ['accepted', 'Accepted'],
      ['declined', 'Declined'],
      ['appealed', 'Appealed'],
      ['late', 'Late'],
      ['daysMedian', 'Days'],
    ] as const
  ).map(([key, head]) => ({
    key,
    head,
    figure: true,
    cell: (row: FairnessRow) =>
      row[key] === null ? <span className="faint">too few</span> : figureWords(row[key]),
  })),
];

function quarterName(quarter: string): string {
  const [year, part] = quarter.split('-Q');
  const months = [
    '',
    'January to March',
    'April to June',
    'July to September',
    'October to December',
  ];
  return `${months[Number(part)] ?? quarter} ${year}`;
}
