import { fromUtf8, utf8 } from '@breakwater/kernel';
import type { SignedCheckpoint } from '@breakwater/log';
import { openCheckpoint, parseVerifierKey } from '@breakwater/log';
import { useEffect, useState } from 'react';
import { Facts } from '../../ui/facts.tsx';
import { Loading } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { type Loaded, problemOf } from '../session/server.ts';
import type { CheckStep } from './check-steps.ts';
import { fetchLogFile, fetchLogKey } from './log-files.ts';
import { compareWithSeen, inTurn } from './log-watch.ts';
import { SaveText } from './save-text.tsx';

export interface Head {
  readonly vkey: string;
  /** As it was signed. */
  readonly text: string;
  /** null: not signed by the key, or malformed. */
  readonly checkpoint: SignedCheckpoint | null;
  /** How it compares with what this browser saw before; null at its first look. */
  readonly since: CheckStep | null;
}

/** The state of the log at this moment, its signature checked here. */
export function LogHead() {
  const [head, setHead] = useState<Loaded<Head>>({ state: 'loading' });
  useEffect(() => {
    let stale = false;
    inTurn(readHead).then(
      (data) => stale || setHead({ state: 'ready', data }),
      (cause) => stale || setHead({ state: 'failed', problem: problemOf(cause) }),
    );
    return () => {
      stale = true;
    };
  }, []);
  return (
    <Section
      id="head"
      title="The log now"
      lede="What it holds at this moment, signed. Save it: a later log that does not contain this state was rewritten."
    >
      {head.state === 'loading' ? <Loading what="the log’s state" /> : null}
      {head.state === 'failed' ? <ProblemNote problem={head.problem} /> : null}
      {head.state === 'ready' ? <Signed {...head.data} /> : null}
    </Section>
  );
}

function Signed({ vkey, text, checkpoint, since }: Head) {
  return (
    <>
      {checkpoint === null ? (
        <p role="alert">
          <strong>The signature does not hold, or the state cannot be read.</strong> Save both files
          and show them to somebody you trust.
        </p>
      ) : (
        <Facts
          items={[
            ['Entries', String(checkpoint.size)],
            ['Name', checkpoint.origin],
            ['Signature', 'holds, checked in this browser with the key below'],
            ['Since then', since?.words ?? 'this is the first look of this browser'],
          ]}
        />
      )}
      {since?.state === 'fails' ? (
        <p role="alert">
          <strong>The log is not the one this browser saw before.</strong> Save both states.
        </p>
      ) : null}
      <p className="small mt-3">
        <code className="whole-digest">{vkey}</code>
      </p>
      <p className="files small">
        <SaveText text={text} fileName="checkpoint">
          Save the signed state
        </SaveText>
        <SaveText text={`${vkey}\n`} fileName="log.vkey">
          Save the log’s key
        </SaveText>
      </p>
    </>
  );
}

/** Fetches the newest signed state and its key, and compares it with what was seen before. */
async function readHead(): Promise<Head> {
  const [vkey, bytes] = await Promise.all([fetchLogKey(), fetchLogFile('checkpoint')]);
  if (bytes === null) throw new Error('the server gave no /log/checkpoint');
  const text = fromUtf8(bytes);
  const parsed = parseVerifierKey(vkey);
  const opened = parsed.ok ? openCheckpoint(utf8(text), [parsed.value]) : parsed;
  const checkpoint = opened.ok ? opened.value : null;
  const since =
    checkpoint === null ? null : await compareWithSeen({ key: vkey, checkpoint: text }, checkpoint);
  return { vkey, text, checkpoint, since };
}
