import { ok, type Result, refuse } from '@breakwater/kernel';
import { parseCvss } from '../cvss/vector.ts';
import { identifiersIn } from '../finding/finding.ts';
import { listOf, type Members, membersOf, wordsOf } from '../json/members.ts';
import { asObject, type JsonRefusal, readJson } from '../json/read-json.ts';
import { type CveAdvisory, type CveSsvc, cveLimits } from './cve.ts';
import { readAffected } from './read-affected.ts';

export type CveCode = JsonRefusal | 'cve-unknown';

/**
 * Reads a CVE record of format 5.0 to 5.2 (CVEProject/cve-schema) from UTF-8 JSON.
 *
 * What the schema requires beside the id is not insisted on: CNAs keep drafts in the same form, and
 * of a record that others published a missing name helps nobody. What has another form than the
 * schema's is left out.
 */
export function parseCve(bytes: Uint8Array): Result<CveAdvisory, CveCode> {
  const json = readJson(bytes, cveLimits);
  return json.ok ? readCve(json.value) : json;
}

/** The same of a value that was read from JSON. */
export function readCve(value: unknown): Result<CveAdvisory, 'cve-unknown'> {
  const record = membersOf(value);
  const about = membersOf(record['cveMetadata']);
  const id = wordsOf(about['cveId'], 40);
  const version = wordsOf(record['dataVersion'], 40) ?? 'no version';
  const containers = asObject(record['containers']);
  if (id === null || !/^CVE-\d{4}-\d{4,19}$/.test(id)) {
    return unknown(id === null ? 'none' : JSON.stringify(id), '/cveMetadata/cveId');
  }
  if (!/^5\.\d/.test(version)) return unknown(`format ${version}`, '/dataVersion');
  if (containers === null) return unknown('no containers', '/containers');
  const cna = membersOf(containers['cna']);
  const adps = listOf(containers['adp'], cveLimits.adpsMax).map(membersOf);
  const all = [cna, ...adps];
  const metrics = all.flatMap((each) => listOf(each['metrics'], 100).map(membersOf));
  return ok({
    id,
    state: stateOf(about['state']),
    assigner: wordsOf(about['assignerShortName'], 100) ?? wordsOf(about['assignerOrgId'], 100),
    publishedAt: wordsOf(about['datePublished'], 40),
    updatedAt: wordsOf(about['dateUpdated'], 40),
    rejectedReasons: textsOf(cna['rejectedReasons']),
    title: wordsOf(cna['title'], 1_000),
    description: textsOf(cna['descriptions']).join('\n\n') || null,
    affected: all.flatMap((each, index) => readAffected(each, index === 0 ? 'CNA' : 'ADP')),
    weaknesses: [...new Set(all.flatMap(weaknessesOf))],
    vectors: [...new Set(metrics.flatMap(vectorsOf))],
    ssvc: ssvcOf(metrics),
    knownExploitedSince: exploitedSince(metrics),
    references: referencesOf(all),
    solutions: textsOf(cna['solutions']),
    workarounds: textsOf(cna['workarounds']),
    credits: listOf(cna['credits'], 200).flatMap((each) => wordsOf(membersOf(each)['value']) ?? []),
    notes: notesOn(all),
  });
}

function stateOf(value: unknown): CveAdvisory['state'] {
  return (['PUBLISHED', 'REJECTED', 'RESERVED'] as const).find((state) => state === value) ?? null;
}

/** Of texts in several languages the English ones, or else those of the first language. */
function textsOf(value: unknown): readonly string[] {
  const texts = listOf(value, 100).flatMap((each) => {
    const text = wordsOf(membersOf(each)['value'], 100_000);
    return text === null ? [] : [{ lang: wordsOf(membersOf(each)['lang'], 40) ?? 'en', text }];
  });
  const isEnglish = ({ lang }: { lang: string }) => /^en\b/i.test(lang);
  const lang = texts.find(isEnglish) === undefined ? texts[0]?.lang : null;
  return texts
    .filter((each) => (lang === null ? isEnglish(each) : each.lang === lang))
    .map(({ text }) => text);
}

