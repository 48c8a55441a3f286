import { designate, measures } from '@breakwater/contract';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Radios, Select, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { unitOf } from './figure-words.ts';
import { type RuleDraft, ruleOf } from './rule-draft.ts';
import { measureWords } from './words.ts';

const empty: RuleDraft = {
  suite: '',
  measure: 'accuracy',
  threshold: '',
  level: '95',
  tokens: '',
  repetitions: '3',
  counts: 'without-invalid',
};

/** Registers a rule: what is measured, and against what, before any run. */
export function RegisterRule({ onDone }: { readonly onDone: () => void }) {
  const say = useSay();
  const { act, busy, problem } = useAct(designate.registerRule);
  const [draft, setDraft] = useState(empty);
  const document = ruleOf(draft);
  const set = (key: keyof RuleDraft) => (value: string) =>
    setDraft((now) => ({ ...now, [key]: value }));
  return (
    <Dialog
      open
      onClose={onDone}
      title="Register a rule"
      lede="Its digest goes into the log. Only runs that begin after that count, and it cannot be changed. Nothing classified."
    >
      <ActForm
        label="Register it"
        busy={busy}
        problem={problem}
        reason={document === null ? 'Give every figure in its form first.' : null}
        onSubmit={() => {
          if (document === null) return;
          act({ body: { document, seers: [] } }, () => {
            say('Registered.');
            onDone();
          });
        }}
      >
        <TextField
          label="The suite"
          hint="Its root: 64 hexadecimal digits, as it was sealed."
          value={draft.suite}
          onChange={set('suite')}
          maxLength={80}
          exact
        />
        <Select
          label="What is measured?"
          value={draft.measure}
          onChange={set('measure')}
          choices={measures.map((each) => [each, measureWords[each]])}
        />
        <TextField
          label="Threshold"
          hint={
            unitOf(draft.measure) === 'share'
              ? 'In percent, between 0 and 100.'
              : 'In minutes of human time.'
          }
          value={draft.threshold}
          onChange={set('threshold')}
          maxLength={12}
        />
        <TextField
          label="Confidence of the interval"
          hint="In percent, from 50 to 99.9. The whole interval is compared with the threshold."
          value={draft.level}
          onChange={set('level')}
          maxLength={6}
        />
        <TextField
          label="Tokens a sample may spend, at most"
          hint="A whole number; empty: no limit."
          value={draft.tokens}
          onChange={set('tokens')}
          maxLength={12}
        />
        <TextField
          label="Repetitions of each task, at least"
          hint="A whole number from 1 to 100."
          value={draft.repetitions}
          onChange={set('repetitions')}
          maxLength={3}
        />
        <Radios
          legend="What counts?"
          value={draft.counts}
          onChange={set('counts')}
          choices={[
            ['without-invalid', 'All but what reviewers found invalid', 'Both are shown.'],
            ['all', 'All samples', 'Both are shown.'],
          ]}
        />
      </ActForm>
    </Dialog>
  );
}
