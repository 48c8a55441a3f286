import { OpaqueReference } from '@breakwater/contract';
import { Field, TextField } from '../../ui/field.tsx';

/** The day of a paper that lies elsewhere, and the number under which it does. */
export interface Paper {
  /** `2026-11-21` */
  readonly date: string;
  readonly reference: string;
}

/** Whether both are given, in their form. */
export function isDated({ date, reference }: Paper): boolean {
  return date !== '' && OpaqueReference.safeParse(reference).success;
}

interface PaperFieldsProps {
  readonly paper: Paper;
  readonly onChange: (paper: Paper) => void;
}

/** Asks for a date and a reference, in which nothing but a number can stand. */
export function PaperFields({ paper, onChange }: PaperFieldsProps) {
  const { date, reference } = paper;
  const isWrong = reference !== '' && !OpaqueReference.safeParse(reference).success;
  return (
    <>
      <Field label="Date" hint="The day that stands on the paper.">
        {({ id, describedBy }) => (
          <input
            id={id}
            type="date"
            className="input"
            value={date}
            aria-describedby={describedBy}
            onChange={(event) => onChange({ ...paper, date: event.target.value })}
          />
        )}
      </Field>
      <TextField
        label="Reference"
        hint="The number under which the paper lies, such as NSA-2026-0117. Nothing else can stand here."
        error={isWrong ? 'expected a reference such as NSA-2026-0117' : null}
        value={reference}
        onChange={(value) => onChange({ ...paper, reference: value.trim() })}
        maxLength={20}
        exact
      />
    </>
  );
}
