import type { Result } from '@breakwater/kernel';
import { Findings } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryFormat,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { asObject, asText } from '../json/read-json.ts';
import { readToml } from '../toml/read-toml.ts';

type Members = Readonly<Record<string, unknown>>;

/** The lock files of Python in TOML, which differ in little but where they say that a package came from. */
export type PythonLock = Extract<
  InventoryFormat,
  'poetry-lock' | 'pdm-lock' | 'uv-lock' | 'pylock'
>;

/**
 * Reads poetry.lock, pdm.lock and uv.lock, and pylock.toml (packaging.python.org, PEP 751).
 *
 * Every package is a component. The project itself, its workspace members and folders are notes; what
 * came from git, a URL or a file is listed by the version it claims, with a note.
 */
export function parsePythonLock(
  bytes: Uint8Array,
  format: PythonLock,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const root = readToml(bytes, limits);
  if (!root.ok) return root;
  const found = new Findings(limits);
  const member = format === 'pylock' ? 'packages' : 'package';
  const packages = root.value[member];
  for (const [index, value] of (Array.isArray(packages) ? packages : []).entries()) {
    readPackage(asObject(value), `/${member}/${index}`, found);
    if (found.full) break;
  }
  return found.result(format);
}

function readPackage(entry: Members | null, path: string, found: Findings) {
  const name = asText(entry?.['name']);
  if (entry === null || name === undefined) {
    return found.note('name-missing', path, 'the entry has no name');
  }
  const folder = folderOf(entry);
  if (folder !== undefined) {
    const text = `${name} is a folder of the project itself (${folder.slice(0, 200)})`;
    return found.note('own-project', path, text);
  }
  const place = placeIn(entry);
  const version = asText(entry['version']);
  if (version === undefined) {
    const text = `${name} has no version${place === undefined ? '' : '; it is not from a registry'}`;
    return found.note('version-missing', path, text);
  }
  if (place !== undefined) found.noteOrigin(name, place, path);
  return found.add({ ecosystem: 'PyPI', name, version, path });
}

/** A folder: `source` of poetry and uv, `path` of pdm, `directory` of pylock. */
function folderOf(entry: Members): string | undefined {
  const source = asObject(entry['source']);
  const kinds = ['editable', 'virtual', 'directory'].map((kind) => asText(source?.[kind]));
  if (source?.['type'] === 'directory') kinds.push(asText(source['url']));
  kinds.push(asText(asObject(entry['directory'])?.['path']));
  if (!/\.(whl|zip|tar\.gz)$/.test(asText(entry['path']) ?? '.whl'))
    kinds.push(asText(entry['path']));
  return kinds.find((kind) => kind !== undefined);
}

/** A place that is no registry: git, an address, or a file. */
function placeIn(entry: Members): string | undefined {
  const source = asObject(entry['source']);
  if (['git', 'url', 'file'].includes(asText(source?.['type']) ?? '')) {
    return asText(source?.['url']);
  }
  const places = ['git', 'url', 'path'].map((kind) => asText(source?.[kind]));
  places.push(...['git', 'url', 'path'].map((kind) => asText(entry[kind])));
  for (const kind of ['vcs', 'archive']) {
    const told = asObject(entry[kind]);
    places.push(asText(told?.['url']) ?? asText(told?.['path']));
  }
  return places.find((place) => place !== undefined);
}
