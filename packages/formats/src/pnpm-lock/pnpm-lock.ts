import { pointerToken, type Result, refuse } from '@breakwater/kernel';
import { Findings, placeLengthMax } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { asObject, asText } from '../json/read-json.ts';
import { readYaml } from '../yaml/read-yaml.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads pnpm-lock.yaml, lockfileVersion 5 to 9 (github.com/pnpm/spec, "lockfile").
 *
 * Each entry of `packages` is a component; one installed with several sets of peers is one entry for
 * each up to version 6, and a component each. Entries from git, a URL or a file are listed by the
 * version they claim, with a note.
 */
export function parsePnpmLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const documents = readYaml(bytes, limits);
  if (!documents.ok) return documents;
  const found = new Findings(limits);
  // pnpm 10 puts what it needs itself into a document of its own, before the project's.
  for (const [index, document] of documents.value.entries()) {
    const root = asObject(document);
    const version = asText(root?.['lockfileVersion']);
    const major = Number(version?.split('.')[0]);
    if (root === null || !(major >= 5 && major <= 9)) return notSupported(version);
    const above = index === 0 ? '' : `/${index}`;
    for (const [key, value] of Object.entries(asObject(root['packages']) ?? {})) {
      readPackage(key, value, { found, above, major });
    }
  }
  return found.result('pnpm-lock');
}

interface Reading {
  readonly found: Findings;
  /** Pointer to the document. */
  readonly above: string;
  readonly major: number;
}

function readPackage(key: string, value: unknown, { found, above, major }: Reading) {
  const path = `${above}/packages/${pointerToken(key.slice(0, placeLengthMax))}`;
  // An entry without fields is an empty text in the failsafe schema.
  const entry = value === '' ? {} : asObject(value);
  if (entry === null || key.length > placeLengthMax) {
    return found.note('entry-malformed', path, 'the entry is not an object, or its key too long');
  }
  const named = major >= 6 ? splitAtSign(key) : splitAtSlash(key);
  const isRegistry = named !== null && /^\d[\w.+-]*$/.test(named.version);
  const name = asText(entry['name']) ?? (isRegistry || major >= 6 ? named?.name : undefined);
  const version = asText(entry['version']) ?? (isRegistry ? named?.version : undefined);
  if (name === undefined) return found.note('name-missing', path, 'the entry has no name');
  const place = placeIn(entry) ?? (isRegistry ? undefined : key);
  if (version === undefined && asText(asObject(entry['resolution'])?.['directory'])) {
    return found.note('own-project', path, `${name} is a folder of the project itself`);
  }
  if (version === undefined) {
    const text = `${name} came from ${place?.slice(0, 200) ?? 'elsewhere'}; no version is told`;
    return found.note('version-missing', path, text);
  }
  if (place !== undefined) found.noteOrigin(name, place, path);
  return found.add({ ecosystem: 'npm', name, version, path });
}

/** `/name@1.0.0(peer@2)` of version 6, `name@1.0.0` of version 9; the sign of a scope is no cut. */
function splitAtSign(key: string): { readonly name: string; readonly version: string } | null {
  const plain = key.replace(/^\//, '').replace(/\(.*$/s, '');
  const cut = plain.indexOf('@', 1);
  if (cut < 0) return splitAtSlash(key);
  return { name: plain.slice(0, cut), version: plain.slice(cut + 1) };
}

/** `/@scope/name/1.0.0_peer@2` of version 5, before which another registry's host may stand. */
function splitAtSlash(key: string): { readonly name: string; readonly version: string } | null {
  const [, name, version] =
    /^[^/@:+]*\/((?:@[^/]+\/)?[^/@]+)\/([^/_(]+)(?:[_(].*)?$/s.exec(key) ?? [];
  return name === undefined || version === undefined ? null : { name, version };
}

/** Where it came from, if that is no registry: registries are told by an integrity alone. */
function placeIn(entry: Members): string | undefined {
  const resolution = asObject(entry['resolution']);
  const repository = asText(resolution?.['repo']) ?? asText(resolution?.['directory']);
  if (repository !== undefined) return repository;
  const tarball = asText(resolution?.['tarball']);
  // Registries other than npm's own are told by their address.
  const isRegistry = tarball === undefined || /\/-\/[^/]+\.tgz$/.test(tarball);
  return isRegistry && !tarball?.startsWith('file:') ? undefined : tarball;
}

function notSupported(version: string | undefined) {
  return refuse({
    code: 'format-version-unsupported' as const,
    expected: 'pnpm-lock.yaml with lockfileVersion 5 to 9',
    got: version?.slice(0, 40) ?? 'no lockfileVersion',
    todo: 'make the lock file with pnpm 3 or later: pnpm install --lockfile-only',
  });
}
