import { type Result, refuse } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { ecosystemOfOsRelease, isOsReleaseLine } from '../inventory/os-release.ts';
import { lineLengthMax, linesOf, readText } from '../inventory/read-text.ts';
import { buildPurl } from '../purl/purl.ts';

/** The commands whose list tells everything matching needs. */
export const apkQuery = '(cat /etc/os-release; apk list --installed)';

/** What a list of packages does not tell by itself. */
export interface ApkOptions {
  /** OSV's name of the distribution with its release, such as `Alpine:v3.20`. */
  readonly distribution?: string;
  readonly limits?: InventoryLimits;
}

interface ApkEntry {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string | undefined;
  /** The package it was built from, which advisories name. */
  readonly origin?: string | undefined;
  readonly path: string;
}

/**
 * Reads the packages of Alpine and its kin: /lib/apk/db/installed as it is, `apk list --installed`
 * ({@link apkQuery}, which tells everything), or `apk info -v`, which tells neither what a package
 * was built from nor the release.
 */
export function parseApk(
  bytes: Uint8Array,
  options: ApkOptions = {},
): Result<Inventory, InventoryRefusal> {
  const limits = options.limits ?? inventoryLimits;
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const ecosystem = options.distribution ?? ecosystemOfOsRelease(text.value) ?? 'Alpine';
  const found = new Findings(limits);
  const entries = /^P:\S/m.test(text.value)
    ? readDatabase(text.value, found)
    : readList(text.value, found);
  let unknown = 0;
  for (const entry of entries) {
    if (entry.origin === undefined) unknown += 1;
    addEntry(entry, ecosystem, found);
    if (found.full) break;
  }
  if (found.components.length === 0) return notAList();
  if (unknown > 0) {
    const words = `${unknown} packages are known by their own name only, and advisories name what they were built from; list with ${apkQuery}`;
    found.note('source-unknown', '', words);
  }
  if (ecosystem === 'Alpine') {
    const words = 'the list does not tell the release; advisories for one release stay undecided';
    found.note('release-unknown', '', words);
  }
  return found.result('apk');
}

/** Records of lines `P:name`, `V:version`, `o:origin`, ended by an empty line (apk-v2 database). */
function* readDatabase(text: string, found: Findings): Generator<ApkEntry> {
  let fields = new Map<string, string>();
  let start = 0;
  for (const { text: line, number } of linesOf(`${text}\n`)) {
    if (line.trim() !== '') {
      if (fields.size === 0) start = number;
      const [, key, value] = /^([A-Za-z]):(.*)$/.exec(line.slice(0, lineLengthMax)) ?? [];
      // Only these four matter; the files of a package are thousands of lines.
      if (key !== undefined && value !== undefined && 'PVAo'.includes(key)) fields.set(key, value);
      continue;
    }
    const [name, version] = [fields.get('P'), fields.get('V')];
    const path = `line ${start}`;
    if (name !== undefined && version !== undefined) {
      yield { name, version, architecture: fields.get('A'), origin: fields.get('o') ?? name, path };
    } else if (fields.size > 0) {
      found.note('entry-malformed', path, 'a record without a name or a version');
    }
    fields = new Map();
  }
}

/** `musl-1.2.5-r0 x86_64 {musl} (MIT) [installed]`, or its first word alone. */
function* readList(text: string, found: Findings): Generator<ApkEntry> {
  for (const { text: line, number } of linesOf(text)) {
    if (found.full) return;
    if (line.trim() === '' || isOsReleaseLine(line) || line.startsWith('WARNING:')) continue;
    const path = `line ${number}`;
    const [, name, version, rest = ''] =
      /^([a-zA-Z0-9_.+][\w.+-]*?)-(\d[^\s-]*-r\d+)(?:\s(.*))?$/.exec(
        line.slice(0, lineLengthMax),
      ) ?? [];
    if (name === undefined || version === undefined) {
      found.note('entry-malformed', path, 'the line is none that apk prints');
      continue;
    }
    const [, architecture, origin] = /^\s*(\S+) \{([^{}\s]+)\}/.exec(rest) ?? [];
    yield { name, version, architecture, origin, path };
  }
}

function addEntry(entry: ApkEntry, ecosystem: string, found: Findings) {
  const { name, version, architecture, path } = entry;
  const purl = buildPurl({
    type: 'apk',
    namespace: ecosystem.split(':', 1)[0]?.toLowerCase(),
    name,
    version,
    qualifiers: architecture === undefined ? undefined : { arch: architecture },
  });
  found.add({
    ecosystem,
    name: entry.origin ?? name,
    version,
    installedAs: name,
    purl: purl.ok ? purl.value.canonical : undefined,
    path,
  });
}

function notAList() {
  return refuse({
    code: 'format-unknown' as const,
    expected: 'what apk list --installed or apk info -v prints, or /lib/apk/db/installed',
    got: 'no line of it',
    todo: `run ${apkQuery} > packages.txt on the system and send that file`,
  });
}
