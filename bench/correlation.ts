import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { explainJoin, type Identifiable } from '@breakwater/correlation';
import { z } from 'zod';
import { needData } from './peers/data.ts';
import { judge, rowsOf } from './peers/judged.ts';
import type { Report } from './row.ts';

const Advisory = z.object({
  i: z.number(),
  id: z.string(),
  aliases: z.array(z.string()),
  ecosystem: z.string().nullish(),
  packages: z.array(z.string()),
  summary: z.string().nullish(),
  details: z.string().nullish(),
  cwe: z.array(z.union([z.string(), z.number().transform((n) => `CWE-${n}`)])),
});
type Advisory = z.infer<typeof Advisory>;
const One = z.object({ i: z.number() });
const Pair = z.object({ a: One, b: One, text: z.string().optional() });

/** A rule that says of two advisories whether they are about one defect. */
type Rule = (a: Advisory, b: Advisory) => boolean;

const rules: readonly (readonly [name: string, rule: Rule])[] = [
  ['same id, or one names the other (recomputed)', aliasEquality],
  ["DefectDojo's default hash_code (recomputed)", sameHash(defaultHash)],
  ['DefectDojo, vulnerability ids and component (recomputed)', sameHash(componentHash)],
  ['ours', ourKeys],
];

/**
 * Pairs of real advisories of many sources: which rules join those about one defect, and no others?
 * DefectDojo is not run; its documented rule is recomputed, for quality alone.
 */
export async function run(): Promise<Report> {
  const folder = needData('advisories/derived/A');
  const advisories = new Map(
    linesOf(path.join(folder, 'records.jsonl.gz')).map((line) => {
      const advisory = Advisory.parse(line);
      return [advisory.i, advisory] as const;
    }),
  );
  const pairsIn = (name: string, isSame: boolean) =>
    linesOf(path.join(folder, `${name}.jsonl.gz`)).flatMap((line) => {
      const { a, b, text } = Pair.parse(line);
      const [one, other] = [advisories.get(a.i), advisories.get(b.i)];
      // One text copied from the other is joined by anything: these would only flatter.
      const counts = one !== undefined && other !== undefined && text !== 'copy';
      return counts ? [{ one, other, isSame }] : [];
    });
  const pairs = [...pairsIn('pairs_same', true), ...pairsIn('pairs_different_same_package', false)];
  const judged = rules.map(([name, rule]) => {
    const verdicts = pairs.map((p) => ({ isSame: p.isSame, joined: rule(p.one, p.other) }));
    return [name, judge(verdicts)] as const;
  });
  const counts = judged[0]?.[1];
  return {
    rows: [
      { name: 'pairs about one defect', value: counts?.same ?? 0, unit: '' },
      { name: 'pairs about two, of one package', value: counts?.different ?? 0, unit: '' },
      ...judged.flatMap(([name, each]) => rowsOf(name, each)),
    ],
    notes,
  };
}

const notes = [
  'DefectDojo cannot run here: its server is published as container images and as source, and of it ' +
    'the package registries have clients alone. Its rule is recomputed from its documentation and ' +
    'settings, and says nothing of its speed',
  'the truth was derived from identifiers, so whoever compares identifiers does well here: the ' +
    'figures show what a rule loses of it, not what it would find without',
];

/** The fields joined without a separator, in lower case: as its documentation has it. */
function sameHash(fields: (advisory: Advisory) => readonly string[]): Rule {
  const hash = (advisory: Advisory) =>
    createHash('sha256').update(fields(advisory).join('').trim().toLowerCase()).digest('hex');
  return (a, b) => hash(a) === hash(b);
}

/** What it takes where nothing else is set for a tool, as for its generic import; no file, no line. */
function defaultHash({ summary, details, cwe, id }: Advisory): readonly string[] {
  return [summary || id, cwe[0] ?? '0', details ?? ''];
}

/** What it takes for tools that look for known vulnerabilities in components. */
function componentHash({ id, aliases, packages }: Advisory): readonly string[] {
  const ids = new Set([id, ...aliases]);
  const cves = [...ids].filter((each) => each.startsWith('CVE-'));
  return [...(cves.length > 0 ? cves : [id]).toSorted(), packages[0] ?? ''];
}

function aliasEquality(a: Advisory, b: Advisory): boolean {
  const ours = new Set([a.id, ...a.aliases]);
  return [b.id, ...b.aliases].some((id) => ours.has(id));
}

function ourKeys(a: Advisory, b: Advisory): boolean {
  return explainJoin(findingOf(a), findingOf(b)).length > 0;
}

function findingOf({ id, aliases, ecosystem, packages, cwe }: Advisory): Identifiable {
  const [weakness] = cwe;
  return {
    package: `pkg:${ecosystem ?? 'generic'}/${packages[0] ?? ''}`,
    identifiers: [id, ...aliases],
    ...(weakness === undefined ? {} : { weakness }),
  };
}

function linesOf(file: string): unknown[] {
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
}
