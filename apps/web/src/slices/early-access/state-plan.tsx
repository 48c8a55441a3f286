import { earlyAccess } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';

interface StatePlanProps {
  readonly engagement: Id<'engagement'>;
  readonly onDone: () => void;
}

const empty = { objectives: '', who: '', outputs: '', afterwards: '' };

/** States what early access is for, before there is any. */
export function StatePlan({ engagement, onDone }: StatePlanProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(earlyAccess.statePlan);
  const [said, setSaid] = useState(empty);
  const [persons, setPersons] = useState('5');
  const [days, setDays] = useState('14');
  const set = (key: keyof typeof empty) => (value: string) =>
    setSaid((now) => ({ ...now, [key]: value }));
  const personsMax = wholeIn(persons, 1, 500);
  const returnWithinDays = wholeIn(days, 0, 90);
  const isWhole = Object.values(said).every((text) => text.trim().length >= 3);
  const isReady = isWhole && personsMax !== null && returnWithinDays !== null;
  return (
    <Dialog
      open
      onClose={onDone}
      wide
      title="State a plan"
      lede="The developer reads it before it opens a window. It does not change once stated. Nothing classified."
    >
      <ActForm
        label="State it"
        busy={busy}
        problem={problem}
        reason={isReady ? null : 'Answer every question first.'}
        onSubmit={() => {
          if (personsMax === null || returnWithinDays === null) return;
          const body = { ...said, personsMax, returnWithinDays };
          act({ params: { engagement }, body }, () => {
            say('Stated.');
            onDone();
          });
        }}
      >
        <TextArea
          label="What is it for?"
          hint="What you mean to find out."
          value={said.objectives}
          onChange={set('objectives')}
          rows={3}
        />
        <TextArea label="Who will have access?" value={said.who} onChange={set('who')} rows={2} />
        <TextArea
          label="What comes out?"
          hint="Findings, an assessment, figures."
          value={said.outputs}
          onChange={set('outputs')}
          rows={2}
        />
        <TextArea
          label="What becomes of copies afterwards?"
          hint="How they are returned or destroyed."
          value={said.afterwards}
          onChange={set('afterwards')}
          rows={2}
        />
        <TextField
          label="How many persons inside at one time, at most?"
          hint="A whole number from 1 to 500."
          value={persons}
          onChange={setPersons}
          type="number"
        />
        <TextField
          label="Within how many days is everything returned or destroyed?"
          hint="A whole number from 0 to 90, counted from when access ends."
          value={days}
          onChange={setDays}
          type="number"
        />
      </ActForm>
    </Dialog>
  );
}

/** The whole number that a text is; null: none, or out of bounds. */
function wholeIn(text: string, min: number, max: number): number | null {
  const value = /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
}
