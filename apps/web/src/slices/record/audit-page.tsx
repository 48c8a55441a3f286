import { record } from '@breakwater/contract';
import { Command } from '../../ui/copy.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMay } from '../session/me.ts';
import type { Address, Screen } from '../session/screen.ts';
import { DeadLetters } from './dead-letters.tsx';
import { DisclosedFile } from './disclosed-file.tsx';
import { FindEntry, FoundCase } from './find-entry.tsx';
import { LogHead } from './log-head.tsx';
import { SeenStates } from './seen-states.tsx';
import { CheckerDigest, CheckerLink } from './trust-note.tsx';

export const screen: Screen = { Page: RecordPage };

/** The log: find an entry, check what was disclosed, keep its states. */
function RecordPage({ search }: Address) {
  const may = useMay();
  return (
    <Page
      title="The record"
      lede="Every act is an entry in one signed log that can only grow. An entry’s number and proof are public; what it says is shown to whoever takes part, and to whoever it was disclosed to."
      width="narrow"
    >
      <FindEntry text={search['case'] ?? ''} />
      {search['case'] === undefined ? null : <FoundCase text={search['case']} />}
      <LogHead />
      <Section
        id="seen"
        title="What this browser saw"
        lede="Each signed state of the log is compared with the one before it, so that a history rewritten since then is noticed."
      >
        <SeenStates />
      </Section>
      <Section
        id="entry"
        title="Check what was disclosed to you"
        lede="A disclosure is a file: one entry, and the proof that the log holds it. A participant saves it from the entry’s page."
      >
        <DisclosedFile />
        <Offline />
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
      {may(record.deadLetters) ? <DeadLetters /> : null}
    </Page>
  );
}

function Offline() {
  return (
    <details className="fold">
      <summary>Check it without trusting this page</summary>
      <ol className="todo">
        <li>
          <p>
            Download the <CheckerLink /> and compare its SHA-256 with the one that the source code
            publishes (docs/checker.sha256):
          </p>
          <CheckerDigest />
        </li>
        <li>
          <p>
            Open it, and give it the disclosure and the log’s key. Take the key from a second source
            too, such as a letter or a copy that you saved earlier.
          </p>
        </li>
      </ol>
    </details>
  );
}
