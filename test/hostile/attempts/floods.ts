import { type AttemptClass, greedy, scripted } from './attempt.ts';

const memory = { memoryBytes: 64 << 20 };
const plenty = { memoryBytes: 512 << 20 };
const outOfMemory = { ends: 'out-of-memory', limits: memory, more: plenty };
const whole = { none: 'without a limit it takes the host with it' };

/** More of something than a run may have. Controls are allowed more, and get it. */
export const floods: AttemptClass = {
  title: 'Floods',
  attempts: [
    greedy(
      'take memory',
      `my @a; push @a, 'x' x (1 << 20) for 1 .. 128; verdict(1, 'took 128 MiB');`,
      outOfMemory,
    ),
    greedy(
      'take memory by many processes',
      `pipe my $told, my $tell;
       for (1 .. 3) { my $kid = fork; push @kids, $kid and next if $kid; close $told;
         my @a; push @a, 'x' x (1 << 20) for 1 .. 40; syswrite $tell, 'x'; sleep 60; POSIX::_exit(0) }
       close $tell; my @a; push @a, 'x' x (1 << 20) for 1 .. 40;
       for (1 .. 3) { sysread $told, my $byte, 1 or verdict(0, 'a process is gone') }
       verdict(1, 'took 160 MiB');`,
      outOfMemory,
    ),
    greedy(
      'take memory by files without a name',
      `my $fd = tried('memfd_create', 'x', 0); open my $f, '+<&=', $fd or verdict(0, "$!");
       for (1 .. 128) { syswrite $f, 'x' x (1 << 20) or verdict(0, "$!") } verdict(1, 'took 128 MiB');`,
      outOfMemory,
    ),
    greedy(
      'take memory by names of files',
      `for (1 .. 150_000) { open my $f, '>', "/tmp/$_" or verdict(0, "$_: $!") }
       verdict(1, '150,000 files');`,
      { ...outOfMemory, ends: 'out-of-memory|exited' },
    ),
    greedy(
      'fill the disk',
      `open my $f, '>', '/tmp/fill'; my $n = 0;
       while ($n < 32 << 20) { my $w = syswrite $f, 'x' x 65536 or verdict(0, "$n: $!"); $n += $w }
       verdict(1, '32 MiB');`,
      { limits: { scratchBytes: 8 << 20 }, more: { scratchBytes: 64 << 20, ...plenty } },
    ),
    scripted(
      'fill shared memory',
      `open my $f, '>', "/dev/shm/fill-$host{mark}" or verdict(0, "$!"); my $n = 0;
       while ($n < 16 << 20) { my $w = syswrite $f, 'x' x 65536; last if !$w; $n += $w }
       unlink "/dev/shm/fill-$host{mark}"; verdict($n >= 16 << 20, "$n bytes");`,
      'outside',
    ),
    greedy(
      'write a file that is too large',
      `open my $f, '>', '/tmp/big'; for (1 .. 4) { syswrite $f, 'x' x (1 << 20) or verdict(0, "$!") }
       verdict(1, '4 MiB');`,
      { ends: 'SIGXFSZ', limits: { fileBytesMax: 1 << 20 }, more: { fileBytesMax: 8 << 20 } },
    ),
    greedy(
      'make processes',
      `my $n = 0; for (1 .. 100) { my $kid = fork // last; if (!$kid) { sleep 60; POSIX::_exit(0) }
         push @kids, $kid; $n++ } verdict($n == 100, "$n processes");`,
      { limits: { processesMax: 32, ...plenty }, more: { processesMax: 200 } },
    ),
    greedy(
      'leave dead processes uncounted',
      `my $n = 0; for (1 .. 100) { my $kid = fork // last; POSIX::_exit(0) if !$kid; $n++ }
       verdict($n == 100, "$n dead ones");`,
      { limits: { processesMax: 32, ...plenty }, more: { processesMax: 200 } },
    ),
    scripted(
      'multiply without end, deaf, each in a session of its own',
      `$SIG{$_} = 'IGNORE' for qw(TERM INT HUP QUIT CHLD XCPU);
       while (1) { my $kid = fork; if (defined $kid && !$kid) { POSIX::setsid() } }`,
      whole,
      { ends: 'timed-out', limits: { memoryBytes: 1 << 30, wallMs: 1500 } },
    ),
    scripted(
      'open descriptors',
      `my @open; while (@open < 1500) { open my $f, '<', '/dev/null' or last; push @open, $f }
       verdict(@open == 1500, @open . " open");`,
      'root',
    ),
    scripted(
      'queue signals',
      `my $n = 0; $SIG{USR1} = sub {}; my $set = POSIX::SigSet->new(34); POSIX::sigprocmask(0, $set);
       my $info = pack('iii', 34, 0, -1) . "\\0" x 116;
       while ($n < 1_000_000) { last if tried('rt_sigqueueinfo', $$, 34, $info) < 0; $n++ }
       verdict($n == 1_000_000, "$n queued");`,
      { none: "a user's signals are counted together, so it would disturb others" },
      { ends: 'exited|out-of-memory' },
    ),
    greedy(
      'print without end',
      `print 'x' x 65535, "\\n" for 1 .. 8; sleep 3; verdict(1, 'half a megabyte');`,
      {
        ends: 'output-limit',
        limits: { outputBytesMax: 64 << 10 },
        more: { outputBytesMax: 1 << 20 },
      },
    ),
    greedy(
      'print errors without end',
      `syswrite STDERR, 'x' x 65536 for 1 .. 8; sleep 3; verdict(1, 'half a megabyte');`,
      {
        ends: 'output-limit',
        limits: { outputBytesMax: 64 << 10 },
        more: { outputBytesMax: 1 << 20 },
      },
    ),
    greedy(
      'compute without end',
      `my $n = 0; while ((times)[0] + (times)[1] < 2) { $n += $_ for 1 .. 200_000 }
       verdict(1, 'two seconds');`,
      {
        ends: 'SIGXCPU|SIGKILL',
        limits: { cpuSeconds: 1 },
        more: { cpuSeconds: 30 },
      },
    ),
    greedy('wait without end', `sleep 2; verdict(1, 'two seconds');`, {
      ends: 'timed-out',
      limits: { wallMs: 500 },
      more: { wallMs: 20_000 },
    }),
    scripted(
      'go on after its end, with its streams open',
      `if (!fork) { POSIX::setsid(); sleep 1; verdict(1, 'a second later'); } exit 0;`,
      'outside',
      { ends: 'exited' },
    ),
  ],
};
