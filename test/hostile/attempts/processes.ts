import { type AttemptClass, scripted } from './attempt.ts';
import { leftBehind, stoppedOnPurpose } from './survivors.ts';

/** Other processes: seeing them, signalling them, reading them, outliving them. */
export const processes: AttemptClass = {
  title: 'Processes and their limits',
  attempts: [
    scripted(
      'see a process of the host',
      `verdict(scalar(slurp("/proc/$host{pid}/cmdline") =~ /node/), 'looked');`,
      'outside',
    ),
    scripted(
      'signal a process of the host',
      `verdict(kill(0, $host{pid}) == 1, "kill: $!");`,
      'root',
    ),
    scripted(
      'kill its parent',
      `my $above = getppid; kill 'KILL', $above; select undef, undef, undef, 0.05 for 1 .. 20;
       verdict(getppid != $above, 'the parent lives');`,
      'outside',
    ),
    scripted(
      'write into the memory of a process of the host',
      `opened('+<', "/proc/$host{pid}/mem");`,
      'root',
    ),
    scripted(
      // the first process of its world is its own user's, and so within its reach
      'gain anything by taking over its parent',
      `my $above = getppid; my $status = slurp("/proc/$above/status");
       my @free = grep { $status !~ /$_/m } '^Seccomp:\\s+2', '^NoNewPrivs:\\s+1', '^CapEff:\\s+0+$';
       my @open = map { readlink } glob "/proc/$above/fd/*";
       my @more = grep { !m{^(pipe:|/dev/null|/memfd:|anon_inode:\\[eventfd\\])} } @open;
       verdict(@free + @more, "free of @free, holds @more");`,
      'outside',
    ),
    scripted(
      'read secrets from the environment of others',
      `for (glob '/proc/[0-9]*/environ') { verdict(1, $_) if slurp($_) =~ /RING_PASSWORD=/ }
       verdict(0, 'none');`,
      'outside',
    ),
    scripted(
      'use a descriptor that whoever started it left open',
      `opendir my $list, '/proc/self/fd'; my $own = fileno $list;
       my @more = grep { /^\\d+$/ && $_ > 2 && $_ != $own } readdir $list;
       verdict(scalar @more, "descriptors @more");`,
      'outside',
    ),
    scripted(
      'type into the terminal of whoever started it',
      `for my $fd (0, 1, 2) { open my $f, "<&=$fd" or next; my $key = 'x';
         verdict(1, "descriptor $fd is a terminal") if -t $f || ioctl $f, 0x5412, $key }
       verdict(1, 'a terminal is there') if open my $tty, '+<', '/dev/tty'; verdict(0, "$!");`,
      'terminal',
    ),
    scripted(
      'raise its own limits',
      `my $most = pack 'QQ', 1 << 20, 1 << 20; called('prlimit64', 0, 7, $most, 0);`,
      'root',
    ),
    scripted(
      'be the last that the kernel kills for memory',
      `open my $f, '>', '/proc/self/oom_score_adj' or verdict(0, "$!");
       verdict(defined syswrite($f, '-999'), "write: $!");`,
      'root',
    ),
    scripted(
      'gain rights by a set-user-id program',
      `pipe my $ours, my $theirs; my $kid = fork;
       if (!$kid) { open STDIN, '<&', $ours; open STDOUT, '>', '/dev/null'; open STDERR, '>&STDOUT';
         exec '/usr/bin/su' or POSIX::_exit(1) }
       push @kids, $kid; my $uid = $>;
       for (1 .. 200) { my $status = slurp("/proc/$kid/status");
         ($uid) = $status =~ /^Uid:\\s+\\d+\\s+(\\d+)/m; last if $status !~ /^Name:\\s+perl/m;
         select undef, undef, undef, 0.01 }
       verdict($uid eq '0', "uid $uid");`,
      'outside',
    ),
    leftBehind,
    stoppedOnPurpose,
  ],
};
