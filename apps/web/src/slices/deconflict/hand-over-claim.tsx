import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { TextField } from '../../ui/field.tsx';
import { useSay } from '../../ui/toast.tsx';
import { ActForm } from '../session/act-form.tsx';
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
  const [to, setTo] = useState('');
  const id = parseId('party', to.trim());
  const wrong =
    to.trim() === '' || id !== null ? null : 'Expected party_ and 26 small letters and digits.';
  return (
    <ActForm
      label="Offer it"
      busy={busy}
      problem={problem}
      reason={wrong ?? (id === null ? 'Give the id of the party first.' : null)}
      now={<ScopeShown scope={claim.scope} />}
      onSubmit={() => {
        if (id === null) return;
        act({ params: { claim: claim.id }, body: { to: id } }, () => {
          say('It is offered.');
          onDone();
        });
      }}
    >
      <TextField
        label="To whom"
        hint="The id of their party. They find it under their account."
        value={to}
        onChange={setTo}
        error={wrong}
        maxLength={40}
        exact
      />
    </ActForm>
  );
}
