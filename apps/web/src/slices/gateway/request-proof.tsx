import type { Problem } from '@breakwater/contract';
import { gatewayRecord } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { utf8 } from '@breakwater/kernel';
import { useEffect, useState } from 'react';
import { Loading, Note } from '../../ui/note.tsx';
import { checkRequest } from '../record/check-request.ts';
import type { Check } from '../record/check-steps.ts';
import { fetchLogKey } from '../record/log-files.ts';
import { CheckResult, withHistory } from '../record/log-proof.tsx';
import { inTurn } from '../record/log-watch.ts';
import { SaveText } from '../record/save-text.tsx';
import { TrustNote } from '../record/trust-note.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { problemOf, useServer } from '../session/server.ts';

type Proof =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | {
      readonly state: 'checked';
      readonly check: Check;
      readonly file: string;
      readonly key: string;
    };

/** Fetches the proof of a request and checks it here, in this browser. */
export function RequestProof({ id }: { readonly id: Id<'request'> }) {
  const client = useServer();
  const [proof, setProof] = useState<Proof>({ state: 'loading' });
  useEffect(() => {
    let stale = false;
    async function fetchAndCheck(): Promise<Proof> {
      const [answer, key] = await Promise.all([
        client.call(gatewayRecord.proof, { params: { request: id } }),
        fetchLogKey(),
      ]);
      const file = `${JSON.stringify(answer, null, 2)}\n`;
      const { checkpoint } = answer.entry;
      const checked = checkRequest({ disclosure: utf8(file), key });
      const check = await withHistory(checked, { key, checkpoint });
      return { state: 'checked', check, file, key };
    }
    inTurn(fetchAndCheck).then(
      (done) => stale || setProof(done),
      (cause) => stale || setProof({ state: 'failed', problem: problemOf(cause) }),
    );
    return () => {
      stale = true;
    };
  }, [client, id]);
  switch (proof.state) {
    case 'loading':
      return <Loading what="the proof" />;
    case 'failed':
      return proof.problem.code === 'not-yet-signed' ? (
        <Note title="Not signed yet" role="status">
          <p className="small">
            It is recorded, and its interval waits for the next batch of the log. To do:{' '}
            {proof.problem.todo}.
          </p>
        </Note>
      ) : (
        <ProblemNote problem={proof.problem} />
      );
    case 'checked':
      return (
        <div className="proof">
          <CheckResult check={proof.check} />
          <p className="files small">
            <SaveText text={proof.file} fileName={`${id}.proof.json`}>
              Save the proof
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
