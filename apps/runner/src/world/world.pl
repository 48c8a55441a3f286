# The first process of a world that lives over turns: nobody inside can kill it (it is the first of
# its namespace), and nobody can read it or its descriptors (it is not dumpable). It does the files
# itself, and has commands started by a second process of ours, its starter, one for the agent,
# which shuts itself out of the services' places, and one for scripts of the house. Whoever kills a
# starter loses the command under way and gets another one.
# Frames both ways: u32 length, one byte kind, body; lists as (N/a*)*. In, on 5:
# c command, k kill it; r read; w W z a file to put and its bytes, m directory, l link, p mode,
# f done putting; K stop and list, g contents, u go on. Out, on 3: o e s output, d bytes,
# n next, E entry, S skipped, B process, and at the end of each but k, w, W, z, m, l and p: x.
use strict;
use POSIX ();
use Fcntl qw(:DEFAULT :mode);
use constant { CHUNK => 65536, FRAME_MAX => 1 << 26, LINGERING_MAX => 64 };
use constant { DEPTH_MAX => 64, PATH_MAX => 4000, NICE => 10 };
my ($mode, @rest) = @ARGV;
# arm and x86 number alike what is newer than 424
my $machine = $mode eq 'serve' ? $rest[0] : (POSIX::uname())[4];
my %call = $machine eq 'aarch64'
  ? (memfd_create => 279, prctl => 167, prlimit64 => 261, statx => 291, utimensat => 88, kill => 129)
  : (memfd_create => 319, prctl => 157, prlimit64 => 302, statx => 332, utimensat => 280, kill => 62);
@call{qw(pidfd_open close_range openat2 create_ruleset add_rule restrict_self)}
  = (434, 436, 437, 444, 445, 446);

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
open(my $out, '>&=', 3) or die;
open(my $in, '<&=', 5) or die;
fcntl $_, F_SETFD, FD_CLOEXEC for $out, $in;
binmode $_ for $out, $in;
my %inbox;    # descriptor => bytes that are no whole frame yet
my $landlock = syscall $call{create_ruleset}, 0, 0, 1;
say_frame($out, 'h', $landlock < 0 ? 0 : $landlock);
first_process();

sub say_frame {
  my ($to, $kind, $body) = @_;
  my $frame = pack('N', length($body) + 1) . $kind . $body;
  while (length $frame) {
    my $n = syswrite $to, $frame;
    if (!defined $n) { next if $! == POSIX::EINTR(); return 0 }
    substr $frame, 0, $n, '';
  }
  return 1;
}

# One whole frame, as kind and body; none: not there yet.
sub next_frame {
  my $held = \$inbox{fileno $_[0]};
  $$held //= '';
  return if length $$held < 4;
  my $length = unpack 'N', $$held;
  exit 1 if $length < 1 || $length > FRAME_MAX;
  return if length $$held < 4 + $length;
  my $kind = substr $$held, 4, 1;
  my $body = substr $$held, 5, $length - 1;
  substr $$held, 0, 4 + $length, '';
  # perl keeps a variable's memory
  if ($$held eq '') { undef $$held }
  return ($kind, $body);
}

sub fill_inbox {
  my $held = \$inbox{fileno $_[0]};
  $$held //= '';
  return sysread $_[0], $$held, CHUNK, length $$held;
}

sub readable { return readable_within(undef, @_) }

sub readable_within {
  my ($seconds, @streams) = @_;
  my $wanted = '';
  vec($wanted, fileno $_, 1) = 1 for @streams;
  return grep { vec $wanted, fileno $_, 1 } @streams if select($wanted, undef, undef, $seconds) > 0;
  return ();
}

# --- the first process -------------------------------------------------------------------------

my %starter;    # agent, house => { pid, to, from }
my ($asked, $job, $kill_wanted);
my $urged = 0;

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
  syscall $call{kill}, $pid + 0, 18;
  end_session($job) if $job;
  syscall $call{kill}, $pid + 0, 9 if ++$urged > 2;
}

