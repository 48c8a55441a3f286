import type { OwnTier } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { useState } from 'react';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Quote } from '../../ui/quote.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';
import { TierCard } from './tier-card.tsx';
import { TierForm } from './tier-form.tsx';

type Open = { readonly standing: OwnTier | null } | null;

/** A developer's own tiers: what everybody sees of each, and what nobody else does. */
export function TiersDesk() {
  const [open, setOpen] = useState<Open>(null);
  const read = useLoad(partners.ownTiers, {});
  const close = () => setOpen(null);
  return (
    <>
      <Show what="your tiers" {...read}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="You offer no tier">
              <p>
                A tier says under a public name what partners get, under which terms, and from when
                until when. Whoever wants it applies on the public page.
              </p>
            </EmptyState>
          ) : (
            <ul className="partner-cards">
              {items.map((tier) => (
                <li key={tier.id}>
                  <TierCard
                    tier={tier}
                    actions={<Button onPress={() => setOpen({ standing: tier })}>Change it</Button>}
                  />
                  <Told tier={tier} />
                </li>
              ))}
            </ul>
          )
        }
      </Show>
      <Buttons>
        <Button onPress={() => setOpen({ standing: null })}>Offer a tier</Button>
      </Buttons>
      {open === null ? null : (
        <Dialog
          open
          wide
          onClose={close}
          title={open.standing === null ? 'Offer a tier' : 'Change the tier'}
        >
          <TierForm standing={open.standing} onDone={close} />
        </Dialog>
      )}
    </>
  );
}

function Told({ tier: { modelTold, model } }: { readonly tier: OwnTier }) {
  return (
    <div className="partner-told">
      <Facts
        items={[
          [
            'Behind it',
            modelTold === null ? 'not said yet' : <Quote key="told" text={modelTold} />,
          ],
          ['Model', model === null ? 'none named' : <code key="model">{model}</code>],
        ]}
      />
      <p className="small faint">The first is told to partners alone, the second to nobody.</p>
    </div>
  );
}
