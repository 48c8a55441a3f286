import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Arena, long } from './arena.ts';

for (const limitsBy of ['best', 'rlimits'] as const) {
  describe(`bombs, limits ${limitsBy}`, () => {
    const arena = new Arena(limitsBy);

    it('a polite fork bomb meets the process limit', async () => {
      const script = `
        my $n = 0;
        while (1) { my $pid = fork; last unless defined $pid; if (!$pid) { sleep 100 } $n++ }
        print "$n\\n"; `;
      const [count] = await arena.lines(script);
      expect(Number(count)).toBeGreaterThan(8);
      expect(Number(count)).toBeLessThanOrEqual(32 + 3);
    });

    it('an endless fork bomb that leaves its session and ignores signals ends with the clock', async () => {
      const script = `
        use POSIX ();
        $SIG{$_} = 'IGNORE' for qw(TERM INT HUP QUIT CHLD XCPU);
        while (1) { my $pid = fork; if (defined $pid && !$pid) { POSIX::setsid(); } }`;
      // Room for all its processes: here it is the clock that must end it, not the memory.
      const limits = { memoryBytes: 1 << 30 };
      const { ending } = await arena.perl(script, { limits });
      expect(ending).toEqual({ kind: 'timed-out' });
    });

    it('a daemon, forked twice and deaf, dies with the run that started it', async () => {
      const script = `
        use POSIX ();
        if (!fork) { POSIX::setsid(); if (!fork) { $SIG{TERM} = 'IGNORE'; close STDOUT; sleep 100 } exit }
        wait; print "left\\n";`;
      expect(await arena.lines(script)).toEqual(['left']);
    });

    it('a memory bomb is told as such', async () => {
      const script = 'my @a; push @a, "x" x (1 << 20) while 1';
      expect((await arena.perl(script)).ending).toEqual({ kind: 'out-of-memory' });
    });

    it('a memory bomb spread over processes is told as such', async () => {
      const script = 'fork for 1 .. 3; my @a; while (1) { push @a, "x" x (1 << 20) }';
      expect((await arena.perl(script)).ending).toEqual({ kind: 'out-of-memory' });
    });

    it('an output flood is cut', async () => {
      const record = await arena.perl('$| = 1; while (1) { print "x" x 65536 }');
      expect(record.ending).toEqual({ kind: 'output-limit' });
      expect(record.stdout.length).toBe(64 << 10);
    });

    it.each(['/tmp', '/dev/shm'])('a full %s is full at eight megabytes', async (place) => {
      const script = `
        open my $f, '>', '${place}/fill' or die; my $n = 0;
        while (my $wrote = syswrite $f, "x" x 65536) { $n += $wrote }
        print $n <= 8 << 20 ? "bounded $!\\n" : "unbounded $n\\n";`;
      expect(await arena.lines(script)).toEqual(['bounded No space left on device']);
    });

    it('the directory that is collected is bounded in bytes', async () => {
      const into = await arena.fresh();
      const script = `
        my $n = 0;
        for my $i (1 .. 100) { open my $f, '>', "/out/$i" or last;
          while (my $wrote = syswrite $f, "x" x 65536) { $n += $wrote } last if $n > 1 << 26 }
        print $n <= 1 << 20 ? "bounded\\n" : "unbounded $n\\n";`;
      const collect = { target: '/out', into, filesMax: 4, bytesMax: 1 << 20, depthMax: 2 };
      const record = await arena.perl(script, { collect });
      expect(Buffer.from(record.stdout).toString()).toBe('bounded\n');
      expect(record.collected.length).toBeLessThanOrEqual(4);
    });

    it('a directory of very many files is not walked to its end', async () => {
      const into = await arena.fresh();
      const many = long ? 100_000 : 2000;
      const script = `for (1 .. ${many}) { open my $f, '>', "/out/$_" or last; print $f 'x' }`;
      const collect = { target: '/out', into, filesMax: 10, bytesMax: 8 << 20, depthMax: 2 };
      const record = await arena.perl(script, { collect, limits: { wallMs: 20_000 } });
      expect(record.collected.length).toBe(10);
      expect(record.skipped.length).toBeLessThanOrEqual(100);
      expect(record.skipped.at(-1)?.reason).toMatch(/too many/);
      expect((await readdir(into)).length).toBe(10);
    });

    it('the next run after all of these finds a whole sandbox', async () => {
      expect(await arena.lines('print "well\\n"')).toEqual(['well']);
    });
  });
}

describe('the network', () => {
  const arena = new Arena();

  it('leaves a listening server of the host unreached', async () => {
    const server = createServer(() => expect.unreachable('a connection came from inside'));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const abstract = createServer(() => expect.unreachable('a connection came from inside'));
    const name = `breakwater-${process.pid}-${port}`;
    await new Promise<void>((resolve) => abstract.listen(`\0${name}`, resolve));
    const script = `
      socket(my $tcp, 2, 1, 0) ? connect($tcp, pack 'SnNx8', 2, ${port}, 0x7f000001)
        ? print "tcp reached\\n" : print "tcp connect: $!\\n" : print "tcp socket: $!\\n";
      socket(my $unix, 1, 1, 0) or die;
      print connect($unix, pack 'Sa*', 1, "\\0${name}") ? "unix reached\\n" : "unix: $!\\n";
      print gethostbyname('example.com') ? "name found\\n" : "no name\\n";`;
    expect(await arena.lines(script)).toEqual([
      'tcp socket: Address family not supported by protocol',
      'unix: Connection refused',
      'no name',
    ]);
    server.close();
    abstract.close();
  });

  it('offers no family but AF_UNIX', async () => {
    const script = `
      for my $family (0 .. 45) { for my $type (1, 2, 3, 5) {
        print "$family $type\\n" if socket my $s, $family, $type, 0 } }`;
    expect(await arena.lines(script)).toEqual(['1 1', '1 2', '1 3', '1 5']);
  });
});
