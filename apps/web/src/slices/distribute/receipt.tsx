import { distribute } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';

interface ReceiptProps {
  readonly notice: Id<'notice'>;
  readonly onReceipt: () => void;
  /** It was handed on already, and that need not be said twice. */
  readonly withHelper: boolean;
}

const outcomes = [
  ['done', 'It is done'],
  ['helper', 'Somebody else does it'],
  ['not-affected', 'We are not affected'],
] as const;

/** Reports a card done, handed to a helper, or not affected. */
export function Receipt({ notice, onReceipt, withHelper }: ReceiptProps) {
  const { act, busy, problem } = useAct(distribute.receipt);
  const [note, setNote] = useState('');
  const offered = outcomes.filter(([outcome]) => !(withHelper && outcome === 'helper'));
  const extra = note.trim() === '' ? {} : { note: note.trim() };
  return (
    <fieldset className="receipt no-print" disabled={busy}>
      <legend>Report back</legend>
      <label htmlFor={`${notice}-note`} className="small soft">
        Note (you may leave it empty)
      </label>
      <input
        className="input"
        id={`${notice}-note`}
        type="text"
        value={note}
        maxLength={4_000}
        onChange={(event) => setNote(event.target.value)}
      />
      <div className="buttons">
        {offered.map(([outcome, label]) => (
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
