# The second process of ours: it starts commands, one at a time, and hears them out.

# What is shut out: every file but those below these, and other processes than its own.
sub enter_domain {
  my $abi = syscall $call{create_ruleset}, 0, 0, 1;
  return 0 if $abi < 2;
  # all but READ_DIR (1 << 3), which is asked of / too; TRUNCATE since 3, signals since 6
  my $rights = (1 << 14) - 1 & ~8;
  $rights |= 1 << 14 if $abi >= 3;
  my $ruled = pack 'QQQ', $rights, 0, $abi >= 6 ? 2 : 0;
  my $set = syscall $call{create_ruleset}, $ruled, $abi >= 6 ? 24 : 8, 0;
  return 0 if $set < 0;
  for my $place (qw(/usr /etc /proc /dev /tmp /work /home)) {
    my $fd = open_plain($place, 010000000);    # O_PATH
    next if $fd < 0;
    my $rule = pack 'Ql', $rights, $fd;
    my $added = syscall $call{add_rule}, $set, 1, $rule, 0;
    POSIX::close($fd);
    return 0 if $added != 0;
  }
  my $entered = syscall $call{restrict_self}, $set, 0;
  POSIX::close($set);
  return $entered == 0;
}

sub start_commands {
  my ($in, $out) = @_;
  # a starter waits for its commands itself
  $SIG{CHLD} = 'DEFAULT';
  my @lingering;    # streams that outlive their command: drained, so that nobody is held up
  while (1) {
    my %command;
    while (!%command) {
      if (my ($kind, $body) = next_frame($in)) {
        %command = start_one($in, $out, $body) if $kind eq 'c';
        next;
      }
      for my $ready (readable($in, @lingering)) {
        if ($ready == $in) { fill_inbox($in) or return; next }
        @lingering = grep { $_ != $ready } @lingering if !sysread $ready, my $dropped, CHUNK;
      }
    }
    push @lingering, attend($in, $out, \%command, \@lingering);
    shift @lingering while @lingering > LINGERING_MAX;
  }
}

sub start_one {
  my ($in, $out, $body) = @_;
  my ($agent, $cwd, $bytes_max, $cpu, $tasks, $reports, $input, $environment, $argv)
    = unpack '(N/a*)*', $body;
  my $no = sub { say_frame($out, 'x', "refused\tworld-exhausted\t$_[0]: $!"); () };
  my $stdin = memory_file($input) or return $no->('standard input');
  my (%from, %given);
  for (['o', 1], ['e', 2], $reports ? ['s', 3] : (), ['failed', 9]) {
    pipe(my $reading, my $writing) or return $no->('pipe');
    ($from{$_->[0]}, $given{$_->[1]}) = ($reading, $writing);
  }
  my $pid = fork;
  return $no->('fork') if !defined $pid;
  if (!$pid) {
    my $fail = sub { syswrite $given{9}, "$_[0]: $!"; POSIX::_exit(127) };
    POSIX::setsid();
    setpriority 0, 0, NICE;
    chdir $cwd or $fail->("cwd $cwd");
    # RLIMIT_CPU, RLIMIT_NPROC
    for ([0, $cpu, $cpu + 1], [6, $tasks, $tasks]) {
      my $limit = pack 'QQ', $_->[1], $_->[2];
      syscall($call{prlimit64}, 0, $_->[0] + 0, $limit, 0) == 0 or $fail->('limit');
    }
    POSIX::dup2(fileno $stdin, 0) // $fail->('stdin');
    POSIX::dup2(fileno $given{$_}, $_) // $fail->('streams') for 1, 2;
    if ($reports) {
      # what lies on 3 must not be what is still needed
      my ($failed, $report) = map { fcntl $given{$_}, F_DUPFD, 20 } 9, 3;
      open $given{9}, '>&=', $failed + 0 or POSIX::_exit(127);
      POSIX::dup2($report, 3) // $fail->('streams');
    }
    $SIG{$_} = 'DEFAULT' for 'PIPE', 'XFSZ', 'CHLD';
    syscall($call{close_range}, $reports ? 4 : 3, 4294967295, 4) == 0 or $fail->('descriptors');
    %ENV = map { /^([^=]+)=(.*)/s } unpack '(N/a*)*', $environment;
    my @argv = unpack '(N/a*)*', $argv;
    exec { $argv[0] } @argv or $fail->($argv[0]);
  }
  close $_ for values %given;
  # PR_SET_DUMPABLE does not stop it from being waited for
  my $ended = syscall $call{pidfd_open}, $pid, 0;
  open(my $end, '<&=', $ended) if $ended >= 0;
  say_frame($out, 'j', $pid);
  sysread $from{failed}, my $why, CHUNK;
  close delete $from{failed};
  if (length $why || !$end) {
    kill 'KILL', $pid if !$end;
    waitpid $pid, 0;
    $why = 'no descriptor to wait by' if !length $why;
    my $code = $why =~ /Cannot allocate|Too many open|temporarily/ ? 'world-exhausted' : 'cannot-start';
    say_frame($out, 'x', "refused\t$code\t$why");
    return ();
  }
  # the kernel, out of memory, takes what was started before its starter
  if (open my $score, '>', "/proc/$pid/oom_score_adj") { syswrite $score, '1000'; close $score }
  my %left = (o => $bytes_max, e => $bytes_max, s => CHUNK);
  return (pid => $pid, end => $end, from => \%from, left => \%left, over => {});
}

