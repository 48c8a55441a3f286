import { type Id, parseId } from '@breakwater/kernel';
import { type ReactElement, useState } from 'react';
import { TextField } from '../../ui/field.tsx';

interface PartyField {
  /** null: none that can be sent. */
  readonly party: Id<'party'> | null;
  /** Why it cannot be sent yet. */
  readonly reason: string | null;
  readonly field: ReactElement;
}

/** Asks for the id of a party: nobody is listed to others, so it comes from them. */
export function usePartyField(): PartyField {
  const [to, setTo] = useState('');
  const party = parseId('party', to.trim());
  const isWrong = to.trim() !== '' && party === null;
  const wrong = isWrong ? 'Expected party_ and 26 small letters and digits.' : null;
  return {
    party,
    reason: wrong ?? (party === null ? 'Give the id of the party first.' : null),
    field: (
      <TextField
        label="To whom"
        hint="The id of their party. They find it under their account."
        value={to}
        onChange={setTo}
        error={wrong}
        maxLength={40}
        exact
      />
    ),
  };
}
