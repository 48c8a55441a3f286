import { existsSync, readdirSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Attempt, type AttemptClass, got, judged, scripted } from './attempt.ts';

const leavings = ['/tmp', '/dev/shm', '/var/tmp'];

/** Leaves files where the host or the next run would find them. */
const leaving: Attempt = {
  name: 'leave a file for the host or the next run',
  attack: async (ring) => {
    const script = `
      for (qw(${leavings.join(' ')})) { open my $f, '>', "$_/left-$host{mark}" or next; print $f 'x' }
      print "held: written\\n";`;
    const first = judged(await ring.inside(script));
    const look = `my @left = glob '{${leavings.join(',')}}/left-*'; verdict(scalar @left, "@left none");`;
    const next = judged(await ring.inside(look));
    const found = leavings.flatMap((place) => leftIn(place));
    return found.length > 0 ? got(found.join(' ')) : first.said.startsWith('held') ? next : first;
  },
  control: async (ring) => {
    const script = `open my $f, '>', "/tmp/left-$host{mark}" or verdict(0, "$!"); verdict(-e $f, 'written');`;
    const outcome = await ring.control('outside', script);
    return leftIn('/tmp').length > 0 ? got('it is there') : outcome;
  },
};

function leftIn(place: string): string[] {
  const names = existsSync(place) ? readdirNames(place) : [];
  for (const name of names) rmSync(join(place, name));
  return names.map((name) => join(place, name));
}

function readdirNames(place: string): string[] {
  return readdirSync(place).filter((name) => /^left-[0-9a-f]{16}$/.test(name));
}

/** Leaves something in the kernel's own memory, by which two runs could speak. */
function ipc(name: string, make: string, find: string, clear: string): Attempt {
  return {
    name,
    attack: async (ring) => {
      const build = { profile: 'build' as const };
      const made = judged(await ring.inside(`${make} print "held: made\\n";`, build));
      if (!made.said.startsWith('held')) return made;
      return judged(await ring.inside(find, build));
    },
    control: async (ring) => {
      await ring.control('outside', make);
      const outcome = await ring.control('outside', find);
      await ring.control('outside', clear);
      return outcome;
    },
  };
}

const key = `my $key = 0x42570000 | hex substr $host{mark}, 0, 4;`;

/** An input of the host that a run is given to read, and tries to change. */
const changing: Attempt = {
  name: 'change a file that it was given to read',
  attack: async (ring) => {
    const folder = await ring.folder();
    await writeFile(join(folder, 'file'), 'kept');
    await using staged = await ring.arena.sandbox.stage(folder);
    const mounts = [{ source: staged.path, target: '/data' }];
    const outcome = judged(await ring.inside(`my $at = '/data'; ${changes}`, { mounts }));
    const now = await readFile(join(staged.path, 'file'), 'utf8').catch(() => 'gone');
    const there = (await readdir(staged.path)).join();
    return now === 'kept' && there === 'file' ? outcome : got(`${there}: ${now}`);
  },
  control: async (ring) => {
    const folder = await ring.folder();
    await writeFile(join(folder, 'file'), 'kept');
    return ring.control('outside', `my $at = '${folder}'; ${changes}`);
  },
};

const changes = `
  my @done; my $file = "$at/file";
  push @done, 'wrote' if open my $f, '+<', $file;
  push @done, 'made' if open my $g, '>', "$at/more";
  push @done, 'chmod' if chmod 0777, $file;
  push @done, 'utime' if utime 1, 1, $file;
  push @done, 'linked' if link $file, "$at/link";
  push @done, 'renamed' if rename $file, "$at/other";
  push @done, 'removed' if unlink $file;
  verdict(scalar @done, "@done nothing");`;

/** Files of the host: reading, changing, leaving something behind. */
export const files: AttemptClass = {
  title: 'Files and persistence',
  attempts: [
    scripted(
      'read a file of the host by any path to it',
      `for ('', '/proc/1/root', '/proc/self/root', '/proc/self/cwd/../..', '/proc/1/cwd', '/dev/fd/../..') {
         verdict(1, $_) if slurp("$_$host{secret}") =~ /embargoed/ } verdict(0, 'nowhere');`,
      'outside',
    ),
    scripted(
      'read the passwords of the host',
      `verdict(slurp('/etc/shadow') ne '', 'none');`,
      'root',
    ),
    scripted(
      'change programs or settings of the host',
      `opened('+<', qw(/etc/passwd /etc/hosts /etc/ld.so.cache /usr/bin/su /usr/lib/os-release));`,
      'root',
    ),
    scripted(
      'make files beside those of the system',
      `for (qw(/ /etc /usr /usr/bin /dev /proc /var /root)) { my $path = "$_/made-$host{mark}";
         if (open my $f, '>', $path) { unlink $path; verdict(1, $_) } } verdict(0, "$!");`,
      'root',
    ),
    scripted(
      'link a file of the system to where it may write',
      `verdict(link('/usr/bin/perl', '/tmp/perl') || link($host{secret}, "$host{input}/linked"), "$!");`,
      'outside',
    ),
    leaving,
    changing,
    ipc(
      'leave shared memory for the next run',
      `${key} shmget $key, 4096, 0600 | 01000;`,
      `${key} verdict(defined shmget($key, 4096, 0), "$!");`,
      `${key} my $id = shmget $key, 4096, 0; shmctl $id, 0, 0;`,
    ),
    ipc(
      'leave a message for the next run',
      `tried('mq_open', "breakwater-$host{mark}", 0102, 0600, 0);`,
      `called('mq_open', "breakwater-$host{mark}", 2, 0, 0);`,
      `tried('mq_unlink', "breakwater-$host{mark}");`,
    ),
    scripted(
      'leave the memory of a crash on the disk',
      `my $kid = fork; if (!$kid) { my $all = pack 'QQ', ~0, ~0; tried('prlimit64', 0, 4, $all, 0);
         kill 'SEGV', $$; sleep 5 } waitpid $kid, 0; my @cores = glob './core*';
       verdict(scalar($? & 128 || @cores), "status $?, cores @cores");`,
      'root',
    ),
  ],
};
