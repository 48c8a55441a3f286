import type { Allotment, QuotaKind, QuotaSpan } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { useState } from 'react';
import { Check, Select, TextArea, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAt } from '../session/begun-at.ts';
import { type DraftPart, useDraft } from '../session/draft.ts';
import { useAct } from '../session/server.ts';
import {
  type AllotmentDraft,
  allotmentOf,
  blankAllotment,
  draftOfAllotment,
} from './allotment-draft.ts';
import { LimitsShown } from './key-limits.tsx';
import { kindWords } from './words.ts';

const perWords: readonly (readonly [QuotaSpan, string])[] = [
  ['minute', 'a minute'],
  ['day', 'a day of UTC'],
  ['grant', 'in all'],
];
const kinds = ['requests', 'inputTokens', 'outputTokens', 'costMicros'] as const;

interface AllotmentFormProps {
  /** The one that is stated anew; null: the first of a window or a tier. */
  readonly standing: Allotment | null;
  /** Windows and tiers that have none yet, and what they are called. */
  readonly scopes: readonly (readonly [scope: string, label: string])[];
  readonly onDone: () => void;
}

/** States what each grant in a window, or each partnership of a tier, takes at most. */
export function AllotmentForm({ standing, scopes, onDone }: AllotmentFormProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(gateway.allot);
  const begun = useBegunAt(standing?.revision ?? null, problem);
  const [scope, setScope] = useState<string>(standing?.of ?? '');
  const [draft, change] = useDraft(() =>
    standing === null ? blankAllotment : draftOfAllotment(standing),
  );
  const wish = allotmentOf(draft);
  const params = gateway.allot.params.safeParse({ scope });
  return (
    <ActForm
      label="State it"
      busy={busy}
      problem={problem}
      now={standing === null ? null : <LimitsShown limits={standing.limits} />}
      reason={
        params.success
          ? wish === null
            ? 'Fill in what is missing, in the form it is asked in.'
            : null
          : 'Choose a window or a tier first.'
      }
      onSubmit={() => {
        if (wish === null || !params.success) return;
        const ifRevision = begun === null ? {} : { ifRevision: begun };
        act({ params: params.data, body: { ...wish, ...ifRevision } }, () => {
          say('Stated.');
          onDone();
        });
      }}
    >
      {standing === null ? (
        <Select
          label="Of which window or tier"
          value={scope}
          onChange={setScope}
          choices={[['', scopes.length === 0 ? 'There is none without' : 'Choose'], ...scopes]}
        />
      ) : null}
      <Fields draft={draft} onChange={change} />
    </ActForm>
  );
}

function Fields({ draft, onChange }: DraftPart<AllotmentDraft>) {
  const text = (key: 'outputTokensMax' | 'concurrency' | 'keysMax') => ({
    value: draft[key],
    onChange: (value: string) => onChange({ [key]: value }),
  });
  return (
    <>
      <TextField
        label="What clients say for the model"
        hint="One name or several, with a space between; the first is told to partners."
        value={draft.names}
        onChange={(names) => onChange({ names })}
        exact
      />
      {perWords.map(([span, words]) => (
        <Quotas key={span} span={span} words={words} draft={draft} onChange={onChange} />
      ))}
      <TextField label="Output tokens of one request" exact {...text('outputTokensMax')} />
      <TextField label="Requests at one time" exact {...text('concurrency')} />
      <TextField label="Keys on one access" exact {...text('keysMax')} />
      <Check
        label="Every key is bound to a key pair or a certificate"
        more="Who finds a key cannot use it. For the highest tier."
        checked={draft.demandsProof}
        onChange={(demandsProof) => onChange({ demandsProof })}
      />
      <TextArea
        label="Keep what is said, for these readers"
        hint="Recipients of age, one a line; it is encrypted to them. Left empty, nothing is kept. Only if the terms say so."
        value={draft.keepsFor}
        onChange={(keepsFor) => onChange({ keepsFor })}
        rows={2}
        exact
      />
    </>
  );
}

interface QuotasProps extends DraftPart<AllotmentDraft> {
  readonly span: QuotaSpan;
  readonly words: string;
}

function Quotas({ span, words, draft, onChange }: QuotasProps) {
  const set = (kind: QuotaKind) => (value: string) =>
    onChange({ quotas: { ...draft.quotas, [span]: { ...draft.quotas[span], [kind]: value } } });
  return (
    <fieldset className="field quota-fields">
      <legend>At most {words}</legend>
      <p className="small soft">What is left empty has no limit.</p>
      {kinds.map((kind) => (
        <TextField
          key={kind}
          label={kind === 'costMicros' ? `Money, in ${draft.currency}` : kindWords[kind]}
          value={draft.quotas[span][kind]}
          onChange={set(kind)}
          exact
        />
      ))}
    </fieldset>
  );
}
