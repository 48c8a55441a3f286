/**
 * Which of a distribution's packages its advisories name: the source package, from which several are
 * built, or each built one.
 */
export type NamedBy = 'source' | 'binary';

interface Distribution {
  /** OSV's name. */
  readonly name: string;
  readonly namedBy: NamedBy;
  /** The release as OSV writes it, from the version the system gives itself (os-release(5)). */
  readonly release: (version: string) => string | undefined;
}

const major = (version: string) => /^v?(\d+)/.exec(version)?.[1];
const none = () => undefined;

/** By the `ID` of os-release(5), which purls carry as namespace and in the qualifier `distro`. */
const distributions: ReadonlyMap<string, Distribution> = new Map([
  ['debian', { name: 'Debian', namedBy: 'source', release: debianRelease }],
  ['ubuntu', { name: 'Ubuntu', namedBy: 'source', release: ubuntuRelease }],
  ['alpine', { name: 'Alpine', namedBy: 'source', release: alpineRelease }],
  ['wolfi', { name: 'Wolfi', namedBy: 'source', release: none }],
  ['chainguard', { name: 'Chainguard', namedBy: 'source', release: none }],
  ['minimos', { name: 'MinimOS', namedBy: 'source', release: none }],
  // Red Hat names products by CPE (`Red Hat:enterprise_linux:9::baseos`): no system tells its own.
  ['redhat', { name: 'Red Hat', namedBy: 'binary', release: none }],
  ['rhel', { name: 'Red Hat', namedBy: 'binary', release: none }],
  ['rocky', { name: 'Rocky Linux', namedBy: 'source', release: major }],
  ['rocky-linux', { name: 'Rocky Linux', namedBy: 'source', release: major }],
  ['almalinux', { name: 'AlmaLinux', namedBy: 'binary', release: major }],
  ['mageia', { name: 'Mageia', namedBy: 'source', release: major }],
  ['opensuse', { name: 'openSUSE', namedBy: 'source', release: none }],
  ['opensuse-leap', { name: 'openSUSE', namedBy: 'source', release: leapRelease }],
  ['opensuse-tumbleweed', { name: 'openSUSE', namedBy: 'source', release: () => 'Tumbleweed' }],
  ['opensuse.leap', { name: 'openSUSE', namedBy: 'source', release: leapRelease }],
  ['opensuse.tumbleweed', { name: 'openSUSE', namedBy: 'source', release: () => 'Tumbleweed' }],
  ['sles', { name: 'SUSE', namedBy: 'source', release: none }],
  ['suse', { name: 'SUSE', namedBy: 'source', release: none }],
  ['openeuler', { name: 'openEuler', namedBy: 'source', release: none }],
  ['photon', { name: 'Photon OS', namedBy: 'source', release: (v) => v }],
  ['azurelinux', { name: 'Azure Linux', namedBy: 'source', release: major }],
  ['mariner', { name: 'Azure Linux', namedBy: 'source', release: major }],
] as const);

/** A distribution by the id it gives itself; undefined where no advisories of it are known to OSV. */
export function distributionOf(id: string): Distribution | undefined {
  return distributions.get(id.toLowerCase());
}

/** A distribution by OSV's name of it, without a release. */
export function distributionNamed(name: string): Distribution | undefined {
  return [...distributions.values()].find((each) => each.name === name);
}

/** Which packages the advisories of an ecosystem name, by OSV's name of it. */
export function namedBy(ecosystem: string): NamedBy {
  return distributionNamed(ecosystem.split(':', 1)[0] ?? '')?.namedBy ?? 'binary';
}

/** `12.5` is Debian's 12. */
function debianRelease(version: string): string | undefined {
  return /^(\d+|sid)(?:\.\d+)?$/.exec(version)?.[1];
}

/** Ubuntu counts the month too, and marks its April releases of even years LTS. */
function ubuntuRelease(version: string): string | undefined {
  const number = /^\d\d\.\d\d$/.exec(version)?.[0];
  if (number === undefined) return undefined;
  const isLts = number.endsWith('.04') && Number(number.slice(0, 2)) % 2 === 0;
  return isLts ? `${number}:LTS` : number;
}

/** `3.20.3` is of Alpine's v3.20. */
function alpineRelease(version: string): string | undefined {
  const number = /^v?(\d+\.\d+)(?:\.|$|_)/.exec(version)?.[1];
  return number === undefined ? undefined : `v${number}`;
}

function leapRelease(version: string): string | undefined {
  return /^\d+\.\d+$/.test(version) ? `Leap ${version}` : undefined;
}
