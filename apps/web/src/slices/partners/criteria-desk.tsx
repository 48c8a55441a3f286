import type { PartnerCriterion } from '@breakwater/contract';
import { partnerAsks, partners } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Check, TextArea, TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { criteriaLack, criterionId, criterionOf, type EditedCriterion } from './criteria-edit.ts';
import { CriteriaShown } from './criteria-shown.tsx';
import { askWords } from './words.ts';

/** The criteria that stand, and a new version of them. */
export function CriteriaDesk() {
  const [isEditing, setIsEditing] = useState(false);
  const read = useLoad(partners.criteria, {});
  return (
    <Show what="the criteria" {...read}>
      {({ criteria, draft }) =>
        isEditing ? (
          <EditForm criteria={criteria} onDone={() => setIsEditing(false)} />
        ) : (
          <>
            <CriteriaShown asked={undefined} />
            <Buttons>
              <Button onPress={() => setIsEditing(true)}>
                {draft ? 'Publish criteria' : 'Write a new version'}
              </Button>
            </Buttons>
          </>
        )
      }
    </Show>
  );
}

interface EditProps {
  readonly criteria: readonly PartnerCriterion[];
  readonly onDone: () => void;
}

function EditForm({ criteria, onDone }: EditProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(partners.publishCriteria);
  const [why, setWhy] = useState('');
  const [rows, setRows] = useState<readonly EditedCriterion[]>(() =>
    criteria.map((criterion) => ({ ...criterion, key: criterion.id })),
  );
  const change = (key: string, part: Partial<PartnerCriterion>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <ActForm
      label="Publish"
      busy={busy}
      problem={problem}
      reason={criteriaLack(rows, why)}
      onSubmit={() =>
        act(
          {
            body: {
              criteria: rows.map(criterionOf),
              why: why.trim(),
            },
          },
          ({ version }) => {
            say(`Version ${version} is published.`);
            onDone();
          },
        )
      }
    >
      <p className="small soft">
        They hold for applications from now on. What came before is judged by what stood then.
      </p>
      {rows.map((row, at) => (
        <EditOne
          key={row.key}
          number={at + 1}
          row={row}
          onChange={(part) => change(row.key, part)}
          onRemove={() => setRows(rows.filter(({ key }) => key !== row.key))}
        />
      ))}
      <Buttons>
        <Button onPress={() => setRows([...rows, blank(rows)])}>Add a criterion</Button>
        <Button onPress={onDone}>Leave it as it is</Button>
      </Buttons>
      <TextArea
        label="Why"
        hint="Everybody reads it."
        value={why}
        onChange={setWhy}
        rows={3}
        maxLength={4_000}
      />
    </ActForm>
  );
}

function blank(rows: readonly EditedCriterion[]): EditedCriterion {
  const id = criterionId(rows.map((row) => row.id));
  return { key: id, id, words: '', judgedBy: '', shownBy: '', appliesTo: [...partnerAsks] };
}

interface EditOneProps {
  readonly number: number;
  readonly row: EditedCriterion;
  readonly onChange: (part: Partial<PartnerCriterion>) => void;
  readonly onRemove: () => void;
}

function EditOne({ number, row, onChange, onRemove }: EditOneProps) {
  return (
    <fieldset className="criterion-edit">
      <legend>Criterion {number}</legend>
      <TextField
        label="What has to hold"
        value={row.words}
        onChange={(words) => onChange({ words })}
        maxLength={300}
      />
      <TextField
        label="How it is judged"
        value={row.judgedBy}
        onChange={(judgedBy) => onChange({ judgedBy })}
        maxLength={300}
      />
      <TextField
        label="What shows it"
        value={row.shownBy}
        onChange={(shownBy) => onChange({ shownBy })}
        maxLength={300}
      />
      <div>
        {partnerAsks.map((ask) => (
          <Check
            key={ask}
            label={`Judged where ${askWords[ask][0].toLowerCase()} is asked for`}
            checked={row.appliesTo.includes(ask)}
            onChange={(checked) =>
              onChange({
                appliesTo: partnerAsks.filter((each) =>
                  each === ask ? checked : row.appliesTo.includes(each),
                ),
              })
            }
          />
        ))}
      </div>
      <Button kind="quiet" onPress={onRemove} label={`Take criterion ${number} out`}>
        Take it out
      </Button>
    </fieldset>
  );
}
