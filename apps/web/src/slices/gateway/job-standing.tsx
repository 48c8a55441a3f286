import type { GatewayJob } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';

const endWords = {
  answered: ['Answered', 'held'],
  refused: ['Refused', 'warn'],
  failed: ['No answer', 'fired'],
  lost: ['Lost', 'fired'],
} as const;

/** How a job stands, in a word; why, where it was refused. */
export function JobStanding({ job }: { readonly job: Omit<GatewayJob, 'id'> }) {
  const { endedAs, startedAt, code, calls } = job;
  const openWord = startedAt === null ? 'Waits' : 'Runs';
  const [word, tone] = endedAs === null ? ([openWord, 'sea'] as const) : endWords[endedAs];
  const over = calls.filter(({ endedAt }) => endedAt !== null).length;
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {calls.length === 1 ? null : (
        <span className="small soft under">
          {over} of {calls.length} calls made
        </span>
      )}
      {code === null ? null : (
        <span className="small soft under">
          <code>{code}</code>
        </span>
      )}
    </>
  );
}
