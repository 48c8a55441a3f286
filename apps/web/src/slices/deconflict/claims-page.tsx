import { claims } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useGo } from '../session/go.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad, usePages } from '../session/server.ts';
import { ClaimCard } from './claim-card.tsx';
import { EndedClaims } from './ended-claims.tsx';
import { LostClaims } from './lost-claims.tsx';
import { Requests } from './requests.tsx';
import { RulesShown } from './rules-shown.tsx';
import { Waits } from './waits.tsx';

export const screen: Screen = {
  load: (reader) => {
    begin(reader, claims.rules);
    begin(reader, claims.listRequests);
  },
  Page: ClaimsPage,
};

/** What one holds, what others ask of it, what one waits for, and what ended. */
function ClaimsPage({ search }: Address) {
  const go = useGo();
  const show = search['show'] === 'ended' ? 'ended' : 'live';
  return (
    <Page
      title="Your claims"
      lede="What you said you look at. Each ends by itself; renew it while you work, give it back when you are done."
      actions={
        <ButtonLink href={pathOf('claim')} kind="first">
          Claim
        </ButtonLink>
      }
      width="narrow"
    >
      <LostClaims />
      <Requests />
      <Tabs
        label="Which claims"
        value={show}
        onChange={(key) => go(pathOf('claims', key === 'ended' ? { show: key } : {}))}
        tabs={[
          { key: 'live', label: 'Held', content: <LiveClaims /> },
          { key: 'ended', label: 'Ended', content: <EndedClaims /> },
        ]}
      />
      <Waits />
      <Section
        id="rules"
        title="The rules"
        lede="The same for everybody, and all there are. Nobody is served first by favor."
      >
        <RulesShown />
      </Section>
    </Page>
  );
}

function LiveClaims() {
  const rules = useLoad(claims.rules, {});
  const pages = usePages([claims.list.id, 'live'], (client, after) =>
    client.call(claims.list, {
      query: { show: 'live', ...(after === undefined ? {} : { after }) },
    }),
  );
  return (
    <>
      <Show what="your claims" {...pages}>
        {(items) =>
          items.length === 0 ? (
            <Nothing />
          ) : (
            <ol className="claim-cards">
              {items.map((claim) => (
                <li key={claim.id}>
                  <ClaimCard
                    claim={claim}
                    rules={rules.loaded.state === 'ready' ? rules.loaded.data : null}
                  />
                </li>
              ))}
            </ol>
          )
        }
      </Show>
      {pages.more.has ? (
        <Buttons>
          <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
            More
          </Button>
        </Buttons>
      ) : null}
    </>
  );
}

function Nothing() {
  return (
    <EmptyState
      title="You hold no claim"
      actions={
        <>
          <ButtonLink href={pathOf('claim')} kind="first">
            Claim something
          </ButtonLink>
          <ButtonLink href={pathOf('coverage')}>See what is covered</ButtonLink>
        </>
      }
    >
      <p>
        A claim says what you look at, how and until when, so that nobody does the same at the same
        time. Others see that it is covered, never by whom.
      </p>
    </EmptyState>
  );
}
