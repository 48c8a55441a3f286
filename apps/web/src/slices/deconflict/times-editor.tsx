import { useId } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { TextField, TimeField } from '../../ui/field.tsx';
import { MomentField, ZoneField } from './moment-field.tsx';
import type { SpanDraft, TimesDraft, WeeklyDraft } from './times-draft.ts';
import { dayNames } from './words.ts';

interface TimesEditorProps {
  readonly legend: string;
  readonly hint: string;
  readonly value: TimesDraft;
  readonly onChange: (value: TimesDraft) => void;
  /** Whether days of every year can be named too. */
  readonly yearly?: boolean;
}

/** Times at which nothing runs: weekly, single, and of each year, on the clocks of one zone. */
export function TimesEditor({ legend, hint, value, onChange, yearly = false }: TimesEditorProps) {
  const change = (part: Partial<TimesDraft>) => onChange({ ...value, ...part });
  const id = useId();
  const newKey = () => `${id} ${value.weekly.length + value.once.length} ${Date.now()}`;
  return (
    <fieldset className="field times">
      <legend>{legend}</legend>
      <p className="small soft">{hint}</p>
      <ZoneField
        label="Clocks of"
        hint="All times below are read on them, also when they change to summer time."
        value={value.zone}
        onChange={(zone) => change({ zone })}
      />
      {value.weekly.map((row) => (
        <Weekly
          key={row.key}
          row={row}
          onChange={(next) => change({ weekly: swap(value.weekly, row.key, next) })}
        />
      ))}
      {value.once.map((row) => (
        <Once
          key={row.key}
          row={row}
          zone={value.zone}
          onChange={(next) => change({ once: swap(value.once, row.key, next) })}
        />
      ))}
      {value.yearly.map((row) => (
        <Yearly
          key={row.key}
          row={row}
          onChange={(next) => change({ yearly: swap(value.yearly, row.key, next) })}
        />
      ))}
      <Buttons>
        <Button
          onPress={() =>
            change({
              weekly: [
                ...value.weekly,
                { key: newKey(), days: [1, 2, 3, 4, 5], from: '08:00', until: '18:00' },
              ],
            })
          }
        >
          Add a weekly time
        </Button>
        <Button
          onPress={() => change({ once: [...value.once, { key: newKey(), from: '', until: '' }] })}
        >
          Add a single time
        </Button>
        {yearly ? (
          <Button
            onPress={() =>
              change({
                yearly: [...value.yearly, { key: newKey(), from: '12-20', until: '01-06' }],
              })
            }
          >
            Add days of each year
          </Button>
        ) : null}
      </Buttons>
    </fieldset>
  );
}

/** The rows with one changed, or without it. */
function swap<Row extends { readonly key: string }>(
  rows: readonly Row[],
  key: string,
  next: Row | null,
): readonly Row[] {
  return rows.flatMap((row) => (row.key === key ? (next ?? []) : row));
}

interface RowProps<Row> {
  readonly row: Row;
  readonly onChange: (row: Row | null) => void;
}

function Weekly({ row, onChange }: RowProps<WeeklyDraft>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset reads its legend twice
    <div className="time-row" role="group" aria-label="Weekly time">
      <div className="time-days">
        {dayNames.map((name, at) => (
          <label key={name} className="choice">
            <input
              type="checkbox"
              checked={row.days.includes(at + 1)}
              onChange={(event) =>
                onChange({
                  ...row,
                  days: event.target.checked
                    ? [...row.days, at + 1].toSorted((a, b) => a - b)
                    : row.days.filter((day) => day !== at + 1),
                })
              }
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
      <div className="time-hours">
        <TimeField label="From" value={row.from} onChange={(from) => onChange({ ...row, from })} />
        <TimeField label="To" value={row.until} onChange={(until) => onChange({ ...row, until })} />
        <Button kind="quiet" label="Remove this weekly time" onPress={() => onChange(null)}>
          Remove
        </Button>
      </div>
      <p className="small soft" role="status">
        {row.from === row.until
          ? 'All day.'
          : row.until < row.from
            ? 'Over midnight, into the next day.'
            : null}
      </p>
    </div>
  );
}

function Once({ row, zone, onChange }: RowProps<SpanDraft> & { readonly zone: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset reads its legend twice
    <div className="time-row" role="group" aria-label="Single time">
      <MomentField
        label="From"
        value={row.from}
        zone={zone}
        onChange={(from) => onChange({ ...row, from })}
      />
      <MomentField
        label="To"
        value={row.until}
        zone={zone}
        onChange={(until) => onChange({ ...row, until })}
      />
      <Button kind="quiet" label="Remove this single time" onPress={() => onChange(null)}>
        Remove
      </Button>
    </div>
  );
}

function Yearly({ row, onChange }: RowProps<SpanDraft>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset reads its legend twice
    <div className="time-row" role="group" aria-label="Days of each year">
      <div className="time-hours">
        <TextField
          label="First day"
          hint="Month and day, such as 12-20."
          value={row.from}
          onChange={(from) => onChange({ ...row, from })}
          maxLength={5}
          exact
        />
        <TextField
          label="Last day"
          hint="It counts too."
          value={row.until}
          onChange={(until) => onChange({ ...row, until })}
          maxLength={5}
          exact
        />
        <Button kind="quiet" label="Remove these days" onPress={() => onChange(null)}>
          Remove
        </Button>
      </div>
    </div>
  );
}
