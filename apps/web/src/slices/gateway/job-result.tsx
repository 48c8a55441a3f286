import { gatewayJobs, type Output } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { pathTo } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { RawText } from '../../ui/quote.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote, Show } from '../session/problem-note.tsx';
import { useAct, useLoad } from '../session/server.ts';
import { figure } from './figures.ts';
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
          {job.calls.length === 1 ? (
            <ResultText text={job.calls[0]?.result ?? null} />
          ) : (
            job.calls
              .map((call, at) => ({ ...call, place: `${at + 1} of ${job.calls.length}` }))
              .map((call) => <CallResult key={call.place} {...call} />)
          )}
          <FilesRead job={job} />
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

type Job = Output<typeof gatewayJobs.job>;
type CallResultProps = Job['calls'][number] & { readonly place: string };

function ResultText({ text }: { readonly text: string | null }) {
  if (text === null) return <p className="soft small">There is no result, or it was erased.</p>;
  return <pre className="raw">{text}</pre>;
}

/** What one call said of the files that it read. */
function CallResult({ files, request, result, place }: CallResultProps) {
  return (
    <section aria-label={`Part ${place}`}>
      <h3>Part {place}</h3>
      <p className="small soft">
        {filesWords(files)}
        {request === null ? null : (
          <>
            {' · '}
            <a href={pathTo('gatewayRequest', { request })}>its request</a>
          </>
        )}
      </p>
      <ResultText text={result} />
    </section>
  );
}

function filesWords(files: readonly string[]): string {
  const [first = 'Its files were erased', ...more] = files;
  return more.length === 0 ? first : `${figure(files.length)} files, ${first} to ${files.at(-1)}`;
}

const whyWords = {
  'not-text': 'no text',
  'other-ending': 'of another ending',
  'no-file': 'a link or a device',
  git: 'of Git itself',
  marked: 'reads as classified',
} as const;

/** By name, which files were read and which were not: of what was left out no model was told. */
function FilesRead({ job: { calls, leftOut } }: { readonly job: Job }) {
  const read = [...new Set(calls.flatMap(({ files }) => files))];
  return (
    <>
      {read.length === 0 ? null : (
        <RawText label={`Files read: ${figure(read.length)}`} text={read.join('\n')} />
      )}
      {leftOut.length === 0 ? null : (
        <RawText
          label={`Left out: ${figure(leftOut.length)}`}
          text={leftOut.map(({ path, why }) => `${path} (${whyWords[why]})`).join('\n')}
        />
      )}
    </>
  );
}
