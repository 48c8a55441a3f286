import type { Claim, ClaimRules } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Ago, Moment, useNow } from '../../ui/moment.tsx';
import { spanWords } from '../../ui/time.ts';
import { useSay } from '../../ui/toast.tsx';
import { ProblemNote } from '../session/problem-note.tsx';
import { useAct } from '../session/server.ts';
import { isEnding, renewalHindrance, renewalOf } from './claim-time.ts';
import { HandOver } from './hand-over-claim.tsx';
import { Release } from './release-claim.tsx';
import { ScopeShown } from './scope-shown.tsx';
import { scopeLine } from './scope-words.ts';
import { claimStateWords } from './words.ts';

interface ClaimCardProps {
  readonly claim: Claim;
  /** null: not read yet. */
  readonly rules: ClaimRules | null;
}

/** One claim that is held: how long it lasts, and what to do with it. */
export function ClaimCard({ claim, rules }: ClaimCardProps) {
  const [open, setOpen] = useState<'release' | 'hand-over' | null>(null);
  const done = () => setOpen(null);
  const name = scopeLine(claim.scope);
  return (
    <article className="claim-card" aria-label={name}>
      <TimeLeft claim={claim} rules={rules} />
      <ScopeShown scope={claim.scope} />
      <p className="small soft tags">
        <span>{claim.sharing === 'alone' ? 'Alone' : 'Others may be there too'}</span>
        <span>{claim.listed ? 'On the map of coverage' : 'Not on the map'}</span>
        <span>
          <code>{claim.id}</code> <CopyButton text={claim.id} what="the id of the claim" />
        </span>
      </p>
      <Unused claim={claim} rules={rules} />
      <Buttons>
        <Renew claim={claim} rules={rules} />
        <Button onPress={() => setOpen('release')}>Give back</Button>
        <Button
          kind="quiet"
          onPress={() => setOpen('hand-over')}
          reason={claim.offered ? 'It is offered, and not answered yet.' : null}
        >
          Hand over
        </Button>
      </Buttons>
      {open === 'release' ? (
        <Dialog
          open
          onClose={done}
          title="Give back"
          lede={`${name}. Say what you looked at: that nothing was found there saves the next one the work.`}
        >
          <Release claim={claim} onDone={done} />
        </Dialog>
      ) : null}
      {open === 'hand-over' ? (
        <Dialog
          open
          onClose={done}
          title="Hand over"
          lede={`${name}. The other party holds it once it accepts, for the rest of its time. It learns that you offered it.`}
        >
          <HandOver claim={claim} onDone={done} />
        </Dialog>
      ) : null}
    </article>
  );
}

function TimeLeft({ claim, rules }: ClaimCardProps) {
  const now = useNow(20_000);
  const [word, tone] = claimStateWords[claim.state];
  if (claim.state === 'ahead') {
    return (
      <p className="claim-time">
        <Badge tone={tone}>{word}</Badge>
        <strong className="num">
          Begins <Ago at={claim.from} />
        </strong>
        <span className="small soft">
          <Moment at={claim.from} /> to <Moment at={claim.until} />
        </span>
      </p>
    );
  }
  const left = Date.parse(claim.until) - now;
  const ending = isEnding(claim.until, rules?.warningHours ?? 0, now);
  return (
    <p className="claim-time">
      {ending ? <Badge tone="warn">Ends soon</Badge> : null}
      <strong className="num claim-left">
        {left > 0 ? `${spanWords(left)} left` : 'It has ended'}
      </strong>
      <span className="small soft">
        until <Moment at={claim.until} />
      </span>
    </p>
  );
}

/** What is held and not used lapses: said with the hour, and stopped in one act. */
function Unused({ claim, rules }: ClaimCardProps) {
  const now = useNow(20_000);
  const say = useSay();
  const { act, busy, problem } = useAct(claims.use);
  const { lapsesAt, until, usedAt } = claim;
  if (lapsesAt === null || lapsesAt >= until || claim.state === 'ahead') return null;
  const ending = isEnding(lapsesAt, rules?.warningHours ?? 0, now);
  return (
    <div className={ending ? 'claim-unused tone-warn' : 'claim-unused'}>
      <p className="small">
        {usedAt === null ? (
          'No sign of work yet'
        ) : (
          <>
            Last sign of work <Ago at={usedAt} />
          </>
        )}
        : it lapses <Ago at={lapsesAt} /> unless you work with it.
      </p>
      <Button
        kind="quiet"
        busy={busy && 'Saying…'}
        onPress={() =>
          act({ params: { claim: claim.id }, body: {} }, () => say('Noted: it is in use.'))
        }
      >
        I work with it
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </div>
  );
}

/** One act: as long again as it was granted for. */
function Renew({ claim, rules }: ClaimCardProps) {
  const now = useNow(20_000);
  const say = useSay();
  const { act, busy, problem } = useAct(claims.renew);
  const until = rules === null ? null : renewalOf(claim, rules, now);
  const ending = isEnding(claim.until, rules?.warningHours ?? 0, now);
  return (
    <>
      <Button
        kind={ending ? 'first' : 'plain'}
        busy={busy && 'Renewing…'}
        reason={rules === null ? 'The rules are being read.' : renewalHindrance(claim, until)}
        onPress={() => {
          // The minute of the press counts, not that of the last drawing.
          const fresh = rules === null ? null : renewalOf(claim, rules, Date.now());
          if (fresh === null) return;
          act({ params: { claim: claim.id }, body: { until: fresh } }, ({ renewalsLeft }) =>
            say(`Renewed. ${renewalsLeft} more ${renewalsLeft === 1 ? 'time' : 'times'}.`),
          );
        }}
      >
        Renew
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
