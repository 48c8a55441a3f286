import type { Advisory, AffectedPackage } from '../advisory/advisory.ts';
import { buildPurl } from '../purl/purl.ts';
import type { CnaContainer } from './cna-container.ts';
import { ecosystemAt } from './collections.ts';
import { ownTag, referenceTags } from './write-cve.ts';

/** What a container that {@link writeCnaContainer} made says, in the words of an advisory. */
export function advisoryOfCna(container: CnaContainer): Omit<Advisory, 'patch'> {
  const { title, descriptions, references, x_breakwater, source } = container;
  return {
    id: source.advisory,
    aliases: x_breakwater.aliases,
    title,
    details: descriptions[0]?.value ?? title,
    affected: container.affected.map(packageOf),
    severity: (container.metrics ?? []).flatMap(
      ({ cvssV2_0, cvssV3_0, cvssV3_1, cvssV4_0 }) =>
        (cvssV2_0 ?? cvssV3_0 ?? cvssV3_1 ?? cvssV4_0)?.vectorString ?? [],
    ),
    weaknesses: (container.problemTypes ?? []).flatMap((of) =>
      of.descriptions.map(({ cweId }) => cweId),
    ),
    references: references
      .filter(({ tags = [] }) => !tags.includes(ownTag))
      .map(({ url, tags = [] }) => {
        const type = [...referenceTags].find(([, tag]) => tags.includes(tag));
        return { type: type?.[0] ?? 'WEB', url };
      }),
    credits: (container.credits ?? []).map(({ value }) => value),
    revisions: container.timeline.map(({ time, value }, i) => ({
      number: i + 1,
      date: time,
      summary: value,
    })),
  };
}

const purlTypes: ReadonlyMap<string, { type: string; namespace?: string }> = new Map([
  ['npm', { type: 'npm' }],
  ['PyPI', { type: 'pypi' }],
  ['Maven', { type: 'maven' }],
  ['Go', { type: 'golang' }],
  ['crates.io', { type: 'cargo' }],
  ['RubyGems', { type: 'gem' }],
  ['NuGet', { type: 'nuget' }],
  ['Packagist', { type: 'composer' }],
  ['Debian', { type: 'deb', namespace: 'debian' }],
  ['Alpine', { type: 'apk', namespace: 'alpine' }],
]);

function packageOf(of: CnaContainer['affected'][number]): AffectedPackage {
  const family = of.collectionURL === undefined ? null : ecosystemAt(of.collectionURL);
  const ecosystem = of.platforms?.[0] ?? family ?? 'unknown';
  const name = of.packageName ?? of.product ?? 'unknown';
  return {
    ecosystem,
    name,
    purl: family === null ? null : purlOf(family, name),
    intervals: of.versions.map(({ version, lessThan, lessThanOrEqual }) => ({
      introduced: version === '0' ? null : version,
      fixed: lessThan === undefined || lessThan === '*' ? null : lessThan,
      lastAffected: lessThanOrEqual ?? (lessThan === undefined ? version : null),
    })),
  };
}

/** Where a package's own name holds its namespace, that goes before the last part. */
function purlOf(family: string, packageName: string): string | null {
  const type = purlTypes.get(family);
  if (type === undefined) return null;
  const separator = family === 'Maven' ? ':' : '/';
  const parts = packageName.split(separator);
  const name = parts.at(-1) ?? packageName;
  const namespace = type.namespace ?? (parts.slice(0, -1).join('/') || undefined);
  const purl = buildPurl({ type: type.type, namespace, name });
  return purl.ok ? purl.value.canonical : null;
}
