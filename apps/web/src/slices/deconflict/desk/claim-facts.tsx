import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { Badge } from '../../../ui/badge.tsx';
import { Ago, Time } from '../../../ui/moment.tsx';
import { useSay } from '../../../ui/toast.tsx';
import { useAct } from '../../session/server.ts';
import { ScopeShown } from '../scope-shown.tsx';
import { claimStateWords } from '../words.ts';
import { WithReason } from './with-reason.tsx';

/** A claim as a coordinator sees it: whose it is, and the way to end it. */
export function ClaimFacts({ claim }: { readonly claim: Claim }) {
  const { holder, scope, sharing, until, usedAt, state } = claim;
  const [word, tone] = claimStateWords[state];
  return (
    <article className="claim-card" aria-label={`Claim of ${holder?.name ?? 'nobody'}`}>
      <p className="claim-time">
        <strong>{holder?.name ?? 'Your own'}</strong>
        <Badge tone={tone}>{word}</Badge>
        <span className="small soft">{sharing === 'alone' ? 'alone' : 'lets others in'}</span>
      </p>
      <ScopeShown scope={scope} />
      <p className="small soft">
        Until <Time at={until} />.{' '}
        {usedAt === null ? (
          'No sign of work.'
        ) : (
          <>
            Last sign of work <Ago at={usedAt} />.
          </>
        )}
      </p>
      <Override claim={claim} />
    </article>
  );
}

/** Ends somebody's claim in an emergency. */
export function Override({ claim }: { readonly claim: Claim }) {
  const say = useSay();
  const { act, busy, problem } = useAct(claims.override);
  if (claim.endedAt !== null) return null;
  return (
    <WithReason
      act="End it"
      name={`End it: the claim of ${claim.holder?.name ?? 'your own party'}`}
      title="End this claim?"
      lede="For an emergency. Its holder is told at once, with your reason; so is the record."
      busy={busy}
      problem={problem}
      onSend={(reason, done) =>
        act({ params: { claim: claim.id }, body: { reason } }, () => {
          say('The claim is ended.');
          done();
        })
      }
    />
  );
}
