import { correlate, validate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { Select, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';

interface ReproduceFormProps {
  readonly id: Id<'case'>;
  readonly onDone: () => void;
}

/** Runs a proof again in the sandbox, as often as asked. */
export function ReproduceForm({ id, onDone }: ReproduceFormProps) {
  const say = useSay();
  const findings = useLoad(correlate.findings, { params: { case: id } });
  const { act, busy, problem } = useAct(validate.request);
  const [chosen, setChosen] = useState('');
  const [attempts, setAttempts] = useState('5');
  const finding = parseId('finding', chosen);
  const times = Number(attempts);
  const missing =
    finding === null
      ? 'Choose a finding first.'
      : Number.isInteger(times) && times >= 3 && times <= 50
        ? null
        : 'A whole number from 3 to 50 first.';
  return (
    <ActForm
      label="Run the proof"
      busy={busy}
      problem={problem}
      reason={missing}
      onSubmit={() => {
        if (finding === null) return;
        act({ params: { case: id }, body: { finding, attempts: times } }, () => {
          say('Queued. The page renews itself when it has run.');
          onDone();
        });
      }}
    >
      <Show what="the findings" {...findings}>
        {({ members }) => (
          <Select
            label="Proof of which finding"
            value={chosen}
            onChange={setChosen}
            choices={[
              ['', 'choose'],
              ...members.map(({ finding: one }) => [one.id, `“${one.title}”`] as const),
            ]}
          />
        )}
      </Show>
      <TextField
        label="How often"
        hint="From 3 to 50. A control build and a benign input run beside it."
        type="number"
        value={attempts}
        onChange={setAttempts}
      />
    </ActForm>
  );
}
