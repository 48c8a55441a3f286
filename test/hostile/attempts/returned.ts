import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Collector } from '../../../apps/runner/src/sandbox/collect.ts';
import { type Attempt, type AttemptClass, got, held, type Outcome } from './attempt.ts';
import type { Ring } from './ring.ts';

const limits = { filesMax: 20, bytesMax: 4 << 20, depthMax: 8 };

interface Returning {
  readonly script: string;
  /** Whether what lies in a directory is the harm; the same question for us and for the naive. */
  readonly harmful: (folder: string, ring: Ring) => boolean;
  readonly control?: 'outside' | 'root';
}

/** What a run leaves for us to take, tried on our collector and on one that takes all there is. */
function returning(name: string, { script, harmful, control = 'outside' }: Returning): Attempt {
  return {
    name,
    attack: async (ring) => {
      const into = await ring.folder();
      const collect = { target: '/out', into, ...limits };
      const record = await ring.inside(`chdir '/out'; ${script}`, { collect, profile: 'build' });
      if (record.ending.kind !== 'exited') return { succeeded: false, said: record.ending.kind };
      return harmful(into, ring) ? got('it was taken') : held(`${record.skipped.length} left out`);
    },
    control: async (ring) => {
      const folder = await ring.folder();
      chmodSync(folder, 0o777);
      const made = await ring.control(control, `chdir '${folder}'; ${script} verdict(0, 'made');`);
      return made === null ? null : answer(harmful(folder, ring));
    },
  };
}

const answer = (harm: boolean): Outcome => (harm ? got('taken') : held('not even without us'));

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function namesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

const isOdd = (path: string): boolean => {
  const seen = lstatSync(path, { throwIfNoEntry: false });
  return seen !== undefined && !seen.isFile() && !seen.isDirectory();
};

/** A daemon that swaps a file and a link as fast as it can, while its starter is over. */
const swapping = `
  if (!fork) { POSIX::setsid(); close STDOUT; close STDERR;
    while (1) { unlink 'x'; symlink $host{secret}, 'x'; unlink 'x'; open my $f, '>', 'x' } }`;

const racing: Attempt = {
  name: 'swap a file for a link while it is taken',
  attack: async (ring) => {
    const into = await ring.folder();
    const collect = { target: '/out', into, ...limits };
    await ring.inside(`chdir '/out'; ${swapping} sleep 1;`, { collect });
    return contentOf(join(into, 'x')).includes(ring.secret) ? got('read') : held('not taken');
  },
  control: async (ring) => {
    const path = join(await ring.folder(), 'x');
    await writeFile(path, '');
    const looked = lstatSync(path).isFile();
    await rm(path);
    await symlink(ring.secretFile, path);
    return answer(looked && (await readFile(path, 'utf8')).includes(ring.secret));
  },
};

/** Names that no file system gives, but a confused or captured launcher could. */
function named(name: string, path: string): Attempt {
  return {
    name,
    attack: async (ring) => {
      const folder = await ring.folder();
      const collector = new Collector(join(folder, 'into'), limits);
      await collector.take('f', Buffer.from(path));
      await collector.take('d', Buffer.from('x'));
      await collector.end();
      return collector.files.length > 0 ? got('taken') : held(collector.skipped[0]?.reason ?? '');
    },
    control: async (ring) => {
      const into = join(await ring.folder(), 'into');
      return answer(!join(into, path).startsWith(`${into}/`) || path.includes('\0'));
    },
  };
}

const flooding: Attempt = {
  name: 'return more bytes than were announced',
  attack: async (ring) => {
    const collector = new Collector(await ring.folder(), { ...limits, bytesMax: 1000 });
    await collector.take('f', Buffer.from('x'));
    const more = collector.take('d', Buffer.alloc(2000)).then(() => got('taken'));
    const outcome = await more.catch((error: unknown) => held(String(error)));
    await collector.abandon();
    return outcome;
  },
  control: async (ring) => {
    const path = join(await ring.folder(), 'x');
    await writeFile(path, Buffer.alloc(2000));
    return answer(statSync(path).size > 1000);
  },
};

/** Files that a run leaves for us to take out of its world. */
export const returned: AttemptClass = {
  title: 'Returned files',
  attempts: [
    returning('return a link to a file of the host', {
      script: `symlink $host{secret}, 'x';`,
      harmful: (folder, ring) => contentOf(join(folder, 'x')).includes(ring.secret),
    }),
    returning('return a link to a directory of the host', {
      script: `symlink $host{input}, 'd';`,
      harmful: (folder) => contentOf(join(folder, 'd/file')) === 'kept',
    }),
    returning('return a second name of a file', {
      script: `link($host{secret}, 'x') or do { open F, '>', 'a'; link 'a', 'x' };`,
      harmful: (folder) => (statSync(join(folder, 'x'), { throwIfNoEntry: false })?.nlink ?? 0) > 1,
    }),
    returning('return a pipe that its reader waits at for ever', {
      script: `POSIX::mkfifo('x', 0666);`,
      harmful: (folder) => isOdd(join(folder, 'x')) && waitsFor(join(folder, 'x')),
    }),
    returning('return a socket', {
      script: `socket S, 1, 1, 0; bind S, pack 'Sa*', 1, 'x';`,
      harmful: (folder) => isOdd(join(folder, 'x')),
    }),
    returning('return a device', {
      script: `system 'mknod x c 1 3 2>/dev/null';`,
      harmful: (folder) => isOdd(join(folder, 'x')),
      control: 'root',
    }),
    returning('return a program with the set-user-id bit', {
      script: `open F, '>', 'x'; print F 'x'; close F; chmod 06777, 'x';`,
      harmful: (folder) => (statSync(join(folder, 'x')).mode & 0o6111) !== 0,
    }),
    returning('return a file of holes, larger than allowed', {
      script: `open F, '>', 'x'; truncate F, 5 << 20;`,
      harmful: (folder) =>
        (statSync(join(folder, 'x'), { throwIfNoEntry: false })?.size ?? 0) > 4 << 20,
    }),
    returning('return a tree two hundred deep', {
      script: `my $home = POSIX::getcwd(); for (1 .. 200) { mkdir 'd'; chdir 'd' } open F, '>', 'x'; chdir $home;`,
      harmful: (folder) => namesBelow(folder).some((name) => name.split('/').length > 8),
    }),
    returning('return more files than allowed', {
      script: `for (1 .. 100) { open F, '>', "x$_" }`,
      harmful: (folder) => namesBelow(folder).length > 20,
    }),
    returning('return names that act on a terminal', {
      script: `open F, '>', "x\\e[2J"; open F, '>', "a\\nb"; open F, '>', "c\\xff";`,
      harmful: (folder) => namesBelow(folder).some((name) => /[\p{Cc}\ufffd]/u.test(name)),
    }),
    racing,
    named('return a name that climbs', '../../x'),
    named('return an absolute name by climbing', 'a/../../../../tmp/x'),
    named('return a name with a NUL', 'x\0.txt'),
    flooding,
  ],
};

/** Whether somebody who reads it gets no end: asked with a second's patience. */
function waitsFor(path: string): boolean {
  try {
    execFileSync('timeout', ['1', 'cat', path], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
}
