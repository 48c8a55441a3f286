import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Peers are brought here by their own package managers, once; nothing of them is committed. */
const cache = path.resolve(import.meta.dirname, '../../.cache/bench-peers');

/** Building a scanner of 1,500 packages takes a quarter of an hour on a busy machine. */
const waitMs = 3_600_000;

/** A peer that can be started, or why not. */
export type Peer =
  | { readonly version: string; readonly command: string }
  | { readonly version: string; readonly missing: string };

/** A program of Go, built from the module proxy's source, its checksums held to Go's database. */
export async function goProgram(module: string, version: string): Promise<Peer> {
  const name = path.basename(module);
  const folder = path.join(cache, `${name}-${version}`);
  const command = path.join(folder, name);
  if (existsSync(command)) return { version, command };
  const env = {
    ...process.env,
    GOBIN: folder,
    GOPATH: path.join(cache, 'go'),
    GOFLAGS: '-modcacherw -buildvcs=false',
    CGO_ENABLED: '0',
  };
  try {
    await mkdir(folder, { recursive: true });
    await run('go', ['install', '-ldflags=-s', `${module}@${version}`], {
      env,
      timeout: waitMs,
    });
    return { version, command };
  } catch (error) {
    return { version, missing: lastLine(error) };
  }
}

/**
 * The Python of an environment of its own that has one package of PyPI in it, from wheels alone.
 * `name` may ask for an extra, as in `litellm[proxy]`.
 */
export async function pythonPackage(name: string, version: string): Promise<Peer> {
  const folder = path.join(cache, `${name.replace('[', '-').replace(']', '')}-${version}`);
  const command = path.join(folder, 'bin/python');
  if (existsSync(path.join(folder, 'complete'))) return { version, command };
  try {
    await run('python3', ['-m', 'venv', folder], { timeout: waitMs });
    const words = ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:'];
    await run(command, [...words, `${name}==${version}`], { timeout: waitMs });
    await mkdir(path.join(folder, 'complete'));
    return { version, command };
  } catch (error) {
    return { version, missing: lastLine(error) };
  }
}

/**
 * The folder of one package of npm, with all that it needs beside it; no script of any is run.
 * `held` says in which version it gets something that it needs.
 */
export async function npmPackage(
  name: string,
  version: string,
  held: Readonly<Record<string, string>> = {},
): Promise<Peer> {
  const named = name.replace('@', '').replaceAll('/', '-');
  const folder = path.join(cache, `${named}-${version}`);
  const command = path.join(folder, 'node_modules', name);
  if (existsSync(path.join(folder, 'complete'))) return { version, command };
  try {
    await mkdir(folder, { recursive: true });
    const wanted = { private: true, dependencies: { [name]: version }, overrides: held };
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(wanted));
    const words = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', words, { timeout: waitMs });
    await mkdir(path.join(folder, 'complete'));
    return { version, command };
  } catch (error) {
    return { version, missing: lastLine(error) };
  }
}

/** What a command that failed said last. */
export function lastLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const last = (said || String(error)).trim().split('\n').at(-1) ?? '';
  return last.trim().slice(0, 300);
}
