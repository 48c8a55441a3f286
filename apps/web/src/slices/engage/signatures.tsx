import { type Side, sides, type Terms } from '@breakwater/contract';
import { Digest } from '../../ui/digest.tsx';
import { Time } from '../../ui/moment.tsx';
import { sideWords } from './words.ts';

/** Both signatures, or the place where one will stand. */
export function Signatures({ terms }: { readonly terms: Terms }) {
  return (
    <div className="owed-sides">
      {sides.map((side) => (
        <SignedBy key={side} side={side} terms={terms} />
      ))}
    </div>
  );
}

function SignedBy({ side, terms }: { readonly side: Side; readonly terms: Terms }) {
  const signature = terms.signatures.find((each) => each.side === side);
  return (
    <div className="signature">
      <h3>{sideWords[side]}</h3>
      {signature === undefined ? (
        <p className="signature-line soft small">not signed</p>
      ) : (
        <>
          <p className="signature-line">{signature.name ?? 'Name erased'}</p>
          <p className="small">
            {signature.title === null ? null : `${signature.title}, `}
            {signature.party.name}
          </p>
          <p className="small soft">
            <Time at={signature.at} />
          </p>
          <p className="small">
            <Digest value={signature.digest} />
          </p>
        </>
      )}
    </div>
  );
}

/** Who signed a version, inside a sentence. */
export function signedWords({ signatures }: Pick<Terms, 'signatures'>): string {
  const [first, second] = signatures;
  if (first === undefined) return 'signed by neither side';
  if (second !== undefined) return 'signed by both sides';
  return first.side === 'developer' ? 'signed by the developer' : 'signed by the Government';
}
