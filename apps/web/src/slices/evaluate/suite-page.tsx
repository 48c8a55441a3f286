import type { Suite } from '@breakwater/contract';
import { suites } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathOf, pathTo } from '../../app/paths.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMe } from '../session/me.ts';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { Coming, NothingSuch } from './nothing-such.tsx';
import { SuiteAllowed } from './suite-allowed.tsx';
import { SuiteFigures } from './suite-figures.tsx';
import { SuiteItems } from './suite-items.tsx';
import { SuiteSeal } from './suite-seal.tsx';
import { rightsWords } from './words.ts';

export const screen: Screen = {
  load: (reader, { params }) => {
    const suite = parseId('suite', params['suite'] ?? '');
    if (suite === null) return;
    begin(reader, suites.suite, { params: { suite } });
  },
  Page: SuitePage,
};

/** One sealed suite: its seal, what models did on it, its items, and who may what. */
function SuitePage({ params }: Address) {
  const id = parseId('suite', params['suite'] ?? '');
  return id === null ? <NothingSuch what="suite" /> : <Found id={id} />;
}

function Found({ id }: { readonly id: Id<'suite'> }) {
  const read = useLoad(suites.suite, { params: { suite: id } });
  if (read.loaded.state !== 'ready') return <Coming title="Suite" what="the suite" {...read} />;
  return <Known suite={read.loaded.data} />;
}

function Known({ suite }: { readonly suite: Suite }) {
  const me = useMe();
  const isKeeper = me?.party.id === suite.keeper.id;
  return (
    <Page
      title={suite.title ?? 'A suite'}
      lede={
        <>
          Kept by {isKeeper ? 'you' : suite.keeper.name}. You may: {rightsWords(suite.rights)}.{' '}
          <a href={pathOf('suites')}>All suites</a>
        </>
      }
      actions={
        <>
          {suite.rights.includes('run') ? (
            <ButtonLink href={pathOf('beginRun', { suite: suite.id })} kind="first">
              Begin a run
            </ButtonLink>
          ) : null}
          <ButtonLink href={pathOf('runs', { suite: suite.id })}>Its runs</ButtonLink>
        </>
      }
    >
      <Section
        id="seal"
        title="Seal"
        lede="The root over all items stands in the log since before the first run. No item can be changed after."
      >
        <SuiteSeal suite={suite} />
      </Section>
      <Section
        id="figures"
        title="Results"
        lede="Accuracy of each model, by what it could spend, over the samples that you may see."
      >
        <SuiteFigures id={suite.id} />
        <p className="small mt-3">
          <a href={pathTo('compare', { suite: suite.id })}>Two runs side by side</a>
        </p>
      </Section>
      <Section
        id="items"
        title="Items"
        lede="By their commitments. What is in one is seen by whoever was let, or by all once its keeper opens it."
      >
        <SuiteItems id={suite.id} />
      </Section>
      {isKeeper ? (
        <Section
          id="allowed"
          title="Who may what"
          lede="Your word alone; no role sees more. What you take back is gone at once."
        >
          <SuiteAllowed suite={suite} />
        </Section>
      ) : null}
    </Page>
  );
}
