import type { Client, Problem } from '@breakwater/contract';
import type { Json } from '@breakwater/kernel';
import { utf8 } from '@breakwater/kernel';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { Loading, Note } from '../../ui/note.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { problemOf, useServer } from '../session/server.ts';
import { CheckResult } from './check-result.tsx';
import type { Check, CheckInput } from './check-steps.ts';
import { type Remembered, withStep } from './history.ts';
import { fetchLogKey } from './log-files.ts';
import { compareWithSeen, inTurn } from './log-watch.ts';
import { SaveText } from './save-text.tsx';
import { TrustNote } from './trust-note.tsx';

/** What is proven, and how: the same functions for as long as it is the same proof. */
interface Asked<Answer> {
  readonly ask: (client: Client) => Promise<Answer>;
  /** Checks the answer as the file that is saved of it. */
  readonly check: (input: CheckInput) => Check;
  /** The signed note under which the answer is. */
  readonly checkpointOf: (answer: Answer) => string;
}

type Proof =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | {
      readonly state: 'checked';
      readonly check: Check;
      readonly file: string;
      readonly key: string;
    };

interface CheckedHereProps<Answer> extends Asked<Answer> {
  readonly fileName: string;
  /** What the link to the file says. */
  readonly save: string;
  /** What is so while no signed checkpoint covers it yet: a sentence. */
  readonly waits: string;
  /** Shows what was proven in words; without it, it stands folded and verbatim alone. */
  readonly content?: ((content: Json) => ReactNode) | undefined;
}

/** Fetches a proof and checks it here, in this browser; both files can be saved and checked elsewhere. */
export function CheckedHere<Answer>(props: CheckedHereProps<Answer>) {
  const { fileName, save, waits, content } = props;
  const proof = useProof(props);
  switch (proof.state) {
    case 'loading':
      return <Loading what="the proof" />;
    case 'failed':
      return <NotProven problem={proof.problem} waits={waits} />;
    case 'checked':
      return (
        <div className="proof">
          <CheckResult check={proof.check} />
          {content === undefined ||
          proof.check.content === undefined ||
          !proof.check.holds ? null : (
            <div className="mt-3">{content(proof.check.content)}</div>
          )}
          <p className="files small">
            <SaveText text={proof.file} fileName={fileName}>
              {save}
            </SaveText>
            <SaveText text={`${proof.key}\n`} fileName="log.vkey">
              Save the log’s key
            </SaveText>
          </p>
          <TrustNote />
        </div>
      );
  }
}

function useProof<Answer>({ ask, check, checkpointOf }: Asked<Answer>): Proof {
  const client = useServer();
  const [proof, setProof] = useState<Proof>({ state: 'loading' });
  useEffect(() => {
    let stale = false;
    async function fetchAndCheck(): Promise<Proof> {
      const [answer, key] = await Promise.all([ask(client), fetchLogKey()]);
      const file = `${JSON.stringify(answer, null, 2)}\n`;
      const checked = check({ disclosure: utf8(file), key });
      const seen = { key, checkpoint: checkpointOf(answer) };
      return { state: 'checked', check: await withHistory(checked, seen), file, key };
    }
    inTurn(fetchAndCheck).then(
      (done) => stale || setProof(done),
      (cause) => stale || setProof({ state: 'failed', problem: problemOf(cause) }),
    );
    return () => {
      stale = true;
    };
  }, [client, ask, check, checkpointOf]);
  return proof;
}

/** Adds the step from what this browser saw before, and remembers what it sees now. */
async function withHistory(check: Check, seen: Remembered): Promise<Check> {
  if (!check.holds || check.checkpoint === null) return check;
  const step = await compareWithSeen(seen, check.checkpoint);
  return step === null ? check : withStep(check, step);
}

/** What is young is no failure: it is signed with a batch to come. */
function NotProven({ problem, waits }: { readonly problem: Problem; readonly waits: string }) {
  if (problem.code !== 'not-yet-signed') return <ProblemNote problem={problem} />;
  return (
    <Note title="Not signed yet" role="status">
      <p className="small">
        {waits} To do: {problem.todo}.
      </p>
    </Note>
  );
}
