import type { AccessGrant } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Clock } from '../../ui/clock.tsx';
import { Facts } from '../../ui/facts.tsx';
import { localZone } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { AcceptTerms } from './accept-terms.tsx';
import { AttestReturn, GiveBack } from './give-back.tsx';
import { NothingSuch } from './nothing-such.tsx';
import { OwesWords } from './person-inside.tsx';
import { Sessions } from './sessions.tsx';
import { ExportsOf } from './uses.tsx';
import { missingWords } from './words.ts';

export const screen: Screen = {
  load: (reader, { params }) => {
    const grant = parseId('grant', params['grant'] ?? '');
    if (grant === null) return;
    begin(reader, earlyAccess.grant, { params: { grant } });
    begin(reader, earlyAccess.grantTerms, { params: { grant } });
  },
  Page: GrantPage,
};

/** One person's access: what is missing, the terms to accept, for what it was used, what is owed. */
function GrantPage({ params }: Address) {
  const id = parseId('grant', params['grant'] ?? '');
  return id === null ? <NothingSuch what="access" /> : <Found id={id} key={id} />;
}

function Found({ id }: { readonly id: Id<'grant'> }) {
  const me = useMe()?.member?.id ?? null;
  const read = useLoad(earlyAccess.grant, { params: { grant: id } });
  const known = read.loaded.state === 'ready' ? read.loaded.data : null;
  const isOwn = known !== null && known.person.id === me;
  return (
    <Page
      title={
        known === null
          ? 'Access'
          : known.member.id === me
            ? 'Your access'
            : `Access of ${known.member.name ?? 'somebody whose name was erased'}`
      }
      lede={
        known === null ? null : (
          <>
            To one model, before its release.{' '}
            <a href={pathTo('window', { window: known.window })}>The window</a>
            {' · '}
            <a href={pathOf('access')}>All access</a>
            {' · '}
            <a href={pathOf('gatewayKeys')}>Keys by it</a>
          </>
        )
      }
      width="narrow"
    >
      <Show what="the access" {...read}>
        {(grant) => <Known grant={grant} isOwn={isOwn} />}
      </Show>
    </Page>
  );
}

interface KnownProps {
  readonly grant: AccessGrant;
  /** The reader is the person whom the terms bind. */
  readonly isOwn: boolean;
}

function Known({ grant, isOwn }: KnownProps) {
  const { id, active, until, revokedAt } = grant;
  return (
    <>
      <Section
        id="now"
        title={active ? 'Active now' : 'Not active'}
        lede={
          active
            ? 'It may end at any moment before: the developer needs no reason.'
            : 'All of this is missing, or over:'
        }
      >
        {active && until !== null ? (
          <Clock title="Your access" at={until} zone={localZone()} over="It has ended" />
        ) : (
          <ul className="reasons">
            {grant.missing.map((missing) => (
              <li key={`${missing.what} ${missing.protection}`}>{missingWords(missing)}</li>
            ))}
          </ul>
        )}
      </Section>
      <Section
        id="terms"
        title="Six protections"
        lede="Each is accepted by itself, by the person it binds, in the version both sides signed."
      >
        <AcceptTerms grant={grant} isOwn={isOwn} />
      </Section>
      <Section
        id="uses"
        title="Sessions"
        lede="Each for one purpose, stated before it begins. Both sides read it."
      >
        <Sessions grant={grant} isOwn={isOwn} />
      </Section>
      <Section
        id="exports"
        title="Taken out"
        lede="What left the session: what it is, its digest, to whom and for what."
      >
        <ExportsOf grant={id} />
      </Section>
      <Section
        id="owed"
        title={isOwn ? 'What you owe' : 'What they owe'}
        lede="Once access is over: the return or destruction of everything taken, attested."
      >
        <Facts
          items={[
            ['Owed', <OwesWords key="owed" grant={grant} />],
            ...(isOwn ? [] : [['By', grant.person.name ?? 'name erased'] as const]),
          ]}
        />
        {isOwn ? <AttestReturn grant={grant} /> : null}
        {isOwn && revokedAt === null ? <GiveBack grant={grant} /> : null}
      </Section>
    </>
  );
}
