import { gateway } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { Keys } from './keys.tsx';
import { OfferCard } from './offer-card.tsx';

export const screen: Screen = {
  load: (reader) => begin(reader, gateway.offers),
  Page: KeysPage,
};

/** A party's own keys: what they can be made on, and those that there are. */
function KeysPage() {
  const me = useMe();
  const offers = useLoad(gateway.offers, {});
  return (
    <Page
      title="Keys to models"
      lede="A key calls a model through the gateway: within its limits, counted to the token, ending by itself."
    >
      <Section
        id="access"
        title="What you have"
        lede="Active access of yours on which keys can be made. Its limits hold for all of its keys together."
      >
        <Show what="your access" {...offers}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState
                title="No active access"
                actions={
                  <>
                    <ButtonLink href={pathOf('access')}>Your access</ButtonLink>
                    <ButtonLink href={pathOf('partners')}>Become a partner</ButtonLink>
                  </>
                }
              >
                <p>
                  It stands here once your early access or your partnership is active, and the
                  developer stated what may be used.
                </p>
              </EmptyState>
            ) : (
              <div className="partner-cards">
                {items.map((offer) => (
                  <OfferCard key={offer.standsOn} offer={offer} />
                ))}
              </div>
            )
          }
        </Show>
      </Section>
      <Section
        id="keys"
        title="Your keys"
        lede="Of people and services of your party. A key itself was shown once, when it was issued."
      >
        <Keys
          mine={({ party }) => party.id === me?.party.id}
          none="None was issued yet."
          caption="Your keys"
        />
      </Section>
    </Page>
  );
}
