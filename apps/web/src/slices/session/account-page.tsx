import { Facts } from '../../ui/facts.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMe } from './me.ts';
import type { Screen } from './screen.ts';

export const screen: Screen = { Page: AccountPage };

/** Who you are here, and what you hold. */
function AccountPage() {
  const me = useMe();
  if (me === null) return null;
  return (
    <Page title="Your account" lede="Who you are here, and what you hold." width="narrow">
      <Section id="you" title="You" lede="As others here read it.">
        <Facts
          items={[
            ['Name', me.member?.name ?? 'a key of the party'],
            ['Party', me.party.name],
            ['Role', me.party.role],
          ]}
        />
      </Section>
    </Page>
  );
}
