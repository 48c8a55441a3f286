import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { useState } from 'react';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { TextArea } from '../../../ui/field.tsx';
import { Ago, Time } from '../../../ui/moment.tsx';
import { useSay } from '../../../ui/toast.tsx';
import { ActForm } from '../../session/act-form.tsx';
import { useAct } from '../../session/server.ts';
import { ScopeShown } from '../scope-shown.tsx';
import { claimStateWords } from '../words.ts';

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
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  if (claim.endedAt !== null) return null;
  return (
    <>
      <Button
        kind="danger"
        label={`End it: the claim of ${claim.holder?.name ?? 'your own party'}`}
        onPress={() => setAsking(true)}
      >
        End it
      </Button>
      {asking ? (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title="End this claim?"
          lede="For an emergency. Its holder is told at once, with your reason; so is the record."
        >
          <ActForm
            label="End it"
            busy={busy}
            problem={problem}
            danger
            reason={reason.trim().length < 3 ? 'Say why first.' : null}
            onSubmit={() =>
              act({ params: { claim: claim.id }, body: { reason: reason.trim() } }, () => {
                say('The claim is ended.');
                setAsking(false);
              })
            }
          >
            <TextArea
              label="Why"
              hint="The holder reads it: name nobody who should not be known to them."
              value={reason}
              onChange={setReason}
              rows={3}
              maxLength={4_000}
            />
          </ActForm>
        </Dialog>
      ) : null}
    </>
  );
}
