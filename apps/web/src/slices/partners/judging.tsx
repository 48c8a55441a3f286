import type { PartnerCriterion } from '@breakwater/contract';
import { Radios, TextArea } from '../../ui/field.tsx';
import { Quote } from '../../ui/quote.tsx';
import type { KeyDraft } from './key-draft.ts';

interface JudgingProps {
  readonly criteria: readonly PartnerCriterion[];
  /** What the applicant said of each. */
  readonly said: ReadonlyMap<string, string>;
  readonly draft: KeyDraft;
  readonly onChange: (draft: KeyDraft) => void;
}

/** Each criterion beside what the applicant says of it, to be found met or not. */
export function Judging({ criteria, said, draft, onChange }: JudgingProps) {
  return criteria.map((criterion) => (
    <JudgedOne
      key={criterion.id}
      criterion={criterion}
      said={said.get(criterion.id) ?? null}
      value={draft[criterion.id] ?? nothing}
      onChange={(value) => onChange({ ...draft, [criterion.id]: value })}
    />
  ));
}

const nothing = { met: '', why: '' };

interface OneProps {
  readonly criterion: PartnerCriterion;
  readonly said: string | null;
  readonly value: KeyDraft[string];
  readonly onChange: (value: KeyDraft[string]) => void;
}

function JudgedOne({ criterion, said, value, onChange }: OneProps) {
  return (
    <div className="judged">
      <Radios
        legend={criterion.words}
        hint={
          <>
            <span className="under">How it is judged: {criterion.judgedBy}.</span>
            <span className="under">
              {said === null ? 'They said nothing of it.' : <>They say: {<Quote text={said} />}</>}
            </span>
          </>
        }
        value={value.met}
        onChange={(met) => onChange({ ...value, met })}
        choices={[
          ['yes', 'Met'],
          ['no', 'Not met'],
        ]}
      />
      {value.met === 'no' ? (
        <TextArea
          label="Why not"
          hint="The applicant reads it: what was expected, what came, what would do."
          value={value.why}
          onChange={(why) => onChange({ ...value, why })}
          rows={2}
          maxLength={2_000}
        />
      ) : null}
    </div>
  );
}
