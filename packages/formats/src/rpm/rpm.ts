import { type Result, refuse } from '@breakwater/kernel';
import { namedBy } from '../inventory/distribution.ts';
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
import { distributionTold, type RpmEntry, readRpmLine } from './rpm-line.ts';

/** The commands whose list tells everything matching needs. */
export const rpmQuery = `(cat /etc/os-release; rpm -qa --qf '%{NAME}\\t%{EPOCH}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\n')`;

/** What a list of packages does not tell by itself. */
export interface RpmOptions {
  /** OSV's name of the distribution with its release, such as `Rocky Linux:9`. */
  readonly distribution?: string;
  readonly limits?: InventoryLimits;
}

/**
 * Reads what `rpm -qa` prints, in its own form (`bash-5.1.8-9.el9.x86_64`), as NEVRA, as name, epoch,
 * version, release and more in columns ({@link rpmQuery}), or as `dnf list --installed` has it.
 *
 * The distribution comes from lines of os-release(5) before the list, from `options`, or from the
 * packages themselves where their release names one; where nothing tells it, the list is refused,
 * because the same version is fixed in one and not in another.
 */
export function parseRpm(
  bytes: Uint8Array,
  options: RpmOptions = {},
): Result<Inventory, InventoryRefusal> {
  const limits = options.limits ?? inventoryLimits;
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const found = new Findings(limits);
  const entries: { readonly entry: RpmEntry; readonly path: string }[] = [];
  for (const { text: line, number } of linesOf(text.value)) {
    if (line.trim() === '' || isOsReleaseLine(line) || /^Installed [Pp]ackages$/.test(line))
      continue;
    const path = `line ${number}`;
    const entry = line.length > lineLengthMax ? null : readRpmLine(line.trim());
    if (entry === null) found.note('entry-malformed', path, 'the line is none that rpm prints');
    else entries.push({ entry, path });
    if (entries.length + found.notes.length > limits.entriesMax) break;
  }
  if (entries.length === 0) return notAList();
  const ecosystem =
    options.distribution ??
    ecosystemOfOsRelease(text.value) ??
    distributionTold(entries.map(({ entry }) => entry));
  if (ecosystem === undefined) return unknownSystem();
  for (const { entry, path } of entries) addEntry(entry, { ecosystem, path, found });
  if (!ecosystem.includes(':')) {
    const words = 'the list does not tell the release; advisories for one release stay undecided';
    found.note('release-unknown', '', words);
  }
  return found.result('rpm');
}

interface Place {
  readonly ecosystem: string;
  readonly path: string;
  readonly found: Findings;
}

function addEntry(entry: RpmEntry, { ecosystem, path, found }: Place) {
  if (entry.name === 'gpg-pubkey') {
    return found.note('not-installed', path, 'a key that signs packages, not software');
  }
  const { epoch, version, source } = entry;
  const full = epoch === undefined || epoch === '0' ? version : `${epoch}:${version}`;
  const bySource = namedBy(ecosystem) === 'source';
  if (bySource && source === undefined) {
    const text = `${entry.name}: its source package is not told; list with ${rpmQuery}`;
    found.note('source-unknown', path, text);
  }
  const purl = buildPurl({
    type: 'rpm',
    namespace: ecosystem.split(':', 1)[0]?.toLowerCase().replaceAll(' ', '-'),
    name: entry.name,
    version,
    qualifiers: {
      ...(entry.architecture === undefined ? {} : { arch: entry.architecture }),
      ...(epoch === undefined || epoch === '0' ? {} : { epoch }),
    },
  });
  return found.add({
    ecosystem,
    name: bySource ? (source ?? entry.name) : entry.name,
    version: full,
    installedAs: entry.name,
    purl: purl.ok ? purl.value.canonical : undefined,
    path,
  });
}

function notAList() {
  return refuse({
    code: 'format-unknown' as const,
    expected: 'what rpm -qa prints',
    got: 'no line of it',
    todo: `run ${rpmQuery} > packages.txt on the system and send that file`,
  });
}

function unknownSystem() {
  return refuse({
    code: 'distribution-unknown' as const,
    expected: 'a list that tells the distribution it comes from',
    got: 'packages alone, which several distributions build',
    todo: `say which it is, such as Rocky Linux:9, or list with ${rpmQuery}`,
  });
}
