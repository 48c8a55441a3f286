import type { AdvisoryView } from '@breakwater/contract';
import { distribute } from '@breakwater/contract';
import { pathOf } from '../../app/paths.ts';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { QuoteBlock } from '../../ui/quote.tsx';
import { Section } from '../../ui/section.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { Download } from '../session/download.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { TestedPatch } from './tested-patch.tsx';

export const screen: Screen = {
  load: (reader, { params }) => begin(reader, distribute.getAdvisory, inputOf(params)),
  Page: AdvisoryPage,
};

function inputOf(params: Readonly<Record<string, string>>) {
  return { params: { advisory: params['advisory'] ?? '' } };
}

type Affected = AdvisoryView['affected'][number];

const columns: readonly Column<Affected>[] = [
  {
    key: 'package',
    head: 'Package',
    cell: ({ package: name }) => <span className="mono">{name}</span>,
  },
  { key: 'ecosystem', head: 'From', cell: ({ ecosystem }) => ecosystem },
  {
    key: 'fixed',
    head: 'Not affected from',
    cell: ({ fixed }) =>
      fixed === null ? 'no version yet' : <span className="mono">{fixed}</span>,
  },
];

/** One advisory, for everybody. */
function AdvisoryPage({ params }: Address) {
  const { loaded, reload } = useLoad(distribute.getAdvisory, inputOf(params));
  if (loaded.state !== 'ready') {
    return (
      <Page title="Advisory" width="narrow">
        <Show what="the advisory" loaded={loaded} reload={reload}>
          {() => null}
        </Show>
      </Page>
    );
  }
  return <Advisory advisory={loaded.data} />;
}

function Advisory({ advisory }: { readonly advisory: AdvisoryView }) {
  return (
    <Page
      title={advisory.summary}
      lede={
        <>
          <span className="mono">{[advisory.id, ...advisory.aliases].join(' · ')}</span>, published{' '}
          <Moment at={advisory.publishedAt} />
        </>
      }
      width="narrow"
    >
      <Section
        id="affected"
        title="What is affected"
        lede="Every version before the one named here. With that version or a later one you are safe from this."
      >
        <Table
          caption="Affected packages"
          columns={columns}
          rows={advisory.affected}
          keyOf={({ ecosystem, package: name }) => `${ecosystem} ${name}`}
        />
      </Section>
      <Section id="details" title="In the words of whoever published it" lede="As it was written.">
        <QuoteBlock text={advisory.details} />
      </Section>
      {advisory.patch === null ? null : <Patch patch={advisory.patch} />}
      <Section id="more" title="Where this comes from" lede="For people and for machines.">
        <Facts
          items={[
            ['Found by', advisory.credits.length === 0 ? 'not named' : advisory.credits.join(', ')],
            ['Last changed', <Moment key="at" at={advisory.modifiedAt} />],
            ...(advisory.references.length === 0
              ? []
              : ([['Elsewhere', <References key="refs" advisory={advisory} />]] as const)),
            ['For machines', <Formats key="formats" id={advisory.id} />],
          ]}
        />
      </Section>
      <p className="small no-print">
        <a href={pathOf('advisories')}>All advisories</a>
      </p>
    </Page>
  );
}

const formats = [
  ['osv', 'OSV record'],
  ['csaf', 'CSAF 2.0'],
  ['openvex', 'OpenVEX'],
  ['cve', 'CVE container, a draft without an id of its own'],
] as const;

function Formats({ id }: { readonly id: string }) {
  return (
    <ul>
      {formats.map(([format, words]) => (
        <li key={format}>
          <Download
            operation={distribute.advisory}
            input={{ params: { advisory: id }, query: { format } }}
            fileName={`${id}${format === 'osv' ? '' : `.${format}`}.json`}
          >
            {words}
          </Download>
        </li>
      ))}
    </ul>
  );
}

/** Addresses from outside: shown whole, so that nobody is led elsewhere than it says. */
function References({ advisory }: { readonly advisory: AdvisoryView }) {
  return (
    <ul>
      {advisory.references.map(({ type, url }) => (
        <li key={url}>
          <span className="soft">{type.toLowerCase()}</span>{' '}
          <a href={url} rel="noreferrer nofollow" className="mono">
            {url}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Patch({ patch }: { readonly patch: NonNullable<AdvisoryView['patch']> }) {
  return (
    <Section
      id="patch"
      title="A tested patch"
      lede="For whoever builds this from source. With it, every attack on this weakness that was handed in stopped working, and the package’s own tests passed."
    >
      <TestedPatch patch={patch} />
    </Section>
  );
}
