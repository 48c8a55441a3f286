import { cweName } from '@breakwater/formats/cwe';
import { useId } from 'react';
import { Field } from '../../ui/field.tsx';
import { weaknessesOf } from './claim-draft.ts';

/** Classes that people ask for most; each stands for all below it (CWE view 1000). */
const often = [119, 125, 787, 416, 415, 190, 476, 362, 20, 22, 78, 79, 89, 94, 287, 502, 918];

interface WeaknessFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Weaknesses by their numbers; beneath it their names, and what has none. */
export function WeaknessField({ label, hint, value, onChange }: WeaknessFieldProps) {
  const list = useId();
  const ids = weaknessesOf(value);
  const unknown = ids.filter((id) => cweName(id) === null);
  return (
    <div className="target-field">
      <Field
        label={label}
        hint={hint}
        error={unknown.length === 0 ? null : `The CWE has no ${unknown.join(', ')}.`}
      >
        {({ id, describedBy }) => (
          <input
            id={id}
            className="input mono"
            value={value}
            list={list}
            maxLength={600}
            autoComplete="off"
            spellCheck={false}
            placeholder="CWE-119, CWE-416"
            aria-describedby={describedBy}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <datalist id={list}>
        {often.map((number) => (
          <option key={number} value={`CWE-${number}`}>
            {cweName(`CWE-${number}`)}
          </option>
        ))}
      </datalist>
      <div className="small target-read" role="status">
        {ids
          .filter((id) => !unknown.includes(id))
          .map((id) => (
            <p key={id}>
              <code>{id}</code> {cweName(id)}
            </p>
          ))}
      </div>
    </div>
  );
}

/** What keeps these classes from being sent; null: nothing does. */
export function weaknessesWrong(text: string): string | null {
  return weaknessesOf(text).every((id) => cweName(id) !== null)
    ? null
    : 'A class of weakness is unknown: see above.';
}
