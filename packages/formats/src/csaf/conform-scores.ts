import { ratingOf, stepsOf } from '../cvss/score.ts';
import { parseCvss } from '../cvss/vector.ts';
import { cvssMembers } from './cvss-members.ts';
import type { Finding } from './fault.ts';
import type { CsafDocument } from './structure.ts';

/** A CVSS object, and where. */
interface Placed {
  readonly object: Readonly<Record<string, unknown>>;
  readonly pointer: string;
  /** The versions its member may hold. */
  readonly versions: readonly ('2.0' | '3.0' | '3.1')[];
}

function* objectsOf(document: CsafDocument): Generator<Placed> {
  for (const [i, { scores = [] }] of (document.vulnerabilities ?? []).entries()) {
    for (const [j, { cvss_v2, cvss_v3 }] of scores.entries()) {
      const pointer = `/vulnerabilities/${i}/scores/${j}`;
      if (cvss_v2 !== undefined) {
        yield { object: cvss_v2, pointer: `${pointer}/cvss_v2`, versions: ['2.0'] };
      }
      if (cvss_v3 !== undefined) {
        yield { object: cvss_v3, pointer: `${pointer}/cvss_v3`, versions: ['3.0', '3.1'] };
      }
    }
  }
}

/** 6.1.7: of one version of CVSS a product has one score. */
export function* repeatedScores(document: CsafDocument): Generator<Finding> {
  for (const [i, { scores = [] }] of (document.vulnerabilities ?? []).entries()) {
    const seen = new Set<string>();
    for (const [j, { cvss_v2, cvss_v3, products }] of scores.entries()) {
      for (const [k, id] of products.entries()) {
        for (const { version } of [cvss_v2, cvss_v3].filter((object) => object !== undefined)) {
          const key = `${String(version)} ${id}`;
          const pointer = `/vulnerabilities/${i}/scores/${j}/products/${k}`;
          if (seen.has(key)) yield [pointer, `a second score of CVSS ${String(version)}`];
          seen.add(key);
        }
      }
    }
  }
}

/** 6.1.8: a CVSS object has the shape its schema asks for. */
export function* malformedCvss(document: CsafDocument): Generator<Finding> {
  for (const { object, pointer, versions } of objectsOf(document)) {
    const version = versions.find((each) => each === object['version']);
    if (version === undefined) {
      yield [`${pointer}/version`, `expected ${versions.join(' or ')}`];
      continue;
    }
    for (const fault of shapeFaults(object, version)) yield [pointer, fault];
  }
}

const severities: readonly unknown[] = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

function* shapeFaults(
  object: Readonly<Record<string, unknown>>,
  version: '2.0' | '3.0' | '3.1',
): Generator<string> {
  const { vectorString, baseScore, baseSeverity } = object;
  if (typeof vectorString !== 'string' || !isVector(vectorString, version)) {
    yield 'no vectorString of this version';
  }
  if (baseScore === undefined) yield 'no baseScore';
  if (version !== '2.0' && baseSeverity === undefined) yield 'no baseSeverity';
  for (const member of ['baseScore', 'temporalScore', 'environmentalScore']) {
    const score = object[member];
    const isScore = typeof score === 'number' && score >= 0 && score <= 10;
    if (score !== undefined && !isScore) yield `${member} is not from 0 to 10`;
  }
  for (const member of ['baseSeverity', 'temporalSeverity', 'environmentalSeverity']) {
    const severity = object[member];
    if (version === '2.0' || severity === undefined) continue;
    if (!severities.includes(severity)) yield `${member} is not one of ${severities.join(', ')}`;
  }
  for (const { member, words } of cvssMembers[version]) {
    const allowed: readonly unknown[] = [...words.values()];
    const word = object[member];
    if (word !== undefined && !allowed.includes(word)) yield `${member} has no such value`;
  }
}

/** As the schemas' patterns: known metrics with known values, in any order and any number. */
function isVector(text: string, version: '2.0' | '3.0' | '3.1'): boolean {
  const prefix = version === '2.0' ? '' : `CVSS:${version}/`;
  if (!text.startsWith(prefix)) return false;
  const known = new Map(cvssMembers[version].map(({ metric, words }) => [metric, words]));
  return text
    .slice(prefix.length)
    .split('/')
    .every((part) => {
      const [metric = '', ...values] = part.split(':');
      return known.get(metric)?.has(values.join(':')) === true;
    });
}

/** 6.1.9: scores and severities are those the vector gives. */
export function* miscomputedCvss(document: CsafDocument): Generator<Finding> {
  for (const { object, pointer } of objectsOf(document)) {
    const { vectorString } = object;
    const vector = typeof vectorString === 'string' ? parseCvss(vectorString) : null;
    if (vector === null) continue; // 6.1.8 says so.
    const steps = vector.ok ? stepsOf(vector.value) : null;
    if (steps === null) {
      yield [`${pointer}/vectorString`, 'no score can be computed from it'];
      continue;
    }
    for (const [step, score] of Object.entries(steps)) {
      const stated = object[`${step}Score`];
      if (stated !== undefined && stated !== score) {
        yield [`${pointer}/${step}Score`, `the vector gives ${score}`];
      }
      const rating = ratingOf(score);
      const severity = object['version'] === '2.0' ? undefined : object[`${step}Severity`];
      if (severity !== undefined && severity !== rating) {
        yield [`${pointer}/${step}Severity`, `the vector gives ${rating}`];
      }
    }
  }
}

/** 6.1.10: members that repeat a metric say what the vector says. */
export function* inconsistentCvss(document: CsafDocument): Generator<Finding> {
  for (const { object, pointer, versions } of objectsOf(document)) {
    const { vectorString } = object;
    const version = versions.find((each) => each === object['version']);
    if (version === undefined || typeof vectorString !== 'string') continue;
    const metrics = new Map(
      vectorString.split('/').map((part): [string, string] => {
        const [metric = '', value = ''] = part.split(':');
        return [metric, value];
      }),
    );
    for (const { member, metric, words } of cvssMembers[version]) {
      const stated = object[member];
      // A vector that leaves a metric out contradicts no value of it (test documents of 6.2.19).
      const word = words.get(metrics.get(metric) ?? '');
      if (stated !== undefined && word !== undefined && stated !== word) {
        yield [`${pointer}/${member}`, `the vector says ${word}`];
      }
    }
  }
}
