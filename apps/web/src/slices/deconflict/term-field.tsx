import { addMilliseconds, type Instant, toInstant } from '@breakwater/kernel';
import { Select } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { instantOf, MomentField } from './moment-field.tsx';

/** For how long: hours, or until a moment that the reader's own clocks show. */
export interface TermDraft {
  readonly hours: string;
  readonly until: string;
}

export const blankTerm: TermDraft = { hours: '72', until: '' };

const lengths = [
  ['8', '8 hours'],
  ['24', '1 day'],
  ['72', '3 days'],
  ['168', '1 week'],
  // A little less: the clock of a reader may be ahead of the server's, which allows no more.
  ['335.8', '2 weeks'],
  ['', 'Until a day and an hour'],
] as const;

interface TermFieldProps {
  readonly value: TermDraft;
  readonly onChange: (value: TermDraft) => void;
}

/** How long something is meant to be held. */
export function TermField({ value, onChange }: TermFieldProps) {
  return (
    <>
      <Select
        label="For how long"
        hint="It ends by itself. Renew it while you work; give it back when you are done."
        value={value.hours}
        onChange={(hours) => onChange({ ...value, hours })}
        choices={lengths}
      />
      {value.hours === '' ? (
        <MomentField
          label="Until"
          value={value.until}
          zone={localZone()}
          onChange={(until) => onChange({ ...value, until })}
        />
      ) : null}
    </>
  );
}

/** When it ends, if it begins now; null: not said yet. */
export function untilOf({ hours, until }: TermDraft, nowMs: number): Instant | null {
  if (hours === '') return instantOf(until, localZone());
  return addMilliseconds(toInstant(new Date(nowMs)), Number(hours) * 3_600_000);
}