sub obey {
  my ($kind, $body) = @_;
  if ($kind eq 'c') { return ask_starter($body) }
  if ($kind eq 'k') { $kill_wanted = 1; urge() if defined $asked; return }
  my @list = unpack '(N/a*)*', $body if $kind ne 'W';
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
  ($job, $kill_wanted, $urged) = (0, 0, 0);
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

# --- a starter ---------------------------------------------------------------------------------

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

# --- files -------------------------------------------------------------------------------------

# openat2 without links: RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS
sub open_plain {
  my ($path, $flags, $mode) = @_;
  my $how = pack 'QQQ', $flags | 02000000, $mode // 0, 6;    # O_CLOEXEC
  return syscall $call{openat2}, -100, "$path", $how, 24;
}

sub handle { my ($fd, $way) = @_; open(my $file, "$way&=", $fd) or return undef; binmode $file; $file }

sub why {
  my $number = $! + 0;
  return 'no-such-file' if $number == POSIX::ENOENT();
  return 'world-exhausted' if grep { $number == $_ } POSIX::ENOSPC(), POSIX::ENOMEM(),
    POSIX::EMFILE(), POSIX::ENFILE(), POSIX::EFBIG(), POSIX::EDQUOT();
  return 'request-malformed' if $number == POSIX::ENAMETOOLONG();
  return 'not-a-plain-file';
}

sub read_plain {
  my ($path, $bytes_max) = @_;
  my $fd = open_plain($path, O_RDONLY | O_NONBLOCK);
  return refused(why(), "$path: $!") if $fd < 0;
  my $file = handle($fd, '<');
  my @seen = stat $file;
  return refused('not-a-plain-file', "$path is no regular file") if !S_ISREG($seen[2]);
  my $read = 0;
  while (1) {
    my $n = sysread $file, my $bytes, CHUNK;
    return refused(why(), "$path: $!") if !defined $n;
    last if !$n;
    $read += $n;
    return refused('too-large', "$path is over $bytes_max bytes") if $read > $bytes_max;
    say_frame($out, 'd', $bytes);
  }
  done($read);
}

my ($problem, $file, $temporary, $name, $mode_wanted, $modified);

sub trouble { $problem //= [$_[0], "$_[1]: $!"]; 0 }

# Goes to the directory a path names, made where it is missing; by descriptors, so that nobody can
# put a link in the way.
sub go_to {
  my ($path) = @_;
  my @names = grep { $_ ne '' } split m{/}, $path;
  chdir '/' or return 0;
  for my $part (@names) {
    my $fd = open_plain($part, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
    if ($fd < 0 && $! == POSIX::ENOENT()) {
      mkdir $part, 0755 or $! == POSIX::EEXIST() or return 0;
      $fd = open_plain($part, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
    }
    return 0 if $fd < 0;
    my $directory = handle($fd, '<');
    chdir $directory or return 0;
  }
  return 1;
}

sub parent_and_name { my ($path) = @_; return $path =~ m{^(.*)/([^/]+)$}s }

sub begin_file {
  my $parent;
  (my $path, $mode_wanted, $modified) = @_;
  $file = undef;
  return if $problem;
  ($parent, $name) = parent_and_name($path);
  go_to($parent) or return trouble(why(), $path);
  $temporary = sprintf '.put-%08x', int rand 2**32;
  sysopen $file, $temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600
    or return trouble(why(), $path);
  binmode $file;
}

sub add_bytes {
  my $at = 0;
  while (!$problem && $file && $at < length $_[0]) {
    my $n = syswrite $file, $_[0], length($_[0]) - $at, $at;
    if (!defined $n) { trouble(why(), $name); unlink $temporary; return }
    $at += $n;
  }
}

sub end_file {
  return if $problem || !$file;
  my $failed = sub { trouble(why(), $name); unlink $temporary; chdir '/'; 0 };
  chmod $mode_wanted & 0777, $file or return $failed->();
  if ($modified ne '') {
    my $times = pack('qq', int($modified / 1000), $modified % 1000 * 1_000_000) x 2;
    syscall($call{utimensat}, fileno $file, 0, $times, 0) == 0 or return $failed->();
  }
  close $file;
  $file = undef;
  rename $temporary, $name or return $failed->();
  chdir '/';
}

sub make_directory {
  my ($path, $mode) = @_;
  return if $problem;
  go_to($path) or return trouble(why(), $path);
  chdir '/';
}

sub make_link {
  my ($path, $target) = @_;
  return if $problem;
  my ($parent, $name) = parent_and_name($path);
  go_to($parent) && symlink($target, $name) or return trouble(why(), $path);
  chdir '/';
}

sub set_mode {
  my ($path, $mode) = @_;
  return if $problem;
  my $fd = open_plain($path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  return trouble(why(), $path) if $fd < 0;
  chmod $mode & 0777, handle($fd, '<') or return trouble(why(), $path);
}

sub end_putting {
  chdir '/';
  my $found = $problem;
  ($problem, $file) = (undef, undef);
  return $found ? refused(@$found) : done();
}

# --- keeping -----------------------------------------------------------------------------------

my %stopped_before;
my $stopped = 0;
my @opened;    # paths and modes of what was shut even to us, its owner

# SIGSTOP to all at once: the kernel lets nobody fork around it.
sub stop_all {
  %stopped_before = map { $_ => 1 } grep { my ($state) = state_of($_); ($state // '') =~ /^[Tt]/ }
    processes();
  $stopped = 1;
  syscall $call{kill}, -1, 19;
  # a call under way may go on a moment; one that waits for a disk need not be waited for
  for my $try (1 .. 50) {
    my $moving = grep { my ($state) = state_of($_); ($state // 'T') !~ /^[TtZXD]/ } processes();
    last if !$moving;
    select undef, undef, undef, 0.002;
  }
}

sub go_on {
  return if !$stopped;
  $stopped = 0;
  # from below, before anybody could put a link in the way
  chmod $_->[1], $_->[0] for reverse @opened;
  @opened = ();
  syscall $call{kill}, $_ + 0, 18 for grep { !$stopped_before{$_} } processes();
}

sub stop_and_list {
  my ($entries_max, $bytes_max, @roots) = @_;
  stop_all();
  my ($entries, $bytes) = (0, 0);
  my $too_much;
  my $walk;
  $walk = sub {
    my ($directory, $path, $depth) = @_;
    chdir $directory or return say_frame($out, 'S', pack '(N/a*)*', $path, "$!");
    opendir(my $list, '.') or return say_frame($out, 'S', pack '(N/a*)*', $path, "$!");
    while (defined(my $name = readdir $list)) {
      next if $name eq '.' || $name eq '..';
      return if $too_much;
      my $below = "$path/$name";
      if (++$entries > $entries_max) { $too_much = "over $entries_max files"; return }
      my $skip = sub { say_frame($out, 'S', pack '(N/a*)*', substr($below, 0, PATH_MAX), $_[0]) };
      if (length $below > PATH_MAX) { $skip->('its path is too long'); next }
      # AT_SYMLINK_NOFOLLOW; STATX_BASIC_STATS
      my $seen = "\0" x 256;
      if (syscall($call{statx}, -100, "$name", 0x100, 0x7ff, $seen) != 0) { $skip->("$!"); next }
      my ($type, $inode, $size, $changed, $changed_ns, $modified, $modified_ns)
        = unpack 'x28 S x2 Q Q x48 q L x4 q L', $seen;
      my $wanted = S_ISDIR($type) ? 0700 : 0400;
      if (!S_ISLNK($type) && ($type & $wanted) != $wanted && (S_ISDIR($type) || S_ISREG($type))) {
        push @opened, [$below, $type & 0777];
        chmod $type & 0777 | $wanted, $name;
      }
      my @common = ($below, $type & 0777, $size, "$inode.$changed.$changed_ns",
        $modified * 1000 + int($modified_ns / 1_000_000), $changed);
      if (S_ISLNK($type)) { say_frame($out, 'E', pack '(N/a*)*', 'link', @common, readlink $name); next }
      if (S_ISREG($type)) {
        $bytes += $size;
        if ($bytes > $bytes_max) { $too_much = "over $bytes_max bytes"; return }
        say_frame($out, 'E', pack '(N/a*)*', 'file', @common, '');
        next;
      }
      if (!S_ISDIR($type)) { $skip->('neither file, directory nor link'); next }
      if ($depth >= DEPTH_MAX) { $skip->('too deep'); next }
      say_frame($out, 'E', pack '(N/a*)*', 'directory', @common, '');
      my $fd = open_plain($name, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
      if ($fd < 0) { $skip->("$!"); next }
      $walk->(handle($fd, '<'), $below, $depth + 1);
      chdir $directory or return;
    }
  };
  for my $root (@roots) {
    my $fd = open_plain($root, O_RDONLY | O_DIRECTORY);
    next if $fd < 0;
    $walk->(handle($fd, '<'), $root, 1);
  }
  undef $walk;
  chdir '/';
  if ($too_much) { go_on(); return refused('too-much-to-keep', $too_much) }
  tell_processes();
  done(time);
}

sub tell_processes {
  my %ours = map { $_->{pid} => 1 } values %starter;
  for my $pid (grep { !$ours{$_} } processes()) {
    my ($state) = state_of($pid);
    next if ($state // 'Z') eq 'Z';
    local $/;
    open(my $line, '<', "/proc/$pid/cmdline") or next;
    my $words = <$line> // '';
    $words =~ tr/\0/ /;
    my $environment = '';
    if (open my $text, '<', "/proc/$pid/environ") { $environment = <$text> // '' }
    my $of = $environment =~ /(?:^|\0)BREAKWATER_SERVICE=1(?:\0|$)/ ? 'services' : 'agent';
    say_frame($out, 'B', pack '(N/a*)*', $of, substr($words, 0, 400));
  }
}

sub contents {
  for my $path (@_) {
    my $fd = open_plain($path, O_RDONLY | O_NONBLOCK);
    return refused(why(), "$path: $!") if $fd < 0;
    my $file = handle($fd, '<');
    return refused('not-a-plain-file', $path) if !S_ISREG((stat $file)[2]);
    while (1) {
      my $n = sysread $file, my $bytes, CHUNK;
      return refused(why(), "$path: $!") if !defined $n;
      last if !$n;
      say_frame($out, 'd', $bytes);
    }
    say_frame($out, 'n', '');
  }
  done();
}
