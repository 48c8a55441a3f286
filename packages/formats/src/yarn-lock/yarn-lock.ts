import { pointerToken, type Result, refuse } from '@breakwater/kernel';
import { Findings, placeLengthMax } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { readText } from '../inventory/read-text.ts';
import { asObject, asText } from '../json/read-json.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { type ClassicEntry, readClassic } from './classic.ts';

/**
 * Reads yarn.lock: the list of Yarn 1 and the YAML of Yarn 2 and later ("Berry").
 *
 * Each entry is a component, under the package's real name where the project calls it by another.
 * Workspaces are the project itself. What came from git, a URL or a file, or was patched, is listed
 * by the version it claims, with a note.
 */
export function parseYarnLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const text = readText(bytes, limits);
  if (!text.ok) return text;
  const found = new Findings(limits);
  if (/^"?__metadata"?:/m.test(text.value)) {
    const documents = readYaml(bytes, limits);
    if (!documents.ok) return documents;
    const root = asObject(documents.value[0]);
    if (root === null) return notAMap();
    for (const [key, value] of Object.entries(root)) {
      if (key !== '__metadata') readBerry(key, value, found);
    }
    return found.result('yarn-lock');
  }
  const read = readClassic(text.value, limits);
  if (!read.ok) return read;
  for (const entry of read.value) readEntry(entry, found);
  return found.result('yarn-lock');
}

function readEntry({ pattern, version, resolved, line }: ClassicEntry, found: Findings) {
  const path = `line ${line}`;
  const { name, range } = splitPattern(pattern);
  const alias = /^npm:((?:@[^/@]+\/)?[^@]+)(?:@|$)/.exec(range)?.[1];
  if (version === undefined) return found.note('version-missing', path, `${name} has no version`);
  const place = resolved?.slice(0, placeLengthMax);
  if (place !== undefined && !isRegistryTarball(place)) found.noteOrigin(name, place, path);
  else if (/^(?:file|link|portal):/.test(range)) found.noteOrigin(name, range, path);
  return found.add({ ecosystem: 'npm', name: alias ?? name, version, installedAs: name, path });
}

function readBerry(key: string, value: unknown, found: Findings) {
  const path = `/${pointerToken(key.slice(0, placeLengthMax))}`;
  const entry = asObject(value);
  const resolution = asText(entry?.['resolution'])?.slice(0, placeLengthMax);
  if (resolution === undefined || key.length > placeLengthMax * 8) {
    return found.note(
      'entry-malformed',
      path,
      'the entry has no resolution, or its key is too long',
    );
  }
  const { name, range } = splitPattern(resolution);
  if (/^(?:workspace|link|portal):/.test(range)) {
    return found.note('own-project', path, `${name} is a folder of the project itself`);
  }
  const version = asText(entry?.['version']);
  if (version === undefined) return found.note('version-missing', path, `${name} has no version`);
  if (!range.startsWith('npm:')) found.noteOrigin(name, range, path);
  const installedAs = splitPattern(key.split(',')[0] ?? key).name;
  return found.add({ ecosystem: 'npm', name, version, installedAs, path });
}

/** `@scope/name@range`: the first sign after the scope's own cuts. */
function splitPattern(pattern: string): { readonly name: string; readonly range: string } {
  const cut = pattern.indexOf('@', 1);
  if (cut < 0) return { name: pattern, range: '' };
  return { name: pattern.slice(0, cut), range: pattern.slice(cut + 1) };
}

/** `…/-/name-version.tgz`, as every registry serves it. */
function isRegistryTarball(resolved: string): boolean {
  return /^https?:\/\/.+\.tgz([#?].*)?$/.test(resolved) && !/codeload\.github\.com/.test(resolved);
}

function notAMap() {
  return refuse({
    code: 'document-malformed' as const,
    expected: 'yarn.lock with an entry for each package',
    got: 'another YAML document',
    todo: 'make the lock file again: yarn install',
  });
}
