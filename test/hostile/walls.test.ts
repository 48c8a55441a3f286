import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attackSpec } from '../../apps/runner/src/sandbox/self-test.ts';
import { Arena } from './arena.ts';

const arena = new Arena();
const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

describe('the host seen from inside', () => {
  it('holds against every attack of the self-test', async () => {
    const record = await arena.sandbox.run(attackSpec({ bwrap: 'bwrap', machine }));
    const lines = Buffer.from(record.stdout).toString().trim().split('\n');
    expect(lines.filter((line) => !line.endsWith('\theld'))).toEqual([]);
    expect(lines.map((line) => line.split('\t')[0])).toEqual([
      'unshare',
      'clone',
      'clone3',
      'ptrace',
      'keyctl',
      'bpf',
      'perf_event_open',
      'io_uring_setup',
      'userfaultfd',
      'mount',
      'setns',
      'open_tree',
      'core pattern',
      'write to the root',
      'write to dev',
      'write to usr',
      'write to etc',
      'shadow',
      'home directories',
      'host disks',
      'environment of pid 1',
      'command line of pid 1',
      'inherited descriptors',
      'processes outside',
      'shared memory without end',
      'end',
    ]);
  });

  it('shows no file of the host that was not mounted', async () => {
    const secret = await mkdtemp(join(tmpdir(), 'breakwater-secret-'));
    await writeFile(join(secret, 'secret'), 'embargoed');
    const paths = [
      join(secret, 'secret'),
      homedir(),
      process.cwd(),
      '/root',
      '/var',
      '/run',
      '/sys',
    ];
    paths.push('/etc/shadow', '/etc/hostname', '/boot', '/proc/1/root/root', '/proc/kcore');
    const outside = paths.filter((path) => path !== '/tmp');
    const script = `for (qw(${outside.join(' ')})) { print "$_\\n" if open my $f, '<', $_ }`;
    expect(await arena.lines(script)).toEqual([]);
    await rm(secret, { recursive: true });
  });

  it('shows neither the environment nor the descriptors of whoever started it', async () => {
    const script = `
      print join(',', sort keys %ENV), "\\n";
      for my $pid (map { m{^/proc/(\\d+)$} } glob '/proc/*') {
        open my $f, '<', "/proc/$pid/environ" or next; local $/; my $text = <$f> // '';
        print "leak from $pid\\n" if $text =~ /PATH=|HOME=|USER=/ }
      opendir my $list, '/proc/self/fd'; my $own = fileno $list;
      print join(',', sort grep { /\\d/ && $_ ne $own } readdir $list), "\\n";`;
    expect(await arena.lines(script)).toEqual(['BREAKWATER_ARENA', '0,1,2']);
  });

  it('can open its standard streams again by name, as real pipes', async () => {
    const script = `open my $out, '>', '/dev/stdout' or die $!; print $out "opened\\n"`;
    expect(await arena.lines(script)).toEqual(['opened']);
  });

  it('keeps kernel symbols, keys and the kernel command line to itself', async () => {
    const script = `
      for (qw(kallsyms keys key-users cmdline kcore kmsg timer_list)) { open my $f, '<', "/proc/$_" or next;
        my $line = <$f>; print "$_ shows $line\\n" if defined $line }`;
    expect(await arena.lines(script)).toEqual([]);
  });

  it('cannot change any sysctl', async () => {
    const script = `
      my @open = ('/proc/sys'); my $seen = 0;
      while (my $path = pop @open) {
        if (-d $path) { opendir my $list, $path or next;
          push @open, map { "$path/$_" } grep { !/^\\.\\.?$/ } readdir $list; next }
        $seen++;
        print "$path\\n" if open my $f, '+<', $path }
      print $seen > 100 ? "many\\n" : "few\\n";`;
    expect(await arena.lines(script)).toEqual(['many']);
  });

  it('leaves no core file and gains nothing from a set-user-id program', async () => {
    const script = `
      print qx(grep -E '^Max core' /proc/self/limits);
      print qx(/usr/bin/perl -e 'print "uid $> ", (stat "/usr/bin/su")[2] & 04000 ? "suid\\n" : "\\n"');
      print qx(grep -c nosuid /proc/self/mountinfo) >= 10 ? "nosuid\\n" : "suid mounts\\n";`;
    const lines = await arena.lines(script);
    expect(lines[0]?.replace(/\s+/g, ' ')).toBe('Max core file size 1 1 bytes ');
    expect(lines[1]).toMatch(/^uid 65534/);
    expect(lines[2]).toBe('nosuid');
  });

  it('runs as nobody outside, never as uid 0', async () => {
    const running = arena.perl('sleep 100', { limits: { wallMs: 60_000 } });
    const launcher = await findParentOfRun();
    const uids = [launcher, ...arena.survivors()].map(
      (pid) => /^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
    );
    process.kill(launcher, 'SIGKILL');
    await running;
    expect(uids.length).toBeGreaterThan(1);
    for (const uid of uids) expect(uid).not.toMatch(/\b0\b/);
    expect(new Set(uids).size).toBe(1);
  });

  it('reports a crash of the launcher as a failed run, and goes on', async () => {
    const running = arena.perl('sleep 100', { limits: { wallMs: 60_000 } });
    const launcher = await findParentOfRun();
    process.kill(launcher, 'SIGKILL');
    expect((await running).ending).toEqual({
      kind: 'failed',
      detail: 'the sandbox launcher ended early',
    });
    expect(await arena.lines('print "again\\n"')).toEqual(['again']);
  });
});

/** Waits until the arena's attack runs, and climbs from it to the launcher outside. */
async function findParentOfRun(): Promise<number> {
  for (;;) {
    let pid = Number(arena.survivors()[0] ?? 0);
    for (let up = 0; pid > 1 && up < 8; up++) {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (status.startsWith('Name:\tperl') && !arena.survivors().includes(String(pid))) return pid;
      pid = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
