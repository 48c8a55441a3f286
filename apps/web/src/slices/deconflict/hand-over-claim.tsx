import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
import { usePartyField } from '../session/party-field.tsx';
import { useAct } from '../session/server.ts';
import { ScopeShown } from './scope-shown.tsx';

interface HandOverProps {
  readonly claim: Claim;
  readonly onDone: () => void;
}

/** Offers a claim to another party. Nobody here is listed to others: the id comes from the taker. */
export function HandOver({ claim, onDone }: HandOverProps) {
  const say = useSay();
  const { act, busy, problem } = useAct(claims.offer);
  const { party, reason, field } = usePartyField();
  return (
    <ActForm
      label="Offer it"
      busy={busy}
      problem={problem}
      reason={reason}
      now={<ScopeShown scope={claim.scope} />}
      onSubmit={() => {
        if (party === null) return;
        act({ params: { claim: claim.id }, body: { to: party } }, () => {
          say('It is offered.');
          onDone();
        });
      }}
    >
      {field}
    </ActForm>
  );
}
