import { verify } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import { useState } from 'react';
import { TextField } from '../../../ui/field.tsx';
import { FileDrop, type GivenFile } from '../../../ui/file-drop.tsx';
import { sizeWords } from '../../../ui/size.ts';
import { useSay } from '../../../ui/toast.tsx';
import { ActForm } from '../../session/act-form.tsx';
import { useAct } from '../../session/server.ts';
import type { ActProps } from './act.ts';

const diffBytesMax = 1024 * 1024;

/** Hands in a patch; whether it works is then tried, and shown on the page. */
export function ProposePatch({ shown, onDone }: ActProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(verify.propose);
  const [title, setTitle] = useState('');
  const [diff, setDiff] = useState<GivenFile | null>(null);
  const missing = diff === null ? 'Give the diff first.' : null;
  return (
    <ActForm
      label="Propose it"
      busy={busy}
      problem={problem}
      reason={missing ?? (title.trim() === '' ? 'Say in a line what it does.' : null)}
      onSubmit={() => {
        if (diff === null) return;
        const body = { title: title.trim(), diff: toBase64(diff.bytes) };
        act({ params: { case: shown.id }, body }, () => {
          say('Proposed. Every proof is now run with and without it.');
          onDone();
        });
      }}
    >
      <FileDrop
        label="Drop the diff here, or choose it"
        hint={
          diff === null ? (
            <>
              A unified diff, as <code>git diff</code> writes it
            </>
          ) : (
            <>
              <span className="mono">{diff.name}</span>, {sizeWords(diff.size)}
            </>
          )
        }
        bytesMax={diffBytesMax}
        accept=".diff,.patch,text/x-diff"
        onFile={setDiff}
      />
      <TextField
        label="What it does, in a line"
        value={title}
        onChange={setTitle}
        maxLength={300}
      />
    </ActForm>
  );
}
