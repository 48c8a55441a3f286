/** One package of a list, as far as the list tells. */
export interface RpmEntry {
  readonly name: string;
  readonly epoch?: string;
  /** With its release: `5.1.8-9.el9`. */
  readonly version: string;
  readonly architecture?: string;
  /** The source package it was built from. */
  readonly source?: string;
}

/** What rpm calls architectures; anything else behind the last dot belongs to the release. */
const architecture =
  /^(?:noarch|x86_64(?:_v[234])?|amd64|i[3-6]86|aarch64|arm64|armv\d\w*|ppc64(?:le)?|ppc|s390x?|riscv64|loongarch64|ia64|mips\w*|athlon|geode|src|nosrc|\(none\))$/;
const word = '[A-Za-z0-9][A-Za-z0-9._+~^-]*';
const part = '[A-Za-z0-9._+~^%{}]+';

/** `[epoch:]name-[epoch:]version-release.arch`, with the epoch where yum and NEVRA put it. */
const plain = new RegExp(`^(?:(\\d+):)?(${word})-(?:(\\d+):)?(${part})-(${part})$`);

/** Reads one line of a list of packages; null where it is none. */
export function readRpmLine(line: string): RpmEntry | null {
  const columns = line.split(line.includes('\t') ? '\t' : /\s+/).map((each) => each.trim());
  if (columns.length === 1) return readPlain(line);
  return readInstalled(columns) ?? readColumns(columns);
}

function readPlain(line: string): RpmEntry | null {
  const cut = line.lastIndexOf('.');
  const last = line.slice(cut + 1);
  const hasArchitecture = architecture.test(last);
  const [, before, name, inside, version, release] =
    plain.exec(hasArchitecture ? line.slice(0, cut) : line) ?? [];
  if (name === undefined || version === undefined || release === undefined) return null;
  // Without an architecture, only a version of digits tells a package from a word with hyphens.
  if (!hasArchitecture && !/\d/.test(version)) return null;
  return entryOf({
    name,
    epoch: inside ?? before,
    version,
    release,
    last: hasArchitecture ? last : '',
  });
}

/** `bash.x86_64   0:5.1.8-9.el9   @baseos`, as dnf and yum list. */
function readInstalled([first = '', second = '', third]: readonly string[]): RpmEntry | null {
  const cut = first.lastIndexOf('.');
  const last = first.slice(cut + 1);
  const [, epoch, version, release] =
    new RegExp(`^(?:(\\d+):)?(${part})-(${part})$`).exec(second) ?? [];
  if (cut < 1 || !architecture.test(last) || third === undefined) return null;
  if (version === undefined || release === undefined) return null;
  return entryOf({ name: first.slice(0, cut), epoch, version, release, last });
}

/** Name, epoch, version, release, then architecture and source package in either order. */
function readColumns(columns: readonly string[]): RpmEntry | null {
  const [name = '', epoch = '', version = '', release = '', ...more] = columns;
  if (!new RegExp(`^${word}$`).test(name) || !/^(?:\d+|\(none\)|)$/.test(epoch)) return null;
  if (![version, release].every((each) => new RegExp(`^${part}$`).test(each))) return null;
  const last = more.find((each) => architecture.test(each)) ?? '';
  const file = more.find((each) => /\.(?:no)?src\.rpm$/.test(each));
  const source = /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(file ?? '')?.[1];
  return {
    ...entryOf({ name, epoch: epoch === '' ? undefined : epoch, version, release, last }),
    ...(source === undefined ? {} : { source }),
  };
}

interface Parts {
  readonly name: string;
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string;
  /** The architecture, or the empty text. */
  readonly last: string;
}

function entryOf({ name, epoch, version, release, last }: Parts): RpmEntry {
  return {
    name,
    version: `${version}-${release}`,
    ...(epoch === undefined || epoch === '(none)' ? {} : { epoch }),
    ...(last === '' || last === '(none)' ? {} : { architecture: last }),
  };
}

/** Marks that one distribution alone puts into its releases. `.el9` is of many. */
const marks: readonly (readonly [RegExp, (release: string) => string])[] = [
  [/\.mga(\d+)/, (release) => `Mageia:${release}`],
  [/\.azl(\d+)/, (release) => `Azure Linux:${release}`],
  [/\.cm(\d+)$/, (release) => `Azure Linux:${release}`],
  [/\.ph(\d+)$/, (release) => `Photon OS:${release}.0`],
];

/** The distribution whose mark most of the packages carry; undefined where they carry none. */
export function distributionTold(entries: readonly RpmEntry[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { version } of entries) {
    for (const [mark, ecosystem] of marks) {
      const release = mark.exec(version)?.[1];
      if (release === undefined) continue;
      const name = ecosystem(release);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first !== undefined && first[1] * 2 > entries.length ? first[0] : undefined;
}
