import { fairnessLeast, partnerDays, partners } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Empty } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { CriteriaShown } from './criteria-shown.tsx';
import { FairnessShown } from './fairness-shown.tsx';
import { TierCard } from './tier-card.tsx';

export const screen: Screen = {
  load(reader) {
    begin(reader, partners.criteria);
    begin(reader, partners.tiers);
  },
  Page: PartnersPage,
};

/** For everybody: by what partners are chosen, what they get, and how applications fared. */
function PartnersPage({ search }: Address) {
  const me = useMe();
  return (
    <Page
      title="Trusted partners"
      lede="Some models can be used by trusted partners before everybody. A developer and the Government choose them together, by the criteria on this page and nothing else."
      width="narrow"
      actions={
        <>
          <ButtonLink href={pathOf('apply')} kind="first">
            Apply
          </ButtonLink>
          {me === null ? null : <ButtonLink href={pathOf('applications')}>Applications</ButtonLink>}
        </>
      }
    >
      <Section id="how" title="How it goes" lede="The same for everybody, nominated or not.">
        <ol className="partner-way">
          <li>
            <strong>You apply</strong>, in about five minutes, on a phone if you like. You need no
            account. Somebody may help you, and you may ask for results instead of the model itself.
          </li>
          <li>
            <strong>Two look at it</strong>: one for the developer, one for the Government. Each
            first states whether they have an interest in it. Only if both accept are you in.
          </li>
          <li>
            <strong>You are answered within {partnerDays.answer} days</strong>, with a reason for
            every criterion.
          </li>
          <li>
            <strong>You may appeal once</strong>, within {partnerDays.appeal} days. Other people
            decide then.
          </li>
        </ol>
      </Section>
      <Section
        id="tiers"
        title="Tiers"
        lede="What can be applied for. Each has terms and dates of its own."
      >
        <Tiers />
      </Section>
      <Section
        id="criteria"
        title="Criteria"
        lede="An application is judged by the version that stood on the day it was sent."
      >
        <CriteriaShown asked={search['version']} />
      </Section>
      <Section
        id="figures"
        title="How applications fared"
        lede={`By sector, size and place, a quarter at a time. Where there were fewer than ${fairnessLeast}, no figure stands: it could tell who they are.`}
      >
        <FairnessShown asked={search['quarter']} />
      </Section>
    </Page>
  );
}

function Tiers() {
  const read = useLoad(partners.tiers, {});
  return (
    <Show what="the tiers" {...read}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>No tier is offered now. Once a developer offers one, it stands here.</Empty>
        ) : (
          <ul className="partner-cards">
            {items.map((tier) => (
              <li key={tier.id}>
                <TierCard tier={tier} />
              </li>
            ))}
          </ul>
        )
      }
    </Show>
  );
}