sub memory_file {
  my $name = 'input';
  my $fd = syscall $call{memfd_create}, $name, 1;
  return undef if $fd < 0;
  open(my $file, '+<&=', $fd) or return undef;
  binmode $file;
  my $at = 0;
  while ($at < length $_[0]) {
    my $n = syswrite $file, $_[0], length($_[0]) - $at, $at;
    return undef if !defined $n;
    $at += $n;
  }
  sysseek $file, 0, 0;
  return $file;
}

# Passes its output on until it has ended; returns the streams that others still hold.
sub attend {
  my ($in, $out, $command, $lingering) = @_;
  my ($from, $left, $over) = @$command{'from', 'left', 'over'};
  my $take = sub {
    my ($kind) = @_;
    my $n = sysread $from->{$kind}, my $bytes, CHUNK;
    if (!$n) { close delete $from->{$kind}; return 0 }
    my $kept = substr $bytes, 0, $left->{$kind};
    $left->{$kind} -= length $kept;
    $over->{$kind} = 1 if length $kept < $n;
    say_frame($out, $kind, $kept) if length $kept;
    return 1;
  };
  my $ended = 0;
  while (!$ended) {
    for my $ready (readable($in, $command->{end}, values %$from, @$lingering)) {
      if ($ready == $command->{end}) { $ended = 1; next }
      if ($ready == $in) { fill_inbox($in) or POSIX::_exit(0); next }
      if (my ($kind) = grep { $from->{$_} == $ready } keys %$from) { $take->($kind); next }
      @$lingering = grep { $_ != $ready } @$lingering if !sysread $ready, my $dropped, CHUNK;
    }
  }
  waitpid $command->{pid}, 0;
  my ($code, $signal) = ($? >> 8, $? & 127);
  close $command->{end};
  # what it wrote is in the pipes; no more than they hold, or another one could write for ever
  for my $kind (keys %$from) {
    for (1 .. 32) {
      my $wanted = '';
      vec($wanted, fileno $from->{$kind}, 1) = 1;
      last if select($wanted, undef, undef, 0) <= 0 || !$take->($kind);
    }
  }
  say_frame($out, 'x', join "\t", 'ended', $code, $signal, map { $over->{$_} ? 1 : 0 } 'o', 'e', 's');
  return values %$from;
}
