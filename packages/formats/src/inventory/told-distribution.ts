import { ok, type Result, refuse } from '@breakwater/kernel';
import { distributionNamed } from './distribution.ts';

export type ListFormat = 'dpkg' | 'rpm' | 'apk';

/** Whose lists these tools write; those of all others are rpm's. */
const listedBy: ReadonlyMap<string, ListFormat> = new Map([
  ['Debian', 'dpkg'],
  ['Ubuntu', 'dpkg'],
  ['Alpine', 'apk'],
  ['Wolfi', 'apk'],
  ['Chainguard', 'apk'],
  ['MinimOS', 'apk'],
]);

/** Forms of a release that OSV has and no system gives itself. */
const asWritten: ReadonlyMap<string, RegExp> = new Map([
  ['Debian', /^\d{1,3}$/],
  ['Ubuntu', /^(?:Pro:.*)?\d\d\.\d\d(?::.*)?$/],
  ['Alpine', /^(?:v\d+\.\d+|edge)$/],
]);

/**
 * The OSV ecosystem that somebody says a list of `format` is of, with its release as OSV writes it:
 * `Alpine:3.20` is its `Alpine:v3.20`. One that no advisory could name is refused, because all its
 * packages would look as if nothing affected them.
 */
export function readDistribution(
  told: string,
  format: ListFormat,
): Result<string, 'distribution-unknown'> {
  const [name = '', ...rest] = told.split(':');
  const distribution = distributionNamed(name);
  if (distribution === undefined) return ok(told);
  const tool = listedBy.get(name) ?? 'rpm';
  if (tool !== format) {
    return unknown(`a distribution of ${format}, as the list is`, `${told}, which is of ${tool}`);
  }
  if (rest.length === 0) return ok(told);
  const release = rest.join(':');
  const known = distribution.release(release);
  if (known !== undefined) return ok(`${name}:${known}`);
  return asWritten.get(name)?.test(release) === false
    ? unknown(`the release of ${name} by its number, such as ${examples[name] ?? '12'}`, told)
    : ok(told);
}

const examples: Readonly<Record<string, string>> = {
  Debian: 'Debian:12',
  Ubuntu: 'Ubuntu:24.04:LTS',
  Alpine: 'Alpine:v3.20',
};

function unknown(expected: string, got: string) {
  return refuse({
    code: 'distribution-unknown' as const,
    expected,
    got: got.slice(0, 200),
    todo: 'say what the list is of, or put /etc/os-release before it',
  });
}
