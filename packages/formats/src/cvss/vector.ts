import { ok, type Result, refuse } from '@breakwater/kernel';
import { type CvssVersion, metricsOf } from './metrics.ts';

/** The longest valid vector, all of 4.0, has 206 characters. */
const lengthMax = 300;

export type CvssCode =
  | 'cvss-duplicate-metric'
  | 'cvss-incomplete'
  | 'cvss-metric-order'
  | 'cvss-unknown-metric'
  | 'cvss-unknown-value'
  | 'cvss-unknown-version';

/** A vector that obeys its version's specification. */
export interface CvssVector {
  readonly version: CvssVersion;
  /** As given, without surrounding space. */
  readonly text: string;
  /** Only the metrics that were given. */
  readonly metrics: ReadonlyMap<string, string>;
}

/**
 * Parses a CVSS vector strictly: known version, known metrics and values with their exact case,
 * no metric twice, every base metric present; in 4.0 also the specified order (4.0 §7), which 3.x
 * leaves free. A 2.0 vector has no prefix; its outer brackets are accepted. Missing optional
 * metrics of 2.0 count as not defined, as in the other versions.
 */
export function parseCvss(text: string): Result<CvssVector, CvssCode> {
  const given = text.trim();
  if (given.length > lengthMax) {
    return no('cvss-unknown-version', `at most ${lengthMax} characters`, `${given.length}`);
  }
  const bare = given.startsWith('(') && given.endsWith(')') ? given.slice(1, -1) : given;
  const version = versionOf(bare);
  if (version === null) {
    return no(
      'cvss-unknown-version',
      'a vector that begins with CVSS:4.0/, CVSS:3.1/, CVSS:3.0/ or, for 2.0, AV:',
      JSON.stringify(given.slice(0, 20)),
    );
  }
  const body = version === '2.0' ? bare : given.slice('CVSS:0.0/'.length);
  const metrics = metricsIn(body, version);
  return metrics.ok ? ok({ version, text: bare, metrics: metrics.value }) : metrics;
}

function versionOf(text: string): CvssVersion | null {
  if (text.startsWith('AV:')) return '2.0';
  for (const version of ['4.0', '3.1', '3.0'] as const) {
    if (text.startsWith(`CVSS:${version}/`)) return version;
  }
  return null;
}

type Metrics = ReadonlyMap<string, string>;

function metricsIn(body: string, version: CvssVersion): Result<Metrics, CvssCode> {
  const known = metricsOf[version];
  const metrics = new Map<string, string>();
  let last = -1;
  for (const part of body.split('/')) {
    const [name = '', value = '', ...more] = part.split(':');
    const place = known.findIndex((metric) => metric.name === name);
    const metric = known[place];
    if (metric === undefined) {
      return no('cvss-unknown-metric', `a metric of CVSS ${version}`, JSON.stringify(part));
    }
    if (more.length > 0 || !metric.values.includes(value)) {
      return no(
        'cvss-unknown-value',
        `${name} as one of ${metric.values.join(', ')}`,
        JSON.stringify(part),
      );
    }
    if (metrics.has(name)) return no('cvss-duplicate-metric', `${name} once`, 'it twice');
    if (version === '4.0' && place < last) {
      return no('cvss-metric-order', 'metrics in the order of CVSS 4.0 §7', `${name} too late`);
    }
    last = place;
    metrics.set(name, value);
  }
  const missing = known.filter(({ name, mandatory }) => mandatory && !metrics.has(name));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    return no('cvss-incomplete', 'every base metric', `none for ${names}`);
  }
  return ok(metrics);
}

function no(code: CvssCode, expected: string, got: string): Result<never, CvssCode> {
  const todo = 'correct the vector, or build it with the calculator at first.org/cvss';
  return refuse({ code, expected, got, todo });
}
