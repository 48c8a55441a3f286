import { ok, type Result, refuse } from '@breakwater/kernel';
import {
  type Component,
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
  type Note,
  tooMany,
} from '../inventory/inventory.ts';
import { ecosystemOfOsRelease, isOsReleaseLine } from '../inventory/os-release.ts';
import { lineLengthMax, linesOf, readText } from '../inventory/read-text.ts';
import { buildPurl } from '../purl/purl.ts';
import { type Columns, columnsOf, readListLine, truncatedField } from './list-line.ts';

/** The commands whose list tells everything matching needs. */
export const queryWithSources = `(cat /etc/os-release; dpkg-query -W -f '\${Package}\\t\${Version}\\t\${source:Package}\\t\${source:Version}\\n')`;

/** What a package list does not tell by itself. */
export interface DpkgOptions {
  readonly distribution?: 'Debian' | 'Ubuntu';
  /** The release as OSV writes it: `12` for Debian, `22.04:LTS` for Ubuntu. */
  readonly release?: string;
  /** Binary package name to source package name, where the list tells binary names only. */
  readonly sources?: ReadonlyMap<string, string>;
  readonly limits?: InventoryLimits;
}

/** One package of a list, as far as the list tells. */
export interface DpkgEntry {
  /** Two or three letters of `dpkg -l`, or undefined where the list has no states. */
  readonly status?: string;
  readonly binary: string;
  readonly architecture?: string;
  readonly version: string;
  readonly source?: string;
  readonly sourceVersion?: string;
}

/**
 * Reads a Debian package list in one of three forms:
 *
 * - `dpkg -l` as printed (dpkg-query(1));
 * - `dpkg-query -W`: name, tab, version;
 * - {@link queryWithSources}, the one to prefer: advisories name source packages, and the other two
 *   forms tell binary names only.
 *
 * Source names come from the list, else from `sources`, else the binary name stands in and a note
 * says so. Only installed packages count; a field that the terminal may have cut is refused.
 */
export function parseDpkg(
  bytes: Uint8Array,
  options: DpkgOptions = {},
): Result<Inventory, InventoryRefusal> {
  const limits = options.limits ?? inventoryLimits;
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const reader = new ListReader(withSystem(options, text.value));
  for (const line of linesOf(text.value)) {
    reader.read(line.text, line.number);
    if (reader.components.length + reader.notes.length > limits.entriesMax) return tooMany(limits);
  }
  if (reader.entryCount === 0) return notAList();
  reader.noteGuesses();
  return ok({ format: 'dpkg', components: reader.components, notes: reader.notes });
}

/** Lines of os-release(5) before the list tell the system where `options` tell no release. */
function withSystem(options: DpkgOptions, text: string): DpkgOptions {
  if (options.release !== undefined) return options;
  const told = /^(Debian|Ubuntu):(.+)$/.exec(ecosystemOfOsRelease(text) ?? '');
  const [, distribution, release] = told ?? [];
  if (release === undefined || (distribution !== 'Debian' && distribution !== 'Ubuntu')) {
    return options;
  }
  return { ...options, distribution, release };
}

class ListReader {
  readonly components: Component[] = [];
  readonly notes: Note[] = [];
  readonly #options: DpkgOptions;
  #columns: Columns | undefined;
  #binaryNamesOnly = 0;
  /** Lines understood as packages, installed or not. */
  entryCount = 0;

  constructor(options: DpkgOptions) {
    this.#options = options;
  }

