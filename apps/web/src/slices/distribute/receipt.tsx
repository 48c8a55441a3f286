import { distribute } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';

interface ReceiptProps {
  readonly notice: Id<'notice'>;
  readonly onReceipt: () => void;
}

const outcomes = [
  ['done', 'It is done'],
  ['helper', 'A helper does it'],
  ['not-affected', 'We are not affected'],
] as const;

/** Reports a card done, handed to a helper, or not affected. */
export function Receipt({ notice, onReceipt }: ReceiptProps) {
  const { act, busy, problem } = useAct(distribute.receipt);
  const [note, setNote] = useState('');
  const extra = note.trim() === '' ? {} : { note: note.trim() };
  return (
    <fieldset className="receipt no-print" disabled={busy}>
      <legend>Report back</legend>
      <label htmlFor={`${notice}-note`} className="small soft">
        Note (you may leave it empty)
      </label>
      <input
        id={`${notice}-note`}
        type="text"
        value={note}
        maxLength={4_000}
        onChange={(event) => setNote(event.target.value)}
      />
      <div className="buttons">
        {outcomes.map(([outcome, label]) => (
          <button
            key={outcome}
            type="button"
            className={outcome === 'done' ? 'button button-first' : 'button'}
            onClick={() => act({ params: { notice }, body: { outcome, ...extra } }, onReceipt)}
          >
            {label}
          </button>
        ))}
      </div>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </fieldset>
  );
}
