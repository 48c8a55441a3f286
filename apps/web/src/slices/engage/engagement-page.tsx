import type { Engagement } from '@breakwater/contract';
import { designate, engage } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathOf } from '../../app/paths.ts';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { AnswerSection } from '../designate/answer-section.tsx';
import { AccessSection } from '../early-access/access-section.tsx';
import { useMay, useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { Acts } from './acts.tsx';
import { Always } from './always.tsx';
import { Dates } from './dates.tsx';
import { ModelFacts } from './model-facts.tsx';
import { NothingSuch } from './nothing-such.tsx';
import { OwedBySides } from './owed-by-sides.tsx';
import { Sharing } from './sharing.tsx';
import { TermsList } from './terms-list.tsx';
import { WhereWeAre } from './where-we-are.tsx';
import { wantWords } from './words.ts';

export const screen: Screen = {
  load: (reader, { params }) => {
    const engagement = parseId('engagement', params['engagement'] ?? '');
    if (engagement !== null) begin(reader, engage.get, { params: { engagement } });
  },
  Page: EngagementPage,
};

/** One engagement on one page, for both sides and for whoever else the developer named. */
function EngagementPage({ params }: Address) {
  const id = parseId('engagement', params['engagement'] ?? '');
  return id === null ? <NothingSuch what="engagement" /> : <Found id={id} key={id} />;
}

function Found({ id }: { readonly id: Id<'engagement'> }) {
  const role = useMe()?.party.role;
  const read = useLoad(engage.get, { params: { engagement: id } });
  const known = read.loaded.state === 'ready' ? read.loaded.data : null;
  // As long as it is not known whose it is, a developer reads it as its own.
  const isDeveloper = known === null ? role === 'developer' : known.side === 'developer';
  return (
    <Page
      title={known === null ? 'Engagement' : (known.codename ?? 'Codename erased')}
      lede={
        known === null ? null : (
          <>
            {introduction(known)} <a href={pathOf('engagements')}>All engagements</a>
          </>
        )
      }
    >
      {isDeveloper ? (
        <Always
          id={id}
          codename={known?.codename ?? null}
          releasedAt={known?.releasedAt ?? null}
          leftAt={known?.leftAt ?? null}
        />
      ) : null}
      <Show what="the engagement" {...read}>
        {(engagement) => <Known engagement={engagement} />}
      </Show>
    </Page>
  );
}

function introduction({ side, developer, government, wants }: Engagement): string {
  const between =
    side === 'developer'
      ? `With ${government.name}.`
      : side === 'government'
        ? `Opened by ${developer.name}.`
        : `Between ${developer.name} and ${government.name}.`;
  return `${between} Asked for: ${wantWords[wants][0].toLowerCase()}.`;
}

function Known({ engagement }: { readonly engagement: Engagement }) {
  const { id, sees, side, leftAt } = engagement;
  const isDetailed = sees !== 'summary';
  const isDeveloper = side === 'developer';
  const role = useMe()?.party.role;
  const may = useMay();
  return (
    <>
      <Section
        id="where"
        title="Where we are"
        lede="What happened, and when. Nothing here sums it up."
      >
        <WhereWeAre engagement={engagement} />
      </Section>
      <Section
        id="owed"
        title="What each side owes"
        lede={`What is open stands first. Nothing that ${isDeveloper ? 'you owe keeps you' : 'the developer owes keeps it'} from releasing or leaving.`}
      >
        <OwedBySides engagement={engagement} />
      </Section>
      {isDetailed && side !== null ? <AccessSection engagement={engagement} /> : null}
      {may(designate.determinations) ? (
        <AnswerSection engagement={engagement} hasFiles={role !== 'developer'} />
      ) : null}
      {isDetailed ? (
        <Section
          id="terms"
          title="Terms"
          lede="Six protections and the agreement. Access to the model needs all six, signed by both sides."
        >
          <TermsList engagement={engagement} />
        </Section>
      ) : null}
      <Section
        id="dates"
        title="Planned dates"
        lede="The developer’s own statements. Every one is kept; the newest counts, and nobody else has a say."
      >
        <Dates engagement={engagement} canState={isDeveloper && leftAt === null} />
      </Section>
      {isDetailed ? (
        <Section
          id="sharing"
          title="Who may see it"
          lede="These parties and nobody else. To all others it is not there."
        >
          <Sharing engagement={engagement} canAlter={isDeveloper} />
        </Section>
      ) : null}
      <Section id="model" title="The model" lede="As its developer states it.">
        <ModelFacts engagement={engagement} canState={isDeveloper} />
      </Section>
      {isDetailed && side !== null ? (
        <Section
          id="acts"
          title="Every act"
          lede="Each is an entry in a signed log, and its proof can be checked here."
        >
          <Acts id={id} />
        </Section>
      ) : null}
    </>
  );
}
