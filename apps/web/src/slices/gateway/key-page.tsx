import type { GatewayKey } from '@breakwater/contract';
import { gateway } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { Facts } from '../../ui/facts.tsx';
import { Time } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { CutAct } from './cut-act.tsx';
import { cutOf, stoppedBy } from './cut-reach.ts';
import { CutsShown } from './cuts-shown.tsx';
import { EndKey } from './end-key.tsx';
import { HowToCall } from './how-to-call.tsx';
import { Jobs } from './jobs.tsx';
import { LimitsShown } from './key-limits.tsx';
import { nameOf } from './keys.tsx';
import { NothingSuch } from './nothing-such.tsx';
import { keptWords } from './offer-card.tsx';
import { Requests } from './requests.tsx';
import { StandLink } from './stand-link.tsx';
import { Standing } from './standing.tsx';
import { UsageShown } from './usage-shown.tsx';
import { isOver } from './words.ts';

export const screen: Screen = {
  load: (reader, { params }) => {
    const gkey = parseId('gkey', params['gkey'] ?? '');
    if (gkey === null) return;
    begin(reader, gateway.key, { params: { gkey } });
    begin(reader, gateway.usage, { params: { gkey } });
  },
  Page: KeyPage,
};

/** One key, for whoever holds it and for whoever made the model. */
function KeyPage({ params }: Address) {
  const id = parseId('gkey', params['gkey'] ?? '');
  return id === null ? <NothingSuch what="key" /> : <Found id={id} key={id} />;
}

function Found({ id }: { readonly id: Id<'gkey'> }) {
  const read = useLoad(gateway.key, { params: { gkey: id } });
  const known = read.loaded.state === 'ready' ? read.loaded.data : null;
  return (
    <Page
      title={known?.name ?? 'A key'}
      lede={
        known === null ? null : (
          <>
            To <code>{known.names[0] ?? 'a model'}</code> of {known.developer.name}, by{' '}
            <StandLink standsOn={known.standsOn} />.
          </>
        )
      }
    >
      <Show what="the key" {...read}>
        {(gkey) => <Known gkey={gkey} />}
      </Show>
    </Page>
  );
}

function Known({ gkey }: { readonly gkey: GatewayKey }) {
  const { id, active, holder, party, names, until, endedAt, issuedAt, limits } = gkey;
  const me = useMe()?.party.id;
  const over = isOver(gkey);
  return (
    <>
      <Section
        id="standing"
        title="How it stands"
        lede={
          over
            ? 'By the server’s clock. It opens nothing any more.'
            : 'By the server’s clock. It may end at any moment before: the developer needs no notice.'
        }
      >
        <Facts
          items={[
            ['Now', <Standing key="now" gkey={gkey} />],
            [endedAt === null ? 'Until' : 'Ended', <Time key="until" at={endedAt ?? until} />],
            ['Used by', `${holder.name ?? 'name erased'}, ${party.name}`],
            ['Issued', <Time key="issued" at={issuedAt} />],
            ['Clients say', <Names key="say" names={names} />],
            ['Proof', proofWords(gkey)],
            ['Kept', keptWords(gkey.keepsFor)],
          ]}
        />
        <CutsShown cuts={gkey.cuts} />
        {me === party.id ? (
          <div className="mt-4">
            <EndKey gkey={gkey} />
          </div>
        ) : null}
        {me === gkey.developer.id && endedAt === null ? (
          <div className="always no-print">
            <CutAct
              of={id}
              label={`${nameOf(gkey.name)}, ${party.name}`}
              stops={stoppedBy(id, [gkey])}
              standing={cutOf(id, [gkey])}
            />
          </div>
        ) : null}
      </Section>
      <Section
        id="usage"
        title={over ? 'Used' : 'Used, and left'}
        lede={
          over
            ? 'What it used stays counted and recorded.'
            : 'Each request sets aside the most it can come to, and gives back what it did not use. While a key is busy some more is set aside ahead; that comes back seconds after its last request.'
        }
      >
        <UsageShown id={id} isLive={active} isOver={over} />
        <details className="fold">
          <summary>All its limits</summary>
          <LimitsShown limits={limits} />
        </details>
      </Section>
      {me === party.id && gkey.gives === 'raw-access' && !over ? (
        <Section
          id="call"
          title="How to call it"
          lede="The programs you have, told another address and this key; nothing else changes."
        >
          <HowToCall gkey={gkey} />
        </Section>
      ) : null}
      {me === party.id ? (
        <Section
          id="jobs"
          title="Jobs"
          lede="What the developer has run for you on what you hand in. You get the result, and nobody else does."
        >
          <Jobs gkey={gkey} />
        </Section>
      ) : null}
      <Section
        id="requests"
        title="Requests"
        lede="Each as it was recorded, without its words, and with a proof that both sides can check."
      >
        <Requests side={me === party.id ? 'party' : 'developer'} gkey={id} />
      </Section>
    </>
  );
}

function Names({ names }: Pick<GatewayKey, 'names'>) {
  return names.map((name, at) => (
    <span key={name}>
      {at === 0 ? '' : ' or '}
      <code>{name}</code>
    </span>
  ));
}

function proofWords({ proof }: GatewayKey) {
  if (proof.kind === 'none') return 'none: whoever has the key can use it';
  const what = proof.kind === 'dpop' ? 'a key pair (DPoP)' : 'a client certificate';
  return (
    <>
      bound to {what}: <code className="whole-digest">{proof.thumbprint}</code>
    </>
  );
}
