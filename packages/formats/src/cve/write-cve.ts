import { ok, type Result, refuse } from '@breakwater/kernel';
import {
  type Advisory,
  type AffectedPackage,
  actionText,
  type Publisher,
} from '../advisory/advisory.ts';
import { ratingOf, scoreCvss } from '../cvss/score.ts';
import { parseCvss } from '../cvss/vector.ts';
import { cweName } from '../cwe/cwe.ts';
import { asUri } from '../uri/uri.ts';
import type { Interval } from '../vers/vers.ts';
import { CnaContainer, type CveRecord, type Provider } from './cna-container.ts';
import { collectionOf } from './collections.ts';

/**
 * What the CNA says of an advisory (CVE Record Format 5.1, `cnaPublishedContainer`).
 *
 * Without a `provider` it is a draft: complete but for who provides it, for the CNA that assigned
 * the CVE id, or will. Texts the format bounds are cut at the bound, and the container says so.
 */
export function writeCnaContainer(
  advisory: Advisory,
  publisher: Publisher,
  provider: Provider | null,
): Result<CnaContainer, 'cve-nonconforming'> {
  const { title, details, revisions, credits, patch } = advisory;
  const parsed = CnaContainer.safeParse({
    ...(provider === null ? {} : { providerMetadata: provider }),
    title: cut(title, 256),
    datePublic: revisions[0]?.date,
    descriptions: [english(details)],
    affected: distinct(advisory.affected.map(affectedOf)),
    ...problemTypesOf(advisory),
    references: referencesOf(advisory, publisher),
    ...metricsOf(advisory),
    solutions: distinct(advisory.affected.map((each) => english(actionText(each)))),
    ...(patch === null
      ? {}
      : {
          workarounds: [
            english(
              `Where no fixed version can be had, take the patch that was verified against the proof of the vulnerability: ${patch.sha256} from ${patch.url}`,
            ),
          ],
        }),
    timeline: revisions.map(({ date, summary }) => ({
      time: date,
      lang: 'en',
      value: cut(summary, 4096),
    })),
    ...(credits.length === 0
      ? {}
      : { credits: distinct(credits.map((name) => ({ ...english(name), type: 'finder' }))) }),
    source: { advisory: advisory.id, discovery: 'UNKNOWN' },
    x_breakwater: {
      aliases: advisory.aliases.filter((alias) => !alias.startsWith('CVE-')),
      shortened: title.length > 256 || details.length > 4096,
    },
  });
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return refuse({
    code: 'cve-nonconforming' as const,
    expected: 'what the CVE Record Format allows',
    got: `/${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'something else'}`.slice(0, 300),
    todo: 'correct the advisory there',
    pointer: `/${issue?.path.join('/') ?? ''}`,
  });
}

/** A record under a CVE id that `provider` assigned; nobody else may publish it under that id. */
export function cveRecordOf(container: CnaContainer, cveId: string, provider: Provider): CveRecord {
  const { orgId, shortName } = provider;
  return {
    dataType: 'CVE_RECORD',
    dataVersion: '5.1.1',
    cveMetadata: {
      cveId,
      assignerOrgId: orgId,
      ...(shortName === undefined ? {} : { assignerShortName: shortName }),
      state: 'PUBLISHED',
    },
    containers: { cna: { ...container, providerMetadata: provider } },
  };
}

function english(text: string) {
  return { lang: 'en' as const, value: cut(text, 4096) };
}

/** Never between the halves of a character. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function affectedOf({ ecosystem, name, intervals }: AffectedPackage) {
  const collection = collectionOf(ecosystem);
  const isRelease = ecosystem.includes(':');
  return {
    ...(collection === null
      ? { vendor: 'n/a', product: name }
      : { collectionURL: collection.url, packageName: name }),
    ...(isRelease || collection === null ? { platforms: [ecosystem] } : {}),
    defaultStatus: 'unaffected',
    versions: intervals.map((each) => versionOf(each, collection?.versionType ?? 'custom')),
  };
}

/** Record format, "Product and version encodings": `0` is before every version, `*` after. */
function versionOf({ introduced, fixed, lastAffected }: Interval, versionType: string) {
  const version = introduced ?? '0';
  const status = 'affected';
  if (lastAffected !== null && lastAffected === introduced) return { version, status };
  if (fixed !== null) return { version, status, lessThan: fixed, versionType };
  if (lastAffected !== null) return { version, status, lessThanOrEqual: lastAffected, versionType };
  return { version, status, lessThan: '*', versionType };
}

function problemTypesOf({ weaknesses }: Advisory) {
  const known = weaknesses.flatMap((cweId) => {
    const name = cweName(cweId);
    if (name === null) return [];
    const description = { lang: 'en', cweId, description: `${cweId} ${name}`, type: 'CWE' };
    return { descriptions: [description] };
  });
  return known.length === 0 ? {} : { problemTypes: known };
}

/** By OSV's words for what a reference is. */
export const referenceTags: ReadonlyMap<string, string> = new Map([
  ['ADVISORY', 'third-party-advisory'],
  ['FIX', 'patch'],
  ['REPORT', 'issue-tracking'],
]);

/** Marks our own page, which is a reference for others only. */
export const ownTag = 'x_breakwater';

function referencesOf({ references }: Advisory, { page }: Publisher) {
  const others = references.map(({ type, url }) => {
    const tag = referenceTags.get(type);
    return { url: asUri(url), ...(tag === undefined ? {} : { tags: [tag] }) };
  });
  return distinct([{ url: page, tags: ['third-party-advisory', ownTag] }, ...others]);
}

const metricNames = {
  '2.0': 'cvssV2_0',
  '3.0': 'cvssV3_0',
  '3.1': 'cvssV3_1',
  '4.0': 'cvssV4_0',
} as const;

function metricsOf({ severity }: Advisory) {
  const metrics = severity.flatMap((text) => {
    const vector = parseCvss(text);
    if (!vector.ok) return [];
    const { version } = vector.value;
    const { base } = scoreCvss(vector.value);
    const object = { version, vectorString: vector.value.text, baseScore: base };
    return {
      format: 'CVSS',
      scenarios: [{ lang: 'en', value: 'GENERAL' }],
      [metricNames[version]]:
        version === '2.0' ? object : { ...object, baseSeverity: ratingOf(base) },
    };
  });
  return metrics.length === 0 ? {} : { metrics: distinct(metrics) };
}
