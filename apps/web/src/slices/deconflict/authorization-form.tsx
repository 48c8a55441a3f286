import type { Authorization } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { Check, TextArea, TextField } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAt } from '../session/begun-at.ts';
import { type DraftPart, useDraft } from '../session/draft.ts';
import { useAct } from '../session/server.ts';
import {
  type AuthorizationDraft,
  authorizationOf,
  authorizationWrong,
  draftOfAuthorization,
  newAuthorization,
} from './authorization-draft.ts';
import { AuthorizationFacts } from './authorization-facts.tsx';
import { MethodsField } from './claim-fields.tsx';
import { MomentField } from './moment-field.tsx';
import { TargetsField } from './targets-field.tsx';
import { TimesEditor } from './times-editor.tsx';

interface AuthorizationFormProps {
  readonly target: string;
  /** The one that is changed; absent: a new one. */
  readonly standing?: Authorization;
  readonly onDone: () => void;
}

/** Writes down who may do what to a system, when, how fast and when never. */
export function AuthorizationForm({ target, standing, onDone }: AuthorizationFormProps) {
  const say = useSay();
  const zone = localZone();
  const fresh = useAct(authorizations.authorize);
  const revise = useAct(authorizations.reviseAuthorization);
  const [draft, change] = useDraft(() =>
    standing === undefined
      ? newAuthorization(target, { zone, nowMs: Date.now() })
      : draftOfAuthorization(standing, zone),
  );
  const begun = useBegunAt(standing?.revision ?? null, revise.problem);
  function send(): void {
    const body = authorizationOf(draft, zone, standing ?? null);
    if (body === null) return;
    const done = () => {
      say(standing === undefined ? 'It is written.' : 'It is changed.');
      onDone();
    };
    if (standing === undefined) fresh.act({ body }, done);
    else {
      const params = { authorization: standing.id };
      revise.act({ params, body: { ...body, ifRevision: begun ?? standing.revision } }, done);
    }
  }
  return (
    <ActForm
      label={standing === undefined ? 'Write it' : 'Change it'}
      busy={fresh.busy || revise.busy}
      problem={fresh.problem ?? revise.problem}
      reason={authorizationWrong(draft, zone)}
      now={standing === undefined ? null : <AuthorizationFacts item={standing} />}
      onSubmit={send}
    >
      <Where draft={draft} onChange={change} />
      <Who draft={draft} onChange={change} />
      <When draft={draft} onChange={change} zone={zone} />
      <TimesEditor
        legend="Never"
        hint="Times at which nothing runs, whatever else is allowed: the hours of a plant, a change freeze, a holiday."
        value={draft.never}
        onChange={(never) => change({ never })}
      />
      <TextArea
        label="How you are reached while something runs"
        hint="Those who may begin read it: a telephone that is answered, an address of a desk."
        value={draft.contact}
        onChange={(contact) => change({ contact })}
        rows={2}
        maxLength={2_000}
      />
    </ActForm>
  );
}

function Where({ draft, onChange }: DraftPart<AuthorizationDraft>) {
  return (
    <>
      <TargetsField
        label="In scope"
        hint="One a line. *.example.org is every host below the name, and not the name itself."
        value={draft.targets}
        onChange={(targets) => onChange({ targets })}
      />
      <TargetsField
        label="Out of scope"
        hint="One a line. Out beats in."
        value={draft.except}
        onChange={(except) => onChange({ except })}
      />
      <MethodsField
        legend="What may be done"
        value={draft.methods}
        onChange={(methods) => onChange({ methods })}
      />
    </>
  );
}

function Who({ draft, onChange }: DraftPart<AuthorizationDraft>) {
  return (
    <fieldset className="field">
      <legend>Who may</legend>
      <Check
        label="Every finder who takes part here"
        more="Leave it off to allow only those named below."
        checked={draft.finders}
        onChange={(finders) => onChange({ finders })}
      />
      <TextArea
        label="Named parties"
        hint="Ids of parties, one a line. Each finds its own under its account."
        value={draft.parties}
        onChange={(parties) => onChange({ parties })}
        rows={2}
        exact
      />
    </fieldset>
  );
}

function When({
  draft,
  onChange,
  zone,
}: DraftPart<AuthorizationDraft> & { readonly zone: string }) {
  return (
    <>
      <MomentField
        label="From"
        value={draft.from}
        zone={zone}
        onChange={(from) => onChange({ from })}
      />
      <MomentField
        label="Until"
        value={draft.until}
        zone={zone}
        onChange={(until) => onChange({ until })}
      />
      <div className="form-line">
        <TextField
          label="Requests a second"
          hint="At most; empty: no bound."
          type="number"
          value={draft.requestsPerSecond}
          onChange={(requestsPerSecond) => onChange({ requestsPerSecond })}
        />
        <TextField
          label="Connections at once"
          hint="At most; empty: no bound."
          type="number"
          value={draft.connections}
          onChange={(connections) => onChange({ connections })}
        />
      </div>
    </>
  );
}
