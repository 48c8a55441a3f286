import { useState } from 'react';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Loading } from '../../ui/note.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { type Loaded, problemOf } from '../session/server.ts';
import { CheckResult } from './check-result.tsx';
import type { Check } from './check-steps.ts';
import { checkSteps } from './check-steps.ts';
import { EntryWords } from './entry-words.tsx';
import { fetchLogKey } from './log-files.ts';

const disclosureBytesMax = 1_000_000;

/** Takes a disclosure from a file and checks it here; the file is sent nowhere. */
export function DisclosedFile() {
  const [loaded, setLoaded] = useState<Loaded<Check> | null>(null);
  async function check(disclosure: Uint8Array): Promise<void> {
    setLoaded({ state: 'loading' });
    try {
      const data = checkSteps({ disclosure, key: await fetchLogKey() });
      setLoaded({ state: 'ready', data });
    } catch (cause) {
      setLoaded({ state: 'failed', problem: problemOf(cause) });
    }
  }
  return (
    <>
      <FileDrop
        label="Drop the disclosure here, or choose it"
        hint="A .disclosure.json file. It is checked in this browser and sent nowhere."
        bytesMax={disclosureBytesMax}
        accept=".json,application/json"
        onFile={({ bytes }) => void check(bytes)}
      />
      {loaded?.state === 'loading' ? <Loading what="the disclosure" /> : null}
      {loaded?.state === 'failed' ? <ProblemNote problem={loaded.problem} /> : null}
      {loaded?.state === 'ready' ? (
        <div className="proof">
          <CheckResult check={loaded.data} />
          {loaded.data.holds && loaded.data.content !== undefined ? (
            <EntryWords content={loaded.data.content} />
          ) : null}
        </div>
      ) : null}
    </>
  );
}
