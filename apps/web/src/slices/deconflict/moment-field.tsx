import { type Instant, parseInstant } from '@breakwater/kernel';
import { Field } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { momentIn, zoneNames } from '../../ui/time.ts';

interface MomentFieldProps {
  readonly label: string;
  readonly hint?: string;
  /** As the clocks of `zone` show it: `2026-11-30T17:00`; empty: not given. */
  readonly value: string;
  readonly zone: string;
  readonly onChange: (value: string) => void;
}

/** A day and an hour on the clocks of a zone. */
export function MomentField({ label, hint, value, zone, onChange }: MomentFieldProps) {
  const wrong =
    value !== '' && instantOf(value, zone) === null ? `There is no such hour in ${zone}.` : null;
  return (
    <Field label={label} hint={hint ?? `As the clocks in ${zone} show it.`} error={wrong}>
      {({ id, describedBy }) => (
        <input
          id={id}
          type="datetime-local"
          className="input"
          value={value}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.value.slice(0, 16))}
        />
      )}
    </Field>
  );
}

/** The moment those clocks show; null: none, or it is not given whole. */
export function instantOf(value: string, zone: string): Instant | null {
  return parseInstant(momentIn(value, zone) ?? '');
}

/** What the clocks of `zone` show at a moment, in the form of a field. */
export function localOf(at: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
  return parts.replace(' ', 'T');
}

interface ZoneFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (zone: string) => void;
}

/** A zone by its IANA name, the reader's own first. */
export function ZoneField({ label, hint, value, onChange }: ZoneFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {({ id, describedBy }) => (
        <select
          id={id}
          className="input"
          value={value}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.target.value)}
        >
          {[...new Set([value, localZone(), ...zoneNames()])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </Field>
  );
}
