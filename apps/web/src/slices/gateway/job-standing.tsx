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
  const { endedAs, startedAt, code } = job;
  if (endedAs === null) {
    return <Badge tone="sea">{startedAt === null ? 'Waits' : 'Runs'}</Badge>;
  }
  const [word, tone] = endWords[endedAs];
  return (
    <>
      <Badge tone={tone}>{word}</Badge>
      {code === null ? null : (
        <span className="small soft under">
          <code>{code}</code>
        </span>
      )}
    </>
  );
}
