import type { DesignationFile, EvaluationPart } from '@breakwater/contract';
import { designate, evaluationParts } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Check } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useMe } from '../session/me.ts';
import { useAct } from '../session/server.ts';
import { partWords } from './words.ts';

/** What the developer was told of evaluations, and telling more. */
export function Assessments({ file }: { readonly file: DesignationFile }) {
  const role = useMe()?.party.role;
  const [telling, setTelling] = useState(false);
  const newest = file.evaluations.at(-1);
  const tells = (role === 'liaison' || role === 'official') && file.engagement !== null;
  return (
    <>
      {file.assessments.length === 0 ? (
        <Empty>Nothing of an evaluation was told.</Empty>
      ) : (
        <ul className="small">
          {file.assessments.map(({ id, parts, by, at }) => (
            <li key={id}>
              Told: {partsWords(parts)}; by {by.name}, <Time at={at} />
            </li>
          ))}
        </ul>
      )}
      {tells ? (
        <div className="mt-3">
          <Buttons>
            <Button
              onPress={() => setTelling(true)}
              reason={newest === undefined ? 'It was not evaluated yet.' : null}
            >
              Tell the developer
            </Button>
          </Buttons>
        </div>
      ) : null}
      {telling && newest !== undefined ? (
        <Tell file={file.id} evaluation={newest.id} onDone={() => setTelling(false)} />
      ) : null}
    </>
  );
}

/** The parts that were told, inside a sentence. */
export function partsWords(parts: readonly EvaluationPart[]): string {
  return parts.map((part) => partWords[part].toLowerCase()).join(', ');
}

interface TellProps {
  readonly file: DesignationFile['id'];
  readonly evaluation: DesignationFile['evaluations'][number]['id'];
  readonly onDone: () => void;
}

function Tell({ file, evaluation, onDone }: TellProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(designate.tell);
  const [chosen, setChosen] = useState<readonly EvaluationPart[]>([]);
  return (
    <Dialog
      open
      onClose={onDone}
      title="Tell the developer"
      lede="Of the newest evaluation, the parts you choose and no more. What was told cannot be taken back."
    >
      <ActForm
        label="Tell it"
        busy={busy}
        problem={problem}
        reason={chosen.length === 0 ? 'Choose a part first.' : null}
        onSubmit={() =>
          act({ params: { file }, body: { evaluation, parts: [...chosen] } }, () => {
            say('Told.');
            onDone();
          })
        }
      >
        <fieldset className="field">
          <legend>Which parts?</legend>
          {evaluationParts.map((part) => (
            <Check
              key={part}
              label={partWords[part]}
              checked={chosen.includes(part)}
              onChange={(isOn) =>
                setChosen((now) =>
                  evaluationParts.filter((each) => (each === part ? isOn : now.includes(each))),
                )
              }
            />
          ))}
        </fieldset>
      </ActForm>
    </Dialog>
  );
}
