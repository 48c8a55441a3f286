import { type Terms, terms } from '@breakwater/contract';
import { digestOf, utf8 } from '@breakwater/kernel';
import { useMemo, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Digest } from '../../ui/digest.tsx';
import { TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { kindWords } from './words.ts';

interface SignTermsProps {
  readonly version: Terms;
  /** As it stands on the page: what is signed is the digest of this. */
  readonly text: string;
  readonly onDone: () => void;
}

/** Signs a version for one's side: the digest is computed here, over the text that was shown. */
export function SignTerms({ version, text, onDone }: SignTermsProps) {
  const { id, engagement, kind, version: number } = version;
  const say = useSay();
  const { act, busy, problem } = useAct(terms.sign);
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const digest = useMemo(() => digestOf(utf8(text)), [text]);
  const isWhole = name.trim() !== '' && title.trim() !== '';
  return (
    <Dialog
      open
      onClose={onDone}
      title={`Sign version ${number} of ${kindWords[kind][0].toLowerCase()}?`}
      lede="For your side, by your name. Once the other side signs the same text, it is agreed."
    >
      <ActForm
        label="Sign it"
        busy={busy}
        problem={problem}
        reason={isWhole ? null : 'Give name and title first.'}
        onSubmit={() =>
          act(
            {
              params: { engagement, terms: id },
              body: { name: name.trim(), title: title.trim(), digest },
            },
            ({ inForce }) => {
              say(inForce ? 'Signed by both sides.' : 'Signed for your side.');
              onDone();
            },
          )
        }
      >
        <TextField label="Your name" value={name} onChange={setName} maxLength={300} />
        <TextField
          label="Your title"
          hint="As what you sign, such as General Counsel."
          value={title}
          onChange={setTitle}
          maxLength={300}
        />
        <p className="small soft">
          You sign this text: <Digest value={digest} />, computed in this browser.
        </p>
      </ActForm>
    </Dialog>
  );
}
