import type { Problem } from '@breakwater/contract';
import { bytesToHex, toBase64 } from '@breakwater/kernel';
import type { SignedCheckpoint } from '@breakwater/log';
import { openCheckpoint, parseVerifierKey, readEntry } from '@breakwater/log';
import { useEffect, useState } from 'react';
import { Facts } from '../../ui/facts.tsx';
import { Loading, Note } from '../../ui/note.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { problemOf } from '../session/server.ts';
import { fetchLogFile, fetchLogKey } from './log-files.ts';
import { compareWithSeen, inTurn } from './log-watch.ts';
import { SaveText } from './save-text.tsx';
import { TrustNote } from './trust-note.tsx';

type Numbered =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'broken'; readonly words: string }
  | { readonly state: 'beyond'; readonly size: number }
  | {
      readonly state: 'proven';
      readonly commitment: string;
      readonly hashes: number;
      readonly now: SignedCheckpoint;
      readonly text: string;
    };

/** Entry number `index` as anybody may see it: its commitment, and that the log holds it. */
export function NumberedProof({ index }: { readonly index: number }) {
  const [found, setFound] = useState<Numbered>({ state: 'loading' });
  useEffect(() => {
    let stale = false;
    inTurn(() => readNumbered(index)).then(
      (numbered) => stale || setFound(numbered),
      (cause) => stale || setFound({ state: 'failed', problem: problemOf(cause) }),
    );
    return () => {
      stale = true;
    };
  }, [index]);
  switch (found.state) {
    case 'loading':
      return <Loading what="the entry" />;
    case 'failed':
      return <ProblemNote problem={found.problem} />;
    case 'broken':
      return (
        <Note tone="fired" title="The proof does not hold" role="alert">
          <p>{found.words}</p>
        </Note>
      );
    case 'beyond':
      return (
        <Note tone="warn" title="The log has no such entry yet">
          <p>
            {found.size === 0
              ? 'It is still empty.'
              : `It holds ${found.size} entries, numbered 0 to ${found.size - 1}.`}
          </p>
        </Note>
      );
    case 'proven':
      return <Proven {...found} index={index} />;
  }
}

type ProvenProps = Extract<Numbered, { readonly state: 'proven' }> & { readonly index: number };

function Proven({ commitment, hashes, now, text, index }: ProvenProps) {
  return (
    <div className="proof grid gap-3">
      <p className="proof-outcome tone-held" role="status">
        The log holds it
      </p>
      <Facts
        items={[
          ['Number', String(index)],
          [
            'Commitment',
            <code key="commitment" className="whole-digest">
              {commitment}
            </code>,
          ],
          ['Proof', `${hashes} hashes lead from place ${index} to the signed root`],
          ['Signed by', now.origin],
          ['Entries then', String(now.size)],
          [
            'Root',
            <code key="root" className="whole-digest">
              {toBase64(now.root)}
            </code>,
          ],
        ]}
      />
      <Note title="What does it say?">
        <p className="small">
          A commitment tells nothing about its content. Whoever takes part in the case can disclose
          it; a disclosure that holds makes exactly this commitment.
        </p>
      </Note>
      <p className="files small">
        <SaveText text={text} fileName="checkpoint">
          Save the signed state
        </SaveText>
      </p>
      <TrustNote />
    </div>
  );
}

async function readNumbered(index: number): Promise<Numbered> {
  const [vkey, text] = await Promise.all([fetchLogKey(), fetchLogFile('checkpoint')]);
  if (text === null) throw new Error('the server gave no /log/checkpoint');
  const key = parseVerifierKey(vkey);
  const opened = key.ok ? openCheckpoint(text, [key.value]) : key;
  if (!opened.ok) return { state: 'broken', words: opened.refusal.got };
  const now = opened.value;
  if (index >= now.size) return { state: 'beyond', size: now.size };
  const checkpoint = new TextDecoder().decode(text);
  const since = await compareWithSeen({ key: vkey, checkpoint }, now);
  if (since?.state === 'fails') return { state: 'broken', words: since.words };
  const read = await readEntry(index, now, fetchLogFile);
  if (!read.ok) return { state: 'broken', words: read.refusal.got };
  const { entry, proof } = read.value;
  return {
    state: 'proven',
    commitment: bytesToHex(entry),
    hashes: proof.length,
    now,
    text: checkpoint,
  };
}
