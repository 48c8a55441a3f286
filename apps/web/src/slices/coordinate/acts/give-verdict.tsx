import { owner, type ownerVerdicts } from '@breakwater/contract';
import { useState } from 'react';
import { Radios, TextArea } from '../../../ui/field.tsx';
import { useSay } from '../../../ui/toast.tsx';
import { ActForm } from '../../session/act-form.tsx';
import { useAct } from '../../session/server.ts';
import { verdictWords } from '../words.ts';
import type { ActProps } from './act.ts';

type Verdict = (typeof ownerVerdicts)[number];

const choices = [
  ['affected', verdictWords.affected, 'It is a weakness of our software, and we mend it.'],
  ['not-affected', verdictWords['not-affected'], 'It cannot happen in what we ship.'],
  ['will-not-fix', verdictWords['will-not-fix'], 'It is real, and it stays as it is.'],
  ['disputed', verdictWords.disputed, 'We do not see a weakness in it.'],
] as const satisfies readonly (readonly [Verdict, string, string])[];

/** What the owner says the case is: nobody else can say or change it. */
export function GiveVerdict({ shown, onDone }: ActProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(owner.giveVerdict);
  const [is, setIs] = useState<Verdict | null>(null);
  const [words, setWords] = useState('');
  const missing = is === null ? 'Choose one of the four first.' : null;
  return (
    <ActForm
      label="Give the verdict"
      busy={busy}
      problem={problem}
      reason={missing ?? (words.trim() === '' ? 'Say why, in your own words.' : null)}
      onSubmit={() => {
        if (is === null) return;
        act({ params: { case: shown.id }, body: { is, words: words.trim() } }, () => {
          say('Your verdict is given.');
          onDone();
        });
      }}
    >
      <Radios
        legend="What is it?"
        value={is ?? ''}
        onChange={(value) => setIs(choices.find(([known]) => known === value)?.[0] ?? null)}
        choices={choices}
      />
      <TextArea
        label="Why"
        hint="The coordinator reads it. The finders are told the verdict, not these words."
        value={words}
        onChange={setWords}
        maxLength={20_000}
      />
    </ActForm>
  );
}