/** CWE ids, also those that stand in the words alone. */
function weaknessesOf(container: Members): readonly string[] {
  const described = listOf(container['problemTypes'], 100).flatMap((each) =>
    listOf(membersOf(each)['descriptions'], 100).map(membersOf),
  );
  return described.flatMap((each) => {
    const text = wordsOf(each['cweId'], 40) ?? wordsOf(each['description'], 300) ?? '';
    const number = /^CWE[- ]0*([1-9]\d{0,5})\b/i.exec(text)?.[1];
    return number === undefined ? [] : [`CWE-${number}`];
  });
}

const scales = ['cvssV4_0', 'cvssV3_1', 'cvssV3_0', 'cvssV2_0'] as const;

function vectorsOf(metric: Members): readonly string[] {
  return scales.flatMap((scale) => {
    const vector = wordsOf(membersOf(metric[scale])['vectorString'], 300);
    return vector !== null && parseCvss(vector).ok ? [vector] : [];
  });
}

/** `other` metrics of one type, as CISA's ADP container writes them. */
function othersOf(metrics: readonly Members[], type: string): readonly Members[] {
  return metrics
    .map((metric) => membersOf(metric['other']))
    .filter((other) => wordsOf(other['type'], 40)?.toLowerCase() === type)
    .map((other) => membersOf(other['content']));
}

function ssvcOf(metrics: readonly Members[]): CveSsvc | null {
  const [content] = othersOf(metrics, 'ssvc');
  if (content === undefined) return null;
  const options = listOf(content['options'], 20).map(membersOf);
  const of = (name: string) => {
    for (const option of options) {
      for (const [key, value] of Object.entries(option).slice(0, 20)) {
        if (key.toLowerCase() === name) return wordsOf(value, 40);
      }
    }
    return null;
  };
  return {
    exploitation: of('exploitation'),
    automatable: of('automatable'),
    technicalImpact: of('technical impact'),
  };
}

function exploitedSince(metrics: readonly Members[]): string | null {
  const [content] = othersOf(metrics, 'kev');
  return wordsOf(content?.['dateAdded'], 40);
}

function referencesOf(containers: readonly Members[]): CveAdvisory['references'] {
  const references = containers.flatMap((each) => listOf(each['references'], 512).map(membersOf));
  const byUrl = new Map(
    references.flatMap((each) => {
      const url = wordsOf(each['url'], 2_048);
      const tags = listOf(each['tags'], 20).flatMap((tag) => wordsOf(tag, 100) ?? []);
      return url === null ? [] : [[url, { url, tags }] as const];
    }),
  );
  return [...byUrl.values()];
}

/** Members that records have and that are not read, with their names for people. */
const unread: Readonly<Record<string, string>> = {
  impacts: 'attack patterns',
  exploits: 'what is known of exploits',
  configurations: 'configurations that it needs',
  timeline: 'a timeline',
  taxonomyMappings: 'mappings to taxonomies',
  cpeApplicability: 'CPE applicability trees',
};

function notesOn(containers: readonly Members[]): readonly string[] {
  return Object.entries(unread)
    .filter(([name]) => containers.some((each) => listOf(each[name], 1).length > 0))
    .map(([, what]) => `The record has ${what}; that is not read.`);
}

/** Names of the same vulnerability that references of a record give, such as GHSA ids. */
export function otherNames({ id, references }: CveAdvisory): readonly string[] {
  return identifiersIn(references.map(({ url }) => url)).filter((each) => each !== id);
}

function unknown(got: string, pointer: string) {
  return refuse({
    code: 'cve-unknown' as const,
    expected: 'a CVE record of format 5: cveMetadata with a cveId, and containers',
    got,
    todo: 'get the record again from the CVE List (cvelistV5)',
    pointer,
  });
}
