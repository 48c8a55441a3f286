import { suites } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Digest } from '../../ui/digest.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Check, TextField } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { useGo } from '../session/go.ts';
import type { Screen } from '../session/screen.ts';
import { useAct } from '../session/server.ts';
import { sourceWords } from './figure-words.ts';
import { KeepBodies } from './keep-bodies.tsx';
import { readToSeal, type ToSeal } from './what-is-told.ts';

export const screen: Screen = { Page: SealSuitePage };

const fileBytesMax = 64 * 1024 * 1024;

interface SealedNow {
  readonly suite: Id<'suite'>;
  readonly items: readonly Id<'item'>[];
  readonly bodies: NonNullable<ToSeal['bodies']>;
}

/** Seals a suite by what `benchmark commit` wrote: its keeper sees what is told before it is. */
function SealSuitePage() {
  const [keeping, setKeeping] = useState<SealedNow | null>(null);
  return (
    <Page
      title="Seal a suite"
      lede="Its root goes into the log before the first run. Later nobody, its keeper neither, can pass another task off as one of these."
      width="narrow"
    >
      {keeping === null ? <SealForm onKeep={setKeeping} /> : <KeepBodies {...keeping} />}
      <p className="small soft mt-5">
        <a href={pathOf('suites')}>All suites</a>
      </p>
    </Page>
  );
}

function SealForm({ onKeep }: { readonly onKeep: (sealed: SealedNow) => void }) {
  const go = useGo();
  const say = useSay();
  const { act, busy, problem } = useAct(suites.seal);
  const [title, setTitle] = useState('');
  const [given, setGiven] = useState<ToSeal | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [keeps, setKeeps] = useState(false);
  function take(bytes: Uint8Array): void {
    const read = readToSeal(bytes);
    setGiven(read.ok ? read.value : null);
    setWrong(read.ok ? null : `Expected ${read.refusal.expected}; got ${read.refusal.got}.`);
    setKeeps(false);
  }
  const reason =
    given === null ? 'Give what commit wrote first.' : title.trim() === '' ? 'Name it.' : null;
  return (
    <ActForm
      label="Seal it for good"
      busy={busy}
      problem={problem}
      reason={reason}
      onSubmit={() => {
        if (given === null) return;
        const { root, items, bodies } = given;
        const body = { title: title.trim(), commitment: root, items };
        act({ body }, (sealed) => {
          say('Sealed.');
          if (keeps && bodies !== null) onKeep({ ...sealed, bodies });
          else go(pathTo('suite', { suite: sealed.suite }));
        });
      }}
    >
      <FileDrop
        label="Drop its commitment here, or choose it"
        hint={
          <>
            <code>my-suite.commitment.json</code>, which{' '}
            <code>breakwater benchmark commit my-suite</code> wrote; or{' '}
            <code>my-suite.sealed.json</code>, of which only what is listed below leaves this
            browser.
          </>
        }
        bytesMax={fileBytesMax}
        accept=".json,application/json"
        onFile={({ bytes }) => take(bytes)}
      />
      {wrong === null ? null : (
        <Note tone="fired" title="This is not what commit wrote" role="alert">
          <p className="small">{wrong}</p>
        </Note>
      )}
      <TextField
        label="Title"
        hint="Kept encrypted; seen by whoever you let know of the suite."
        value={title}
        onChange={setTitle}
        maxLength={200}
      />
      {given === null ? null : <Told given={given} keeps={keeps} />}
      {given?.bodies == null ? null : (
        <Check
          label="Keep here what is in its items"
          more="Then salts and texts are sent too, and kept encrypted: whoever you give the right sees items and transcripts here, and you can open an item without the file. The files of the tasks stay with you."
          checked={keeps}
          onChange={setKeeps}
        />
      )}
    </ActForm>
  );
}

/** All that leaves the browser, before it does. */
function Told({ given, keeps }: { readonly given: ToSeal; readonly keeps: boolean }) {
  const { root, items } = given;
  const bySource = new Map<string, number>();
  for (const { humanTime } of items) {
    const words = humanTime === undefined ? 'not told' : sourceWords[humanTime];
    bySource.set(words, (bySource.get(words) ?? 0) + 1);
  }
  const times = [...bySource].map(([words, count]) => `${count}: ${words}`).join('; ');
  return (
    <Note tone="plain" title="What will be told, and nothing else" role="status">
      <Facts
        items={[
          ['Root, in the log', <Digest key="root" value={`sha256:${root}`} />],
          ['Number of items, in the log', items.length],
          ['Commitment of each', `${items.length} digests with a salt in each`],
          ['Where human times are from', times],
          ['The title', 'kept encrypted'],
          ['What is in the items', keeps ? 'texts and salts, kept encrypted' : 'nothing'],
        ]}
      />
    </Note>
  );
}
