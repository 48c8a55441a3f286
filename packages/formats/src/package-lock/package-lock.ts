import { pointerToken, type Result, refuse } from '@breakwater/kernel';
import { Findings, placeLengthMax, placeOf } from '../inventory/findings.ts';
import {
  type Inventory,
  type InventoryLimits,
  type InventoryRefusal,
  inventoryLimits,
} from '../inventory/inventory.ts';
import { asObject, asText, readJson } from '../json/read-json.ts';

type Members = Readonly<Record<string, unknown>>;

/** npm allows names of 214 characters; folders of copies nest deeper. */
const nameLengthMax = 256;
const folderLengthMax = 4096;

/**
 * Reads npm's package-lock.json, npm-shrinkwrap.json and hidden lock file, lockfileVersion 1, 2
 * and 3 (docs.npmjs.com, package-lock.json).
 *
 * Every installed copy is a component of its own, with the pointer to its entry. Aliases give the
 * package's real name. Copies from git, a URL or a file are listed by the version they claim, with
 * a note. Development, optional and bundled packages count: they are installed.
 */
export function parsePackageLock(
  bytes: Uint8Array,
  limits: InventoryLimits = inventoryLimits,
): Result<Inventory, InventoryRefusal> {
  const json = readJson(bytes, limits);
  if (!json.ok) return json;
  const root = asObject(json.value);
  const version = root?.['lockfileVersion'] ?? (root?.['dependencies'] ? 1 : undefined);
  if (root === null || (version !== 1 && version !== 2 && version !== 3)) {
    return refuse({
      code: 'format-version-unsupported',
      expected: 'package-lock.json with lockfileVersion 1, 2 or 3',
      got: JSON.stringify(version)?.slice(0, 40) ?? 'no lockfileVersion',
      todo: 'make the lock file with npm 5 or later: npm install --package-lock-only',
    });
  }
  const found = new Findings(limits);
  if (!('lockfileVersion' in root)) {
    found.note('lockfile-version-missing', '', 'no lockfileVersion; read as version 1');
  }
  // Version 2 says everything twice; `packages` is the part npm 7 and later obey.
  const packages = version === 1 ? null : asObject(root['packages']);
  if (packages !== null) readPackages(packages, found);
  else readDependencies(root, '', found);
  return found.result('package-lock');
}

const notAnEntry = 'the entry is not an object, or its name is too long';

function readPackages(packages: Members, found: Findings): void {
  for (const [key, value] of Object.entries(packages)) {
    if (found.full) return;
    const path = `/packages/${pointerToken(key.slice(0, folderLengthMax))}`;
    const entry = key.length > folderLengthMax ? null : asObject(value);
    if (entry === null) found.note('entry-malformed', path, notAnEntry);
    else readPackage(key, entry, path, found);
  }
}

function readPackage(key: string, entry: Members, path: string, found: Findings) {
  const name = asText(entry['name']) ?? nameOfFolder(key);
  const version = asText(entry['version']);
  if (entry['link'] === true) {
    const target = asText(entry['resolved'])?.slice(0, placeLengthMax) ?? 'another entry';
    return found.note('link', path, `a link to ${target}, which is listed itself`);
  }
  if (!isInstalledCopy(key)) {
    return found.note(
      'own-project',
      path,
      'a folder of the project itself, not an installed package',
    );
  }
  if (name === undefined) return found.note('name-missing', path, 'the entry has no name');
  if (version === undefined) return found.note('version-missing', path, `${name} has no version`);
  const resolved = asText(entry['resolved'])?.slice(0, placeLengthMax);
  if (resolved !== undefined && !isRegistryTarball(resolved)) {
    found.noteOrigin(name, resolved, path);
  }
  found.add({ ecosystem: 'npm', name, version, installedAs: nameOfFolder(key), path });
}

/** npm puts installed packages below node_modules and nothing else there. */
function isInstalledCopy(key: string): boolean {
  return key.startsWith('node_modules/') || key.includes('/node_modules/');
}

function nameOfFolder(key: string): string | undefined {
  return asText(key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length));
}

/** Version 1: a tree of `dependencies`; an explicit stack, so that depth cannot hurt. */
function readDependencies(root: Members, rootPath: string, found: Findings): void {
  const waiting: { readonly owner: Members; readonly path: string }[] = [
    { owner: root, path: rootPath },
  ];
  for (let next = waiting.pop(); next !== undefined && !found.full; next = waiting.pop()) {
    for (const [alias, value] of Object.entries(asObject(next.owner['dependencies']) ?? {})) {
      if (found.full) return;
      // Paths repeat the names above them: without a bound they outgrow the file they came from.
      const path = `${next.path}/dependencies/${pointerToken(alias.slice(0, nameLengthMax))}`;
      const entry = alias.length > nameLengthMax ? null : asObject(value);
      if (entry === null) {
        found.note('entry-malformed', path, notAnEntry);
        continue;
      }
      readDependency(alias, entry, path, found);
      if (entry['dependencies'] !== undefined) waiting.push({ owner: entry, path });
    }
  }
}

function readDependency(alias: string, entry: Members, path: string, found: Findings) {
  const version = asText(entry['version']);
  if (version === undefined) return found.note('version-missing', path, `${alias} has no version`);
  const real = /^npm:(.+)@([^@]+)$/.exec(version);
  if (real?.[1] !== undefined && real[2] !== undefined) {
    const [, name, version] = real;
    return found.add({ ecosystem: 'npm', name, version, installedAs: alias, path });
  }
  if (/^(file|link):/.test(version)) {
    return found.note(
      'own-project',
      path,
      `${alias} is a local folder or file (${version.slice(0, 200)})`,
    );
  }
  // lockfileVersion 1 keeps the place instead of the version of what no registry gave.
  if (/[:/]/.test(version)) {
    return found.note(
      'version-missing',
      path,
      `${alias} came from ${placeOf(version.slice(0, placeLengthMax))}; no version is told`,
    );
  }
  const resolved = asText(entry['resolved'])?.slice(0, placeLengthMax);
  if (resolved !== undefined && !isRegistryTarball(resolved)) {
    found.noteOrigin(alias, resolved, path);
  }
  found.add({ ecosystem: 'npm', name: alias, version, path });
}

/** Registries serve `…/-/name-version.tgz`; mirrors too. `git+…`, `file:` and others differ. */
function isRegistryTarball(resolved: string): boolean {
  return /^https?:\/\/.+\.tgz(#.*)?$/.test(resolved) && !/codeload\.github\.com/.test(resolved);
}
