import { fromUtf8, utf8 } from '@breakwater/kernel';
import type { SignedCheckpoint } from '@breakwater/log';
import { openCheckpoint, parseVerifierKey } from '@breakwater/log';
import { useEffect, useState } from 'react';
import { Command } from '../../ui/copy.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loading } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { type Loaded, problemOf } from '../session/server.ts';
import { fetchLogFile, fetchLogKey } from './log-files.ts';
import { SaveText } from './save-text.tsx';
import { CheckerDigest, CheckerLink } from './trust-note.tsx';

interface Head {
  readonly vkey: string;
  /** As it was signed. */
  readonly text: string;
  /** null: not signed by the key, or malformed. */
  readonly checkpoint: SignedCheckpoint | null;
}

export const screen: Screen = { Page: AuditPage };

/** For whoever checks the log and takes part in no case. */
function AuditPage() {
  return (
    <Page
      title="Check the log"
      lede="Every act is an entry in one signed log that can only grow. You see no case here: a participant discloses single entries to you, and you check them without trusting us."
      width="narrow"
    >
      <LogHead />
      <Section
        id="entry"
        title="Check what was disclosed to you"
        lede="A disclosure is a file: one entry, and the proof that the log holds it."
      >
        <ol className="todo">
          <li>
            <p>
              Ask a participant of the case for it: on the case’s page, under Timeline, “Check the
              proof”, then “Save the disclosure”.
            </p>
          </li>
          <li>
            <p>
              Download the <CheckerLink /> and compare its SHA-256 with the one that the source code
              publishes (docs/checker.sha256):
            </p>
            <CheckerDigest />
          </li>
          <li>
            <p>
              Open it, and give it the disclosure and the log’s key. Take the key from a second
              source too, such as a letter or a copy that you saved earlier.
            </p>
          </li>
        </ol>
      </Section>
      <Section
        id="whole"
        title="Check the whole log"
        lede="On a machine of yours, from a checkout of the source code: every entry, and that nothing before was changed since your last check."
      >
        <p className="small soft">The first time; it saves what it saw.</p>
        <Command text={`npx breakwater log check ${location.origin}/log --save checkpoint`} />
        <p className="small soft">Each time after.</p>
        <Command
          text={`npx breakwater log check ${location.origin}/log --since checkpoint --save checkpoint`}
        />
      </Section>
    </Page>
  );
}

function LogHead() {
  const [head, setHead] = useState<Loaded<Head>>({ state: 'loading' });
  useEffect(() => {
    let stale = false;
    readHead().then(
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

function Signed({ vkey, text, checkpoint }: Head) {
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
          ]}
        />
      )}
      <p className="small">
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

async function readHead(): Promise<Head> {
  const [key, bytes] = await Promise.all([fetchLogKey(), fetchLogFile('checkpoint')]);
  if (bytes === null) throw new Error('the server gave no /log/checkpoint');
  const text = fromUtf8(bytes);
  const parsed = parseVerifierKey(key);
  const opened = parsed.ok ? openCheckpoint(utf8(text), [parsed.value]) : parsed;
  return { vkey: key, text, checkpoint: opened.ok ? opened.value : null };
}
