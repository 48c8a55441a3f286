import type { Output } from '@breakwater/contract';
import { engage, terms } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { Time } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Redline } from '../../ui/redline.tsx';
import { Section } from '../../ui/section.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { NothingSuch } from './nothing-such.tsx';
import { ProposeTerms } from './propose-terms.tsx';
import { SignTerms } from './sign-terms.tsx';
import { Signatures } from './signatures.tsx';
import { kindWords } from './words.ts';

export const screen: Screen = {
  load: (reader, { params }) => {
    const ids = idsOf(params);
    if (ids !== null) begin(reader, terms.get, { params: ids });
  },
  Page: TermsPage,
};

interface Ids {
  readonly engagement: Id<'engagement'>;
  readonly terms: Id<'terms'>;
}

function idsOf(params: Address['params']): Ids | null {
  const engagement = parseId('engagement', params['engagement'] ?? '');
  const version = parseId('terms', params['terms'] ?? '');
  return engagement === null || version === null ? null : { engagement, terms: version };
}

/** One version of one document of terms: its text, what changed in it, who signed it. */
function TermsPage({ params }: Address) {
  const ids = idsOf(params);
  return ids === null ? <NothingSuch what="version of terms" /> : <Found ids={ids} />;
}

function Found({ ids }: { readonly ids: Ids }) {
  const read = useLoad(terms.get, { params: ids });
  if (read.loaded.state !== 'ready') {
    return (
      <Page title="Terms" width="narrow">
        <Show what="the terms" {...read}>
          {() => null}
        </Show>
      </Page>
    );
  }
  return <Known version={read.loaded.data} key={ids.terms} />;
}

type Version = Output<typeof terms.get>;

function Known({ version }: { readonly version: Version }) {
  const { engagement, kind, version: number, by, proposedAt, inForce } = version;
  return (
    <Page
      title={`${kindWords[kind][0]}, version ${number}`}
      lede={
        <>
          {inForce ? (
            <>
              <Badge tone="sea">Signed by both, and the newest so</Badge>{' '}
            </>
          ) : null}
          Proposed by {by.name}, <Time at={proposedAt} />.{' '}
          <a href={pathTo('engagement', { engagement })}>The engagement</a>
        </>
      }
      width="narrow"
    >
      <Section id="text" title="The text" lede={kindWords[kind][1]}>
        <TextOf version={version} />
      </Section>
      <Section
        id="signatures"
        title="Signatures"
        lede="It is agreed once both sides have signed this very text. Each signature names its digest."
      >
        <Signatures terms={version} />
        <Act version={version} />
      </Section>
      <Others version={version} />
    </Page>
  );
}

/** As it reads, and what changed from the version before. */
function TextOf({ version }: { readonly version: Version }) {
  const { text } = version;
  if (text === null) return <p className="soft">The text was erased; its digest stays.</p>;
  const plain = <p className="redline terms-text">{text}</p>;
  if (version.version === 1) return plain;
  return (
    <Tabs
      label="The text"
      tabs={[
        { key: 'changes', label: 'What changed', content: <Changes version={version} /> },
        { key: 'plain', label: 'As it reads', content: plain },
      ]}
    />
  );
}

function Changes({ version: { engagement, id } }: { readonly version: Version }) {
  const read = useLoad(terms.redline, { params: { engagement, terms: id } });
  return (
    <Show what="what changed" {...read}>
      {({ parts }) => (
        <div className="terms-text">
          <Redline parts={parts} />
        </div>
      )}
    </Show>
  );
}

/** Signing and proposing, for whoever is of a side. */
function Act({ version }: { readonly version: Version }) {
  const { engagement, kind, text } = version;
  const { loaded } = useLoad(engage.get, { params: { engagement } });
  const [act, setAct] = useState<'sign' | 'propose' | null>(null);
  const versions = useLoad(terms.list, { params: { engagement } });
  if (loaded.state !== 'ready') return null;
  const { side, leftAt } = loaded.data;
  if (side === null || leftAt !== null) return null;
  const isSigned = version.signatures.some((each) => each.side === side);
  const newest =
    versions.loaded.state === 'ready'
      ? versions.loaded.data.items
          .filter((each) => each.kind === kind)
          .toSorted((a, b) => b.version - a.version)[0]
      : undefined;
  const done = () => setAct(null);
  return (
    <div className="mt-4">
      <Buttons>
        <Button
          kind="first"
          onPress={() => setAct('sign')}
          reason={
            isSigned
              ? 'Your side has signed it.'
              : version.supersededAt === null
                ? null
                : 'A later version came.'
          }
        >
          Sign this version
        </Button>
        <Button onPress={() => setAct('propose')}>Propose another</Button>
      </Buttons>
      {act === 'sign' && text !== null ? (
        <SignTerms version={version} text={text} onDone={done} />
      ) : null}
      {act === 'propose' ? (
        <ProposeTerms engagement={engagement} kind={kind} newest={newest} onDone={done} />
      ) : null}
    </div>
  );
}

/** The other versions of the same document. */
function Others({ version: { engagement, kind, id } }: { readonly version: Version }) {
  const { loaded } = useLoad(terms.list, { params: { engagement } });
  const others =
    loaded.state === 'ready'
      ? loaded.data.items.filter((each) => each.kind === kind && each.id !== id)
      : [];
  if (others.length === 0) return null;
  return (
    <Section id="versions" title="Other versions" lede="None is ever changed or taken away.">
      <ul className="small">
        {others.map((each) => (
          <li key={each.id}>
            <a href={pathTo('terms', { engagement, terms: each.id })}>Version {each.version}</a>,
            proposed by {each.by.name}, <Time at={each.proposedAt} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
