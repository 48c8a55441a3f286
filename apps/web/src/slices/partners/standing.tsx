import type { ApplicationSummary } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Time } from '../../ui/moment.tsx';
import { standingWords } from './words.ts';

type Standing = Pick<
  ApplicationSummary,
  'standing' | 'asked' | 'promisedBy' | 'answeredAt' | 'late' | 'as'
>;

/** Where an application stands, whose turn it is, and by when. */
export function StandingBadge({ application }: { readonly application: Standing }) {
  const { standing, asked, as } = application;
  const [words, tone] = standingWords[standing];
  const isOpen = standing === 'waiting' || standing === 'appealed';
  return (
    <span className="partner-standing">
      <Badge tone={tone}>{words}</Badge>
      {isOpen && asked ? (
        <Badge tone="warn">
          {as === 'applicant' || as === 'helper' ? 'You were asked' : 'The applicant was asked'}
        </Badge>
      ) : null}
      {isOpen ? <Promised application={application} /> : <Answered application={application} />}
    </span>
  );
}

function Promised({ application: { promisedBy, late } }: { readonly application: Standing }) {
  return (
    <span className={late ? 'late small' : 'small'}>
      {late ? 'Late: promised by ' : 'Promised by '}
      <Time at={promisedBy} />
    </span>
  );
}

function Answered({ application: { answeredAt, late } }: { readonly application: Standing }) {
  if (answeredAt === null) return null;
  return (
    <span className="small">
      {late ? 'Answered late, ' : 'Answered '}
      <Time at={answeredAt} />
    </span>
  );
}
