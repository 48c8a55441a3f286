import type { OwnTier } from '@breakwater/contract';
import { partnerAsks, partners } from '@breakwater/contract';
import { Check, TextArea, TextField } from '../../ui/field.tsx';
import { localZone } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { MomentField } from '../deconflict/moment-field.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useBegunAt } from '../session/begun-at.ts';
import { type DraftPart, useDraft } from '../session/draft.ts';
import { useAct } from '../session/server.ts';
import { TierCard } from './tier-card.tsx';
import { blankTier, type TierDraft, tierDraftOf, tierLacks, tierOfDraft } from './tier-draft.ts';
import { askWords } from './words.ts';

interface TierFormProps {
  /** The one that is changed; null: a new one. */
  readonly standing: OwnTier | null;
  readonly onDone: () => void;
}

/** Writes down a tier. */
export function TierForm({ standing, onDone }: TierFormProps) {
  const say = useSay();
  const zone = localZone();
  const fresh = useAct(partners.openTier);
  const revise = useAct(partners.reviseTier);
  const [draft, change] = useDraft(() =>
    standing === null ? blankTier : tierDraftOf(standing, zone),
  );
  const begun = useBegunAt(standing?.revision ?? null, revise.problem);
  function send(): void {
    const body = tierOfDraft(draft, zone);
    const done = () => {
      say(standing === null ? 'It is offered.' : 'It is changed.');
      onDone();
    };
    if (standing === null) fresh.act({ body }, done);
    else {
      const ifRevision = begun ?? standing.revision;
      revise.act({ params: { tier: standing.id }, body: { ...body, ifRevision } }, done);
    }
  }
  return (
    <ActForm
      label={standing === null ? 'Offer it' : 'Change it'}
      busy={fresh.busy || revise.busy}
      problem={fresh.problem ?? revise.problem}
      reason={tierLacks(draft, zone)}
      now={standing === null ? null : <TierCard tier={standing} />}
      onSubmit={send}
    >
      <What draft={draft} onChange={change} />
      <When draft={draft} onChange={change} zone={zone} />
      <Behind draft={draft} onChange={change} />
    </ActForm>
  );
}

function What({ draft, onChange }: DraftPart<TierDraft>) {
  return (
    <>
      <TextField
        label="Public name"
        hint="Everybody reads it. It need not say which model is behind it."
        value={draft.name}
        onChange={(name) => onChange({ name })}
        maxLength={300}
      />
      <TextArea
        label="What it is"
        value={draft.about}
        onChange={(about) => onChange({ about })}
        rows={3}
        maxLength={4_000}
      />
      <fieldset className="field">
        <legend>What it gives</legend>
        {partnerAsks.map((ask) => (
          <Check
            key={ask}
            label={askWords[ask][0]}
            more={askWords[ask][1]}
            checked={draft.gives.includes(ask)}
            onChange={(checked) =>
              onChange({
                gives: partnerAsks.filter((each) =>
                  each === ask ? checked : draft.gives.includes(each),
                ),
              })
            }
          />
        ))}
      </fieldset>
      <TextArea
        label="Terms"
        hint="Whole. Partners accept exactly these; new ones have to be accepted anew."
        value={draft.terms}
        onChange={(terms) => onChange({ terms })}
        rows={8}
        maxLength={100_000}
      />
    </>
  );
}

function When({ draft, onChange, zone }: DraftPart<TierDraft> & { readonly zone: string }) {
  return (
    <>
      <MomentField
        label="Access from"
        hint={`As the clocks in ${zone} show it; empty: not said yet. Never within the Government’s window.`}
        value={draft.from}
        zone={zone}
        onChange={(from) => onChange({ from })}
      />
      <MomentField
        label="Access until"
        value={draft.until}
        zone={zone}
        onChange={(until) => onChange({ until })}
      />
      <div className="form-line">
        <TextField
          label="Days of a partnership"
          type="number"
          value={draft.partnershipDays}
          onChange={(partnershipDays) => onChange({ partnershipDays })}
        />
        <TextField
          label="Looked at again after days"
          type="number"
          value={draft.reviewDays}
          onChange={(reviewDays) => onChange({ reviewDays })}
        />
      </div>
      <Check
        label="It takes applications"
        checked={draft.takesApplications}
        onChange={(takesApplications) => onChange({ takesApplications })}
      />
    </>
  );
}

function Behind({ draft, onChange }: DraftPart<TierDraft>) {
  return (
    <>
      <TextField
        label="What partners are told of the model"
        hint="Only after they accepted the terms. Empty: nothing yet."
        value={draft.modelTold}
        onChange={(modelTold) => onChange({ modelTold })}
        maxLength={300}
      />
      <TextField
        label="Id of the model"
        hint="Told to nobody. With it, no partner comes in while the Government’s window on that model is open."
        value={draft.model}
        onChange={(model) => onChange({ model })}
        maxLength={40}
        exact
      />
    </>
  );
}
