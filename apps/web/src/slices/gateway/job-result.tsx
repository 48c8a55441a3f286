import { gatewayJobs } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { Button, Buttons } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { JobStanding } from './job-standing.tsx';

/** One job with its result, which is text from a model: shown as it came, and nothing of it is run. */
export function JobResult({ id }: { readonly id: Id<'job'> }) {
  const say = useSay();
  const { act, busy, problem } = useAct(gatewayJobs.eraseJob);
  const read = useLoad(
    gatewayJobs.job,
    { params: { job: id } },
    { againWhile: ({ endedAt }) => endedAt === null },
  );
  return (
    <Show what="the job" {...read}>
      {(job) => (
        <>
          <Facts
            items={[
              ['Stands', <JobStanding key="stands" job={job} />],
              ['Handed in', <Time key="at" at={job.at} />],
              ...(job.endedAt === null
                ? []
                : [['Ended', <Time key="ended" at={job.endedAt} />] as const]),
            ]}
          />
          {job.result === null ? (
            <p className="soft small">There is no result, or it was erased.</p>
          ) : (
            <pre className="raw">{job.result}</pre>
          )}
          <Buttons>
            <Button
              kind="danger"
              busy={busy && 'Erasing…'}
              reason={job.endedAt === null ? 'It has to end first.' : null}
              onPress={() => act({ params: { job: id }, body: {} }, () => say('Erased.'))}
            >
              Erase what was handed in, and the result
            </Button>
          </Buttons>
          {problem === null ? null : <ProblemNote problem={problem} />}
        </>
      )}
    </Show>
  );
}
