import type { Application } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathOf } from '../../app/paths.ts';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { NothingSuch } from '../evaluate/nothing-such.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { ApplicationView } from './application-view.tsx';
import { InterestPart } from './interest-part.tsx';
import { KeyPart } from './key-part.tsx';
import { KeysShown } from './keys-shown.tsx';
import { PartnershipCard } from './partnership-card.tsx';
import { SaidThread } from './said-thread.tsx';
import { StandingBadge } from './standing.tsx';
import { WordsShown } from './words-shown.tsx';

export const screen: Screen = {
  load(reader, { params }) {
    const id = parseId('application', params['application'] ?? '');
    if (id !== null) begin(reader, partners.application, { params: { application: id } });
  },
  Page: ApplicationPage,
};

/** One application: for whoever made it, helps with it, or turns a key on it. */
function ApplicationPage({ params }: Address) {
  const id = parseId('application', params['application'] ?? '');
  return id === null ? <NothingSuch what="application" /> : <Found id={id} />;
}

function Found({ id }: { readonly id: Id<'application'> }) {
  const read = useLoad(partners.application, { params: { application: id } });
  const known = read.loaded.state === 'ready' ? read.loaded.data : null;
  return (
    <Page
      title={known === null ? 'Application' : (known.organization ?? 'Name erased')}
      width="narrow"
      lede={known === null ? undefined : <StandingBadge application={known} />}
    >
      <p className="partner-back small">
        <a href={pathOf('applications')}>All applications</a>
      </p>
      <Show what="the application" {...read}>
        {(application) =>
          application.as === 'applicant' || application.as === 'helper' ? (
            <ApplicationView application={application} token={null} />
          ) : (
            <Deciding key={application.id} application={application} />
          )
        }
      </Show>
    </Page>
  );
}

/** As one of the two sides reads it: what was sent, then one's own part in deciding. */
function Deciding({ application }: { readonly application: Application }) {
  const { keys, partnership, can } = application;
  return (
    <>
      <Section id="sent" title="What they say" lede="In their words. Nobody checked it.">
        <WordsShown application={application} />
      </Section>
      <SaidThread application={application} token={null} />
      <InterestPart application={application} />
      <KeyPart application={application} />
      {keys.length === 0 ? null : (
        <Section
          id="answer"
          title="Keys turned"
          lede="Until you turned yours, the other side’s key of this round is not shown."
        >
          <KeysShown keys={keys} version={application.criteriaVersion} />
        </Section>
      )}
      {partnership === null ? null : (
        <Section id="partnership" title="What they have" lede="It holds while all of it does.">
          <PartnershipCard partnership={partnership} token={null} can={can} />
        </Section>
      )}
    </>
  );
}
