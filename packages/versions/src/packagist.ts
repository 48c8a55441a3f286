import { ok, type Result } from '@breakwater/kernel';
import { numberKey } from './order-key.ts';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';

/**
 * Versions of Composer packages: normalized as composer/semver does (getcomposer.org, "Versions and
 * constraints": one to four numbers, a date, or `1.x-dev`), then in the order of PHP's
 * version_compare(). Named branches (`dev-main`) have no order among releases and are refused.
 */
export const packagist: VersionScheme = { isSemantic: false, parse };

const stage = '(?:[._-]?(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?\\d+)*))?([.-]?dev)?';
const release = new RegExp(`^v?(\\d{1,32})(\\.\\d+)?(\\.\\d+)?(\\.\\d+)?${stage}$`);
const date = new RegExp(`^v?(\\d{4}(?:[.:-]?\\d{2}){1,6}(?:[.:-]?\\d{1,3}){0,2})${stage}$`);
const branch = /^v?(\d+)(\.(?:\d+|x|\*))?(\.(?:\d+|x|\*))?(\.(?:\d+|x|\*))?-dev$/;

function parse(text: string): Result<Version, 'version-malformed'> {
  const numbers = text.length <= versionLengthMax ? normalized(plainOf(text)) : null;
  if (numbers === null) {
    return malformed(text, 'a version as Composer writes it, not a branch', '6.4.3');
  }
  return ok({ text, key: orderOf(numbers) });
}

/** Without alias, stability and build metadata, which do not take part in the order. */
function plainOf(text: string): string {
  const plain = text.trim().toLowerCase();
  return plain
    .replace(/^([^,\s]+) +as +[^,\s]+$/, '$1')
    .replace(/@(?:stable|rc|beta|alpha|dev)$/, '')
    .replace(/^([^,\s+]+)\+\S+$/, '$1');
}

/** Numbers and words in a row. */
function normalized(text: string): readonly string[] | null {
  const branched = branch.exec(text);
  if (branched !== null && /[x*]/.test(text)) {
    const parts = branched.slice(1, 5).map((part) => part ?? '.x');
    return [...parts.map((part) => (/[x*]/.test(part) ? '9999999' : withoutDot(part))), 'dev'];
  }
  const found = release.exec(text);
  if (found !== null) {
    const [, first = '', ...rest] = found;
    const numbers = [first, ...rest.slice(0, 3).map((part) => withoutDot(part ?? '.0'))];
    return [...numbers, ...stageOf(rest.slice(3))];
  }
  const dated = date.exec(text);
  if (dated === null) return null;
  return [...(dated[1]?.match(/\d+/g) ?? []), ...stageOf(dated.slice(2))];
}

function stageOf([word, count, dev]: readonly (string | undefined)[]): readonly string[] {
  const parts =
    word === undefined || word === 'stable' ? [] : [word, ...(count?.match(/\d+/g) ?? [])];
  return dev === undefined ? parts : [...parts, 'dev'];
}

function withoutDot(part: string): string {
  return part.startsWith('.') ? part.slice(1) : part;
}

/** php.net/version_compare: dev < alpha < beta < RC < the end < a number < patch level. */
const ranks: Readonly<Record<string, string>> = {
  dev: '1',
  alpha: '2',
  a: '2',
  beta: '3',
  b: '3',
  rc: '4',
  patch: '7',
  pl: '7',
  p: '7',
};
const end = '5';

function orderOf(parts: readonly string[]): string {
  return parts.map((part) => ranks[part] ?? `6${numberKey(part)}`).join('') + end;
}
