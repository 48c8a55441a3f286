import type { ReactNode } from 'react';
import { useId } from 'react';

interface Said {
  readonly label: string;
  /** What to give, and in what form, before anybody gets it wrong. */
  readonly hint?: ReactNode;
  /** What is wrong with what was given; read out when it appears. */
  readonly error?: string | null;
}

interface FieldProps extends Said {
  readonly children: (named: { readonly id: string; readonly describedBy: string }) => ReactNode;
}

/** A label above, a hint beneath it, then what is asked, and what is wrong with it. */
export function Field({ label, hint, error = null, children }: FieldProps) {
  const id = useId();
  return (
    <div className={error === null ? 'field' : 'field field-wrong'}>
      <label htmlFor={id}>{label}</label>
      <div id={`${id}-said`} className="field-said">
        {hint === undefined ? null : <p className="small soft">{hint}</p>}
        <p className="field-error" role="alert">
          {error}
        </p>
      </div>
      {children({ id, describedBy: `${id}-said` })}
    </div>
  );
}

interface TextProps extends Said {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'url' | 'number' | 'datetime-local';
  readonly autoComplete?: string;
  readonly maxLength?: number;
  readonly required?: boolean;
  readonly placeholder?: string;
  /** Machine text: set in mono, never corrected. */
  readonly exact?: boolean;
}

/** One line of text. */
export function TextField(props: TextProps) {
  const { value, onChange, type = 'text', exact = false } = props;
  return (
    <Field {...said(props)}>
      {({ id, describedBy }) => (
        <input
          id={id}
          type={type}
          value={value}
          className={exact ? 'input mono' : 'input'}
          spellCheck={exact ? false : undefined}
          autoComplete={props.autoComplete ?? 'off'}
          maxLength={props.maxLength}
          required={props.required}
          placeholder={props.placeholder}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface TimeProps extends Said {
  /** HH:MM. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A time of day, to the minute. */
export function TimeField(props: TimeProps) {
  const { value, onChange } = props;
  return (
    <Field {...said(props)}>
      {({ id, describedBy }) => (
        <input
          id={id}
          type="time"
          className="input"
          value={value}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.value.slice(0, 5))}
        />
      )}
    </Field>
  );
}

interface AreaProps extends Said {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly maxLength?: number;
  readonly exact?: boolean;
}

/** Several lines of text. */
export function TextArea(props: AreaProps) {
  return (
    <Field {...said(props)}>
      {({ id, describedBy }) => (
        <textarea
          id={id}
          rows={props.rows ?? 4}
          value={props.value}
          className={props.exact ? 'input mono' : 'input'}
          maxLength={props.maxLength}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={describedBy}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export type Choice = readonly [value: string, words: string];

interface SelectProps extends Said {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly choices: readonly Choice[];
}

/** One of a few. The browser's own list: it works on a phone, by keyboard and by voice. */
export function Select(props: SelectProps) {
  return (
    <Field {...said(props)}>
      {({ id, describedBy }) => (
        <select
          id={id}
          className="input"
          value={props.value}
          aria-describedby={describedBy}
          onChange={(event) => props.onChange(event.target.value)}
        >
          {props.choices.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ChoiceProps {
  readonly legend: string;
  readonly hint?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly choices: readonly (readonly [value: string, words: string, more?: string])[];
}

/** One of a few, all of them in sight with what each means. */
export function Radios({ legend, hint, value, onChange, choices }: ChoiceProps) {
  const name = useId();
  return (
    <fieldset className="field">
      <legend>{legend}</legend>
      {hint === undefined ? null : <p className="small soft">{hint}</p>}
      {choices.map(([choice, words, more]) => (
        <label key={choice} className="choice">
          <input
            type="radio"
            name={name}
            value={choice}
            checked={value === choice}
            onChange={() => onChange(choice)}
          />
          <span>
            {words}
            {more === undefined ? null : <span className="choice-more">{more}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly more?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Yes or no. */
export function Check({ label, more, checked, onChange }: CheckProps) {
  return (
    <label className="choice">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        {more === undefined ? null : <span className="choice-more">{more}</span>}
      </span>
    </label>
  );
}

function said({ label, hint, error }: Said): Said {
  return { label, hint, error: error ?? null };
}
