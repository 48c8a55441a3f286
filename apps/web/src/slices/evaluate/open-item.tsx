import { readOpening } from '@breakwater/benchmark';
import type { Output, Suite } from '@breakwater/contract';
import { suites } from '@breakwater/contract';
import { useState } from 'react';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Note } from '../../ui/note.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useAct } from '../session/server.ts';
import { checkOpened, type Opening } from './opening-steps.ts';

interface OpenItemProps {
  readonly item: Output<typeof suites.item>;
  readonly suite: Suite;
  readonly onDone: () => void;
}

const openingBytesMax = 2_000_000;

/** Opens an item: by what is kept here, or by the file that its keeper holds. */
export function OpenItem({ item, suite, onDone }: OpenItemProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(suites.openItem);
  const [given, setGiven] = useState<Opening | null>(item.opening);
  const [wrong, setWrong] = useState<string | null>(null);
  const sealed = { root: suite.commitment, count: suite.count, commitment: item.commitment };
  function take(bytes: Uint8Array): void {
    const read = readOpening(bytes);
    const opening = read.ok ? { ...read.value, path: [...read.value.path] } : null;
    const isIt = opening !== null && checkOpened(opening, sealed).isCommitted;
    setGiven(isIt ? opening : null);
    setWrong(
      isIt ? null : opening === null ? 'This is no opening.' : 'This opens another item than this.',
    );
  }
  return (
    <ActForm
      label="Open it for good"
      busy={busy}
      problem={problem}
      danger
      reason={given === null ? 'Give what opens it first.' : null}
      onSubmit={() => {
        if (given === null) return;
        const { salt, item: text } = given;
        act({ params: { item: item.id }, body: { salt, item: text } }, () => {
          say('It is open.');
          onDone();
        });
      }}
    >
      {item.opening === null ? (
        <FileDrop
          label="Drop its opening here, or choose it"
          hint={
            <>
              What <code>breakwater benchmark open</code> wrote. It is checked here before it is
              sent.
            </>
          }
          bytesMax={openingBytesMax}
          accept=".json,application/json"
          onFile={({ bytes }) => take(bytes)}
        />
      ) : (
        <p>What is kept here opens it: it was checked against the seal when it came.</p>
      )}
      {wrong === null ? null : (
        <Note tone="fired" title={wrong} role="alert">
          <p className="small">Give the opening of item {item.place + 1}.</p>
        </Note>
      )}
      {given !== null && item.opening === null ? (
        <Note tone="held" title="This is the item that was sealed" role="status" />
      ) : null}
    </ActForm>
  );
}
