import type { Me } from '@breakwater/contract';

/** The person, the party and its role, on the button of the account. */
export function WhoIsHere({ me }: { readonly me: Me }) {
  return (
    <>
      <span>{me.member?.name ?? me.party.name}</span>
      <span className="faint">
        {me.member === null ? me.party.role : `${me.party.name}, ${me.party.role}`}
      </span>
    </>
  );
}
