import type { distribute, Output } from '@breakwater/contract';
import { useState } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Loaded } from '../session/server.ts';
import type { Figure } from './exposure-figures.ts';
import { figuresOf, rowsFor } from './exposure-figures.ts';
import { statusWords } from './notice-status.ts';

export type ExposureData = Output<typeof distribute.exposure>;

interface ExposureProps {
  readonly loaded: Loaded<ExposureData>;
  readonly reload: () => void;
}

/** Who runs an affected version; each count is a choice of rows. */
export function Exposure({ loaded, reload }: ExposureProps) {
  return (
    <Section
      id="operators"
      title="Affected operators"
      lede="Operators whose inventory holds an affected version. The measure is fixes installed: done means the operator said so."
    >
      <Show what="affected operators" loaded={loaded} reload={reload}>
        {(data) => <Exposed data={data} />}
      </Show>
    </Section>
  );
}

function Exposed({ data }: { readonly data: ExposureData }) {
  const [chosen, setChosen] = useState<Figure['key']>('affected');
  const rows = rowsFor(data.items, chosen);
  if (data.inventories === 0) {
    return (
      <Empty>No inventory was compared yet: that begins when the advisory is published.</Empty>
    );
  }
  return (
    <>
      <ul className="exposure-figures">
        {figuresOf(data).map((figure) => (
          <li key={figure.key}>
            <button
              type="button"
              className="exposure-figure"
              aria-pressed={chosen === figure.key}
              aria-controls="operator-rows"
              onClick={() => setChosen(figure.key)}
            >
              <span className="figure num">{figure.count}</span>
              <span className="small">{figure.label}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="small soft num">
        {data.inventories} inventories were compared, by each ecosystem’s own version order.
      </p>
      <div id="operator-rows">
        {rows.length === 0 ? <Empty>None.</Empty> : <Rows rows={rows} />}
      </div>
    </>
  );
}

function Rows({ rows }: { readonly rows: ExposureData['items'] }) {
  return (
    <table className="stacking">
      <caption className="unseen">Affected operators</caption>
      <thead>
        <tr>
          <th scope="col">Operator</th>
          <th scope="col">Runs</th>
          <th scope="col">Status</th>
          <th scope="col">Due</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.notice}>
            <th scope="row">{row.operator.name}</th>
            <td data-label="Runs" className="mono">
              {row.component} {row.version}
            </td>
            <td data-label="Status">{statusWords(row.status)}</td>
            <td data-label="Due" className="num">
              {row.dueAt === null ? 'no fixed day' : <Moment at={row.dueAt} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