  read(line: string, lineNumber: number): void {
    const path = `line ${lineNumber}`;
    if (line.length > lineLengthMax) {
      const text = `a line of more than ${lineLengthMax} characters`;
      this.notes.push({ code: 'entry-malformed', path, text });
      return;
    }
    const ruler = columnsOf(line);
    if (ruler !== undefined) this.#columns = ruler;
    if (isFurniture(line, lineNumber, this.#columns !== undefined)) return;
    const entry = line.includes('\t') ? readQueryLine(line) : readListLine(line);
    if (entry === null) {
      const text = 'the line is neither of `dpkg -l` nor of `dpkg-query -W`';
      this.notes.push({ code: 'entry-malformed', path, text });
      return;
    }
    this.entryCount += 1;
    const note = this.#objection(entry, line, path);
    if (note === null) this.#add(entry, path);
    else this.notes.push(note);
  }

  /** Says once, for the whole list, what had to be assumed. */
  noteGuesses(): void {
    if (this.components.length === 0) return;
    if (this.#binaryNamesOnly > 0) {
      const text =
        `${this.#binaryNamesOnly} packages are known by binary name only, and advisories name ` +
        `source packages; list with ${queryWithSources} to match them all`;
      this.notes.push({ code: 'source-unknown', path: '', text });
    }
    if (this.#options.release === undefined) {
      const text = 'the list does not tell the release; advisories for one release stay undecided';
      this.notes.push({ code: 'release-unknown', path: '', text });
    }
  }

  #objection(entry: DpkgEntry, line: string, path: string): Note | null {
    // Second letter: the state. `i` installed; W and t wait for triggers with everything in place;
    // U, F and H are broken half-way, their files are on the disk: they count.
    const state = entry.status?.charAt(1);
    if (state !== undefined && /[nc]/.test(state)) {
      const text = `${entry.binary} is not installed (status ${entry.status})`;
      return { code: 'not-installed', path, text };
    }
    if (entry.version === '' || entry.version === '<none>') {
      return { code: 'version-missing', path, text: `${entry.binary} has no version` };
    }
    const cut = entry.status === undefined ? null : truncatedField(line, this.#columns);
    if (cut === null) return null;
    const text = `the ${cut} of ${entry.binary} fills its column and may be cut; list with dpkg-query -W`;
    return { code: 'version-truncated', path, text };
  }

  #add(entry: DpkgEntry, path: string): void {
    const { distribution = 'Debian', release, sources } = this.#options;
    const source = entry.source ?? sources?.get(entry.binary);
    if (source === undefined) this.#binaryNamesOnly += 1;
    const purl = buildPurl({
      type: 'deb',
      namespace: distribution.toLowerCase(),
      name: entry.binary,
      version: entry.version,
      qualifiers: entry.architecture ? { arch: entry.architecture } : undefined,
    });
    const name = source ?? entry.binary;
    this.components.push({
      ecosystem: release === undefined ? distribution : `${distribution}:${release}`,
      name,
      version: entry.sourceVersion ?? entry.version,
      ...(name === entry.binary ? {} : { installedAs: entry.binary }),
      ...(purl.ok ? { purl: purl.value.canonical } : {}),
      path,
    });
  }
}

/** Blank lines and what stands above the ruler of `dpkg -l`. */
function isFurniture(line: string, lineNumber: number, afterRuler: boolean): boolean {
  if (line.trim() === '' || line.startsWith('+++-') || isOsReleaseLine(line)) return true;
  if (line.startsWith('|')) return true;
  return !afterRuler && lineNumber === 1 && /^\S+=\S+\/\S+\//.test(line);
}

function readQueryLine(line: string): DpkgEntry | null {
  const [full = '', version = '', source = '', sourceVersion = '', ...more] = line.split('\t');
  const name = /^([a-z0-9][a-z0-9+.-]+)(?::([a-z0-9-]+))?$/.exec(full);
  if (name?.[1] === undefined || more.length > 0) return null;
  // `${source:Package}` may carry the version in old forms: "glibc (2.36-9)".
  const sourceName = /^[a-z0-9][a-z0-9+.-]+/.exec(source)?.[0];
  return {
    binary: name[1],
    ...(name[2] === undefined ? {} : { architecture: name[2] }),
    version,
    ...(sourceName === undefined ? {} : { source: sourceName }),
    ...(sourceVersion === '' ? {} : { sourceVersion }),
  };
}

function notAList() {
  return refuse({
    code: 'format-unknown' as const,
    expected: 'the output of `dpkg -l` or `dpkg-query -W`',
    got: 'no line of either',
    todo: 'run dpkg -l > packages.txt on the system and send that file',
  });
}
