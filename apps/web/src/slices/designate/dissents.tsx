import type { DesignationFile } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Time } from '../../ui/moment.tsx';
import { Empty } from '../../ui/note.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';

/** Every dissent as it was written. */
export function Dissents({ file: { id, dissent } }: { readonly file: DesignationFile }) {
  const [entering, setEntering] = useState(false);
  return (
    <>
      {dissent.length === 0 ? <Empty>Nobody dissented.</Empty> : null}
      <ul className="statements">
        {dissent.map(({ by, at, text }) => (
          <li key={`${by.id} ${at}`}>
            <QuoteBlock text={text ?? 'Erased.'} from={by.name} />
            <p className="small soft">
              <Time at={at} />
            </p>
          </li>
        ))}
      </ul>
      <div className="mt-3">
        <Buttons>
          <Button onPress={() => setEntering(true)}>Enter a dissent</Button>
        </Buttons>
      </div>
      {entering ? <EnterDissent file={id} onDone={() => setEntering(false)} /> : null}
    </>
  );
}

interface EnterDissentProps {
  readonly file: DesignationFile['id'];
  readonly onDone: () => void;
}

function EnterDissent({ file, onDone }: EnterDissentProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(designate.dissent);
  const [text, setText] = useState('');
  return (
    <Dialog
      open
      onClose={onDone}
      title="Enter a dissent"
      lede="It stays with the file, with your party’s name and unaltered, and the official reads it. Nothing classified."
    >
      <ActForm
        label="Enter it"
        busy={busy}
        problem={problem}
        reason={text.trim().length < 3 ? 'Write it first.' : null}
        onSubmit={() =>
          act({ params: { file }, body: { text: text.trim() } }, () => {
            say('Entered.');
            onDone();
          })
        }
      >
        <TextArea
          label="Where do you differ, and why?"
          value={text}
          onChange={setText}
          rows={6}
          maxLength={20_000}
        />
      </ActForm>
    </Dialog>
  );
}
