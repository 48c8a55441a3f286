import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Base, INSIDE_ID } from './arguments.ts';
import type { Identity } from './slot.ts';

/**
 * What /proc tells everyone about the host's kernel and key rings. Only these: each costs every
 * run 0.15 ms.
 */
const MASKED = ['/proc/kallsyms', '/proc/keys', '/proc/key-users', '/proc/cmdline'];

/** One program, in the order it is read: what it ends with is what it does. */
const worldParts = ['frames', 'starter', 'files', 'keep', 'first-process'].map(
  (name) => `../world/inside/${name}.pl`,
);

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

/**
 * Writes what every sandbox sees of /etc (nobody, no hosts but localhost, no resolver) and the
 * steps that are ours into `directory`, readable by the sandbox's user.
 */
export async function makeBase(directory: string, identity: Identity): Promise<Base> {
  await mkdir(join(directory, 'etc'), { recursive: true, mode: 0o755 });
  const etc = [];
  for (const path of ['/etc/alternatives', '/etc/ld.so.cache']) {
    if (!existsSync(path)) continue;
    const inside = join(directory, path);
    if (lstatSync(path).isDirectory()) await mkdir(inside, { recursive: true });
    else await writeFile(inside, '');
    etc.push(path);
  }
  const id = String(INSIDE_ID);
  await writeFile(join(directory, 'etc/passwd'), `nobody:x:${id}:${id}:nobody:/tmp:/bin/sh\n`);
  await writeFile(join(directory, 'etc/group'), `nogroup:x:${id}:\n`);
  await writeFile(join(directory, 'etc/hosts'), '127.0.0.1 localhost\n');
  await writeFile(
    join(directory, 'etc/nsswitch.conf'),
    'passwd: files\ngroup: files\nhosts: files\n',
  );
  await writeFile(join(directory, 'empty'), '', { mode: 0o444 });
  await writeFile(join(directory, 'init.pl'), textOf('./init.pl'), { mode: 0o444 });
  await writeFile(join(directory, 'world.pl'), worldParts.map(textOf).join(''), { mode: 0o444 });
  await chmod(directory, 0o755);
  if (identity.drop) await chown(directory, identity.uid, identity.gid);
  return {
    directory,
    links: mergedLinks(),
    etc,
    masked: MASKED.filter((path) => existsSync(path)),
  };
}

/** On a merged /usr, /bin and its like are links, and are made as links inside. */
function mergedLinks(): [string, string][] {
  return ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']
    .filter((name) => existsSync(`/${name}`) && lstatSync(`/${name}`).isSymbolicLink())
    .map((name) => [name, readlinkSync(`/${name}`)]);
}
