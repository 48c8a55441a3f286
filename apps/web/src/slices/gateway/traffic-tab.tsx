import { gateway } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Select } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address } from '../session/screen.ts';
import { useLoad } from '../session/server.ts';
import { figure, moneyWords } from './figures.ts';
import { type Grouping, groupings, rowsBy, type TrafficRow } from './traffic-rows.ts';

const groupWords: Readonly<Record<Grouping, string>> = {
  model: 'Model',
  party: 'Partner',
  person: 'Person',
  key: 'Key',
  day: 'Day of UTC',
};

/** What was settled by keys on one's models, added up by one thing. */
export function TrafficTab({ search }: Pick<Address, 'search'>) {
  const go = useGo();
  const read = useLoad(gateway.traffic, {});
  const by = groupings.find((each) => each === search['by']) ?? 'model';
  return (
    <>
      <div className="few-fields">
        <Select
          label="Added up by"
          value={by}
          onChange={(value) =>
            go(pathOf('gateway', { by: value === 'model' ? undefined : value }), { replace: true })
          }
          choices={groupings.map((each) => [each, groupWords[each]])}
        />
      </div>
      <Show what="the traffic" {...read}>
        {({ items, isCut, from, asOf }) =>
          items.length === 0 ? (
            <EmptyState title="No traffic">
              <p>
                What is called by keys on your models stands here, by model, partner, person, key
                and day, from the first request on. Since {from} there was none.
              </p>
            </EmptyState>
          ) : (
            <>
              <Table
                caption={`Traffic by ${groupWords[by].toLowerCase()}`}
                columns={[
                  { key: 'of', head: groupWords[by], cell: ({ label }) => label },
                  ...columns,
                ]}
                rows={rowsBy(by, items)}
                keyOf={({ id }) => id}
              />
              <p className="small faint mt-3">
                {isCut
                  ? `Added up are only the newest ${figure(items.length)} lines since ${from}, each of one key on one day of UTC: there are more`
                  : `Settled from ${from} on, days of UTC`}
                ; by the server’s clock, <Time at={asOf} />
              </p>
            </>
          )
        }
      </Show>
    </>
  );
}

const columns: readonly Column<TrafficRow>[] = [
  { key: 'requests', head: 'Requests', figure: true, cell: ({ requests }) => figure(requests) },
  {
    key: 'in',
    head: 'Tokens in',
    figure: true,
    cell: ({ inputTokens }) => figure(inputTokens),
  },
  {
    key: 'out',
    head: 'Tokens out',
    figure: true,
    cell: ({ outputTokens }) => figure(outputTokens),
  },
  {
    key: 'money',
    head: 'Money',
    figure: true,
    cell: ({ money }) =>
      money.map(({ currency, micros }) => moneyWords(micros, currency)).join(' and ') || 'none',
  },
];
