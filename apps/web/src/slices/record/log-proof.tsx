import type { Client, Disclosure, Problem } from '@breakwater/contract';
import { record } from '@breakwater/contract';
import type { Id, Json } from '@breakwater/kernel';
import { utf8 } from '@breakwater/kernel';
import type { ReactNode } from 'react';
import { useCallback, useEffect, useState } from 'react';
import { DataText } from '../../ui/data-text.tsx';
import { Loading, Note } from '../../ui/note.tsx';
import { RawText } from '../../ui/quote.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { problemOf, useServer } from '../session/server.ts';
import type { Check } from './check-steps.ts';
import { checkSteps, outcomeWords } from './check-steps.ts';
import type { Remembered } from './history.ts';
import { withStep } from './history.ts';
import { fetchLogKey } from './log-files.ts';
import { compareWithSeen, inTurn } from './log-watch.ts';
import { SaveText } from './save-text.tsx';
import { TrustNote } from './trust-note.tsx';

type Proof =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | {
      readonly state: 'checked';
      readonly check: Check;
      readonly file: string;
      readonly key: string;
    };

interface LogProofProps {
  readonly entry: Id<'entry'>;
  /** Shows what the entry says in words; without it, it stands folded and verbatim alone. */
  readonly content?: (content: Json) => ReactNode;
}

/** Fetches the disclosure of one entry and checks it here, in this browser. */
export function LogProof({ entry, content }: LogProofProps) {
  const ask = useCallback(
    (client: Client) => client.call(record.disclose, { params: { entry } }),
    [entry],
  );
  return <DisclosureProof name={entry} ask={ask} {...(content === undefined ? {} : { content })} />;
}

interface DisclosureProofProps extends Pick<LogProofProps, 'content'> {
  /** What the saved file is called by. */
  readonly name: string;
  /** Asks for the disclosure; it is checked anew whenever this is another function. */
  readonly ask: (client: Client) => Promise<Disclosure>;
}

/** Fetches a disclosure by any door that gives one, and checks it here, in this browser. */
export function DisclosureProof({ name, ask, content }: DisclosureProofProps) {
  const client = useServer();
  const [proof, setProof] = useState<Proof>({ state: 'loading' });
  useEffect(() => {
    let stale = false;
    async function fetchAndCheck(): Promise<Proof> {
      const [disclosure, key] = await Promise.all([ask(client), fetchLogKey()]);
      const file = `${JSON.stringify(disclosure, null, 2)}\n`;
      const check = checkSteps({ disclosure: utf8(file), key });
      const { checkpoint } = disclosure;
      return { state: 'checked', check: await withHistory(check, { key, checkpoint }), file, key };
    }
    inTurn(fetchAndCheck).then(
      (done) => stale || setProof(done),
      (cause) => stale || setProof({ state: 'failed', problem: problemOf(cause) }),
    );
    return () => {
      stale = true;
    };
  }, [client, ask]);

  switch (proof.state) {
    case 'loading':
      return <Loading what="the proof" />;
    case 'failed':
      return <NotProven problem={proof.problem} />;
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
            <SaveText text={proof.file} fileName={`${name}.disclosure.json`}>
              Save the disclosure
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

/** An entry that is young is no failure: it is signed with the next batch. */
function NotProven({ problem }: { readonly problem: Problem }) {
  if (problem.code !== 'not-yet-signed') return <ProblemNote problem={problem} />;
  return (
    <Note title="Not signed yet" role="status">
      <p className="small">
        It is there, and waits for its batch of the log. To do: {problem.todo}.
      </p>
    </Note>
  );
}

/** Adds the step from what this browser saw before, and remembers what it sees now. */
export async function withHistory(check: Check, seen: Remembered): Promise<Check> {
  if (!check.holds || check.checkpoint === null) return check;
  const step = await compareWithSeen(seen, check.checkpoint);
  return step === null ? check : withStep(check, step);
}

const stateWords = {
  holds: 'Holds',
  fails: 'Fails',
  'not-reached': 'Not reached',
  'cannot-tell': 'Cannot tell',
} as const;

/** Each step of a check, holding or with its exact failure. */
export function CheckResult({ check }: { readonly check: Check }) {
  return (
    <>
      <p
        className={check.holds ? 'proof-outcome tone-held' : 'proof-outcome tone-fired'}
        role="status"
      >
        {outcomeWords(check)}
      </p>
      <ol className="steps">
        {check.steps.map((step) => (
          <li key={step.title} className={`step step-${step.state}`}>
            <p>
              <span className="step-state small">{stateWords[step.state]}</span> {step.title}
            </p>
            <p className="small soft step-words">
              <DataText text={step.words} />
            </p>
          </li>
        ))}
      </ol>
      {check.content === undefined ? null : (
        <RawText label="What the entry says" text={JSON.stringify(check.content, null, 2)} />
      )}
    </>
  );
}
