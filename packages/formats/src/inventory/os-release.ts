import { distributionOf } from './distribution.ts';

/** A line of os-release(5): `VERSION_ID="9.3"`. */
const assignment = /^([A-Z][A-Z0-9_]*)=(?:"([^"]*)"|'([^']*)'|([^\s"']*))$/;

/** True where a line of a list is one of os-release(5), put before it. */
export function isOsReleaseLine(line: string): boolean {
  return assignment.test(line);
}

/**
 * The OSV ecosystem with its release that the lines of /etc/os-release before a list tell, such as
 * `Rocky Linux:9`; undefined where there are none, or of a system whose advisories OSV does not have.
 */
export function ecosystemOfOsRelease(text: string): string | undefined {
  const values = new Map<string, string>();
  for (const line of text.slice(0, 16_384).split(/\r?\n/)) {
    const [, name, double, single, bare] = assignment.exec(line) ?? [];
    if (name !== undefined) values.set(name, double ?? single ?? bare ?? '');
  }
  const distribution = distributionOf(values.get('ID') ?? '');
  if (distribution === undefined) return undefined;
  const release = distribution.release(values.get('VERSION_ID') ?? '');
  return release === undefined ? distribution.name : `${distribution.name}:${release}`;
}
