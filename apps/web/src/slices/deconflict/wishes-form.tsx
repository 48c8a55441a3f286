import type { Wishes } from '@breakwater/contract';
import { wishes } from '@breakwater/contract';
import { Button } from '../../ui/button.tsx';
import { Check, Select, TextArea, TextField } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAt } from '../session/begun-at.ts';
import { type DraftPart, useDraft } from '../session/draft.ts';
import { useAct } from '../session/server.ts';
import { TimesEditor } from './times-editor.tsx';
import {
  channelKinds,
  draftOfWishes,
  type NotDraft,
  type WishesDraft,
  wishesOf,
  wishesWrong,
} from './wishes-draft.ts';
import { WishesShown } from './wishes-shown.tsx';

interface WishesFormProps {
  readonly target: string;
  /** What one said before, in whose place this comes. */
  readonly standing?: Wishes;
  readonly onDone: () => void;
}

/** Says what one wishes for a target: in place of what one said before. */
export function WishesForm({ target, standing, onDone }: WishesFormProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(wishes.stateWishes);
  const [draft, change] = useDraft(() => draftOfWishes(standing ?? null, localZone()));
  const begun = useBegunAt(standing?.revision ?? null, problem);
  function send(): void {
    const revision = begun === null ? {} : { ifRevision: begun };
    act({ body: { target, ...wishesOf(draft), ...revision } }, () => {
      say('Your wishes are kept.');
      onDone();
    });
  }
  return (
    <ActForm
      label="Keep these wishes"
      busy={busy}
      problem={problem}
      reason={wishesWrong(draft)}
      now={standing === undefined ? null : <WishesShown item={standing} />}
      onSubmit={send}
    >
      <Check
        label="I want no search here at all"
        more="Nobody is granted a claim on it, and claims that are held on it end at once."
        checked={draft.optOut}
        onChange={(optOut) => change({ optOut })}
      />
      {draft.optOut ? (
        <TextArea
          label="Why, in your words (you may leave it out)"
          value={draft.optOutWords}
          onChange={(optOutWords) => change({ optOutWords })}
          rows={2}
          maxLength={4_000}
        />
      ) : null}
      <TimesEditor
        legend="Quiet times"
        hint="When nobody shall begin: a release week, a holiday, nights."
        value={draft.quiet}
        onChange={(quiet) => change({ quiet })}
        yearly
      />
      <Check
        label="Show the pace at which you take cases"
        more="How many cases a week you want, as you set it."
        checked={draft.showPace}
        onChange={(showPace) => change({ showPace })}
      />
      <Told draft={draft} onChange={change} />
      <TextArea
        label="Policy pages"
        hint="Addresses that begin with https, one a line."
        value={draft.policies}
        onChange={(policies) => change({ policies })}
        rows={2}
        exact
      />
      <TextArea
        label="Threat model"
        hint="What you defend against, and what not. It is quoted as you write it."
        value={draft.threatModel}
        onChange={(threatModel) => change({ threatModel })}
        rows={4}
        maxLength={100_000}
      />
      <NotVulnerabilities draft={draft} onChange={change} />
    </ActForm>
  );
}

/** How the owner wants to be told. */
function Told({ draft, onChange }: DraftPart<WishesDraft>) {
  return (
    <div className="form-line">
      <Select
        label="How do you want to be told?"
        value={draft.channel}
        onChange={(value) =>
          onChange({
            channel: channelKinds.map(([kind]) => kind).find((kind) => kind === value) ?? '',
          })
        }
        choices={channelKinds}
      />
      {draft.channel === '' || draft.channel === 'here' ? null : (
        <TextField
          label="Where"
          value={draft.address}
          onChange={(address) => onChange({ address })}
          maxLength={2_000}
        />
      )}
    </div>
  );
}

function NotVulnerabilities({ draft, onChange }: DraftPart<WishesDraft>) {
  const rows = draft.nots;
  const swap = (key: string, next: NotDraft | null) =>
    onChange({ nots: rows.flatMap((row) => (row.key === key ? (next ?? []) : row)) });
  return (
    <fieldset className="field times">
      <legend>Not a vulnerability to you</legend>
      <p className="small soft">
        What finders need not hand in. It is shown to them; what they hand in all the same still
        comes, marked so.
      </p>
      {rows.map((row) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset reads its legend twice
        <div key={row.key} className="time-row" role="group" aria-label="Not a vulnerability">
          <div className="form-line">
            <TextField
              label="Class"
              hint="Such as CWE-400; empty: any."
              value={row.weakness}
              onChange={(weakness) => swap(row.key, { ...row, weakness })}
              maxLength={10}
              exact
            />
            <TextField
              label="Path"
              hint="Such as tests/**; empty: any."
              value={row.path}
              onChange={(path) => swap(row.key, { ...row, path })}
              maxLength={300}
              exact
            />
          </div>
          <TextArea
            label="Why not"
            value={row.words}
            onChange={(words) => swap(row.key, { ...row, words })}
            rows={2}
            maxLength={4_000}
          />
          <Button kind="quiet" onPress={() => swap(row.key, null)}>
            Remove
          </Button>
        </div>
      ))}
      <Button
        onPress={() =>
          onChange({
            nots: [...rows, { key: `new ${Date.now()}`, weakness: '', path: '', words: '' }],
          })
        }
      >
        Add one
      </Button>
    </fieldset>
  );
}
