# The first process: it does what it is asked on its pipe, and hands commands on.

my ($asked, $job, $kill_wanted);
my ($urged, $stopped) = (0, 0);

sub first_process {
  while (1) {
    while (my ($kind, $body) = next_frame($in)) { obey($kind, $body) }
    my $seconds = $kill_wanted && defined $asked ? 1 : undef;
    my @ready = readable_within($seconds, $in, map { $_->{from} } values %starter);
    urge() if !@ready && defined $seconds;
    for my $from (@ready) {
      if ($from == $in) { fill_inbox($in) or exit 0; next }
      my ($who) = grep { $starter{$_} && $starter{$_}{from} == $from } keys %starter;
      relay($who) if defined $who;
    }
  }
}

# A starter that does not say how a killed command ended was stopped by it, again and again. The
# next one is in a domain of its own, where what is left of this one cannot signal it.
sub urge {
  my $pid = $starter{$asked}{pid} // return;
  $stopped = 1 if ((state_of($pid))[0] // '') =~ /^[Tt]/;
  syscall $call{kill}, $pid + 0, 18;
  end_session($job) if $job;
  syscall $call{kill}, $pid + 0, 9 if ++$urged > 2;
}

sub obey {
  my ($kind, $body) = @_;
  if ($kind eq 'c') { return ask_starter($body) }
  if ($kind eq 'k') { $kill_wanted = 1; urge() if defined $asked; return }
  my @list = $kind eq 'W' ? () : unpack '(N/a*)*', $body;
  if ($kind eq 'r') { read_plain(@list) }
  if ($kind eq 'w') { begin_file(@list) }
  if ($kind eq 'W') { add_bytes($body) }
  if ($kind eq 'z') { end_file() }
  if ($kind eq 'm') { make_directory(@list) }
  if ($kind eq 'l') { make_link(@list) }
  if ($kind eq 'p') { set_mode(@list) }
  if ($kind eq 'f') { end_putting() }
  if ($kind eq 'K') { stop_and_list(@list) }
  if ($kind eq 'g') { contents(@list) }
  if ($kind eq 'u') { go_on(); done() }
}

sub done { say_frame($out, 'x', join "\t", 'done', @_) }
sub refused { say_frame($out, 'x', join "\t", 'refused', @_) }

sub ask_starter {
  my ($body) = @_;
  my $who = (unpack 'N/a*', $body) eq '1' ? 'agent' : 'house';
  ($job, $kill_wanted, $urged, $stopped) = (0, 0, 0, 0);
  # one that was stopped or killed between turns is noticed only here
  let_go($who) if $starter{$who} && ((state_of($starter{$who}{pid}))[0] // 'X') =~ /^[TtZX]/;
  for (1, 2) {
    start_starter($who) or return refused('world-exhausted', "no process to start it: $!");
    $asked = $who;
    return if say_frame($starter{$who}{to}, 'c', $body);
    let_go($who);
  }
  refused('world-exhausted', 'what starts commands does not live');
}

sub let_go {
  my ($who) = @_;
  my $one = delete $starter{$who};
  syscall $call{kill}, $one->{pid} + 0, 9;
  delete $inbox{fileno $one->{from}};
}

sub start_starter {
  my ($who) = @_;
  return 1 if $starter{$who};
  pipe(my $theirs_in, my $to) or return 0;
  pipe(my $from, my $theirs_out) or return 0;
  my $pid = fork;
  return 0 if !defined $pid;
  if (!$pid) {
    close $_ for $in, $out, $to, $from, map { @$_{'to', 'from'} } values %starter;
    %starter = %inbox = ();
    enter_domain() or $landlock < 2 or POSIX::_exit(1) if $who eq 'agent';
    eval { start_commands($theirs_in, $theirs_out); 1 };
    POSIX::_exit(1);
  }
  delete $inbox{fileno $from};
  $starter{$who} = { pid => $pid, to => $to, from => $from };
  return 1;
}

sub relay {
  my ($who) = @_;
  my $from = $starter{$who}{from};
  if (!fill_inbox($from)) {
    let_go($who);
    if (defined $asked && $asked eq $who) {
      end_session($job) if $job;
      ($asked, $job) = (undef, 0);
      say_frame($out, 'x', 'lost');
    }
    return;
  }
  while (my ($kind, $body) = next_frame($from)) {
    if ($kind eq 'j') { $job = $body + 0; end_session($job) if $kill_wanted; next }
    if ($kind eq 'x') { ($asked, $job) = (undef, 0) }
    say_frame($out, $kind, $body);
    # whoever stopped it may live, and stop it again in the midst of the next command
    return let_go($who) if $kind eq 'x' && $stopped;
  }
}

sub processes {
  opendir(my $list, '/proc') or return ();
  return grep { /^\d+$/ && $_ != 1 } readdir $list;
}

# State and session; none: gone.
sub state_of {
  open(my $file, '<', "/proc/$_[0]/stat") or return;
  local $/;
  my $text = <$file> // '';
  return $text =~ /^.*\) (\S) \d+ \d+ (\d+)/s;
}

# A fork bomb is caught by asking until nobody is left.
sub end_session {
  my ($session) = @_;
  for (1 .. 20) {
    my @left = grep { my ($state, $of) = state_of($_); $state && $state ne 'Z' && $of == $session }
      processes();
    return if !@left;
    syscall $call{kill}, $_ + 0, 9 for @left;
  }
}

if ($mode eq 'agent') {
  enter_domain() or do { print STDERR "this kernel has no Landlock\n"; exit 126 };
  syscall $call{close_range}, 3, 4294967295, 0;
  exec { $rest[0] } @rest or do { print STDERR "$rest[0]: $!\n"; exit 127 };
}

# PR_SET_DUMPABLE: before anything of the world exists
syscall($call{prctl}, 4, 0, 0, 0, 0) == 0 or die "prctl: $!";
umask 022;
$SIG{PIPE} = $SIG{XFSZ} = 'IGNORE';
# orphans are reaped by the kernel
$SIG{CHLD} = 'IGNORE';
open($out, '>&=', 3) or die;
open($in, '<&=', 5) or die;
fcntl $_, F_SETFD, FD_CLOEXEC for $out, $in;
binmode $_ for $out, $in;
$landlock = syscall $call{create_ruleset}, 0, 0, 1;
say_frame($out, 'h', $landlock < 0 ? 0 : $landlock);
first_process();
