import type { GatewayOffer } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { IssueKey } from './issue-key.tsx';
import { LimitsShown } from './key-limits.tsx';
import { StandLink } from './stand-link.tsx';

/** An access of one's own on which keys can be made, and what of it no key has yet. */
export function OfferCard({ offer }: { readonly offer: GatewayOffer }) {
  const [issuing, setIssuing] = useState(false);
  const { developer, names, until, gives, left, keepsFor, demandsProof } = offer;
  const name = names[0] ?? 'a model';
  const close = () => setIssuing(false);
  return (
    <article className="partner-card" aria-label={`${name} of ${developer.name}`}>
      <h3>
        <code>{name}</code> <span className="soft">of {developer.name}</span>
      </h3>
      <Facts
        items={[
          ['By', <StandLink key="stand" standsOn={offer.standsOn} />],
          ['Until', <Time key="until" at={until} />],
          ['Gives', givesWords[gives]],
          [
            'Left for keys',
            left === null ? (
              'nothing; other keys have it all'
            ) : (
              <LimitsShown key="left" limits={left} />
            ),
          ],
          ['Kept', keptWords(keepsFor)],
          ...(demandsProof
            ? [['Proof', 'each key is bound to a key pair or a certificate'] as const]
            : []),
        ]}
      />
      <Buttons>
        <Button
          kind="first"
          label={`Issue a key for ${name}`}
          reason={reasonFor(offer)}
          onPress={() => setIssuing(true)}
        >
          Issue a key
        </Button>
      </Buttons>
      {issuing ? (
        <Dialog
          open
          onClose={close}
          title="Issue a key"
          lede={`For ${name} of ${developer.name}. What is called by it is counted, and recorded without its words.`}
        >
          <IssueKey offer={offer} onDone={close} />
        </Dialog>
      ) : null}
    </article>
  );
}

const givesWords = {
  'raw-access': 'calls of the model, by the key',
  outputs: 'jobs that the developer stated; the key itself calls nothing',
} as const;

function reasonFor({ left, keysLeft }: GatewayOffer): string | null {
  if (keysLeft === 0) return 'As many keys as there may be stand already. End one first.';
  return left === null ? 'Nothing is left for another key. End one first.' : null;
}

/** Whether what is said to the model is kept. */
export function keptWords(keepsFor: readonly string[]): string {
  if (keepsFor.length === 0) return 'nothing of what is said and answered';
  const readers = keepsFor.length === 1 ? 'one reader' : `${keepsFor.length} readers`;
  return `what is said and answered, encrypted to ${readers} whom the developer names`;
}
