# One launcher per slot: it lives in the slot's cgroup under the sandbox's own user and starts
# bwrap, since joining a cgroup for each run would cost 15 ms (median, measured).
# Frames both ways: u32 length, one byte kind, body. In: R run, H run that is held and spoken to, C
# what to say to it, K kill.
# Out: o stdout, e stderr, v evidence, s status of bwrap, f/d collected file and its bytes,
# k skipped, L what ended it, x exit.
use strict;
use POSIX ();
use Fcntl qw(:DEFAULT :mode);
$^F = 2;
%ENV = ();
my ($bwrap, $machine) = @ARGV;
my %call = $machine eq 'aarch64' ? (memfd_create => 279, prctl => 167, prlimit64 => 261)
                                 : (memfd_create => 319, prctl => 157, prlimit64 => 302);
use constant { CHUNK => 65536, FRAME_MAX => 1 << 26, OUTBOX_MAX => 1 << 20 };
use constant { RUN_SCORE => 1000, HELD_SCORE => 300 };

opendir(my $open, '/proc/self/fd') or die;
POSIX::close($_) for grep { /^\d+$/ && $_ > 2 && $_ != fileno($open) } readdir $open;
closedir $open;
# keeps 3..9 free of our own descriptors, so that the child can place its own there
my @reserved = map { open(my $f, '<', '/dev/null') or die; $f } 3 .. 9;
# PR_SET_CHILD_SUBREAPER: orphans come to us, so "no children left" proves that the tree is gone
syscall($call{prctl}, 36, 1, 0, 0, 0) == 0 or die;
my $parent = getppid;
binmode STDIN; binmode STDOUT;
$SIG{PIPE} = 'IGNORE';

sub say_frame {
  my ($kind, $body) = @_;
  my $frame = pack('N', length($body) + 1) . $kind . $body;
  while (length $frame) {
    my $n = syswrite STDOUT, $frame;
    if (!defined $n) { next if $! == POSIX::EINTR(); exit 0 }
    substr($frame, 0, $n, '');
  }
}

my $inbox = '';
sub next_frame {    # undef: none complete yet
  return undef if length $inbox < 4;
  my $length = unpack 'N', $inbox;
  exit 1 if $length > FRAME_MAX;
  return undef if length $inbox < 4 + $length;
  my $frame = substr $inbox, 4, $length;
  substr($inbox, 0, 4 + $length, '');
  # perl keeps a variable's memory; a large input must not weigh on the runs after it
  if ($inbox eq '') { undef $inbox; $inbox = '' }
  return $frame;
}
sub fill_inbox { sysread STDIN, $inbox, CHUNK, length $inbox }

sub memory_file {
  my $name = shift;
  my $fd = syscall $call{memfd_create}, $name, 1;
  open(my $file, '+<&=', $fd) or die "memfd: $!";
  binmode $file;
  my $at = 0;
  while ($at < length $_[0]) {
    my $n = syswrite $file, $_[0], length($_[0]) - $at, $at;
    defined $n or die "memfd: $!";
    $at += $n;
  }
  sysseek $file, 0, 0;
  return $file;
}

my %filter;
say_frame('h', "$$");
while (1) {
  my $frame = next_frame();
  if (!defined $frame) { fill_inbox() or exit 0; next }
  my $kind = substr $frame, 0, 1, '';
  if ($kind eq 'F') { my ($name, $program) = unpack '(N/a*)*', $frame; $filter{$name} = $program }
  if ($kind eq 'R' || $kind eq 'H') {
    eval { run($kind eq 'H', unpack '(N/a*)*', $frame); 1 } or say_frame('x', "launcher\t$@");
  }
  undef $frame;
}

sub run {
  my ($spoken_to, $arguments, $instructions, $input, $profile, $wall_ms, $output_max, $collect, @caps) = @_;
  my %in;    # kind => our reading end
  my %given; # descriptor in the child => handle
  for (['o', 1], ['e', 2], ['v', 3], ['s', 8]) {
    pipe(my $reading, my $writing) or die "pipe: $!";
    ($in{$_->[0]}, $given{$_->[1]}) = ($reading, $writing);
  }
  pipe(my $permission, my $permit) or die "pipe: $!";
  # who is spoken to may be slow to listen, and must not hold up what it says itself
  if ($spoken_to) { fcntl $permit, F_SETFL, O_WRONLY | O_NONBLOCK or die "fcntl: $!" }
  @given{0, 4, 5, 6, 7} = (
    memory_file('input', $input), memory_file('init', $instructions), $permission,
    memory_file('arguments', $arguments), memory_file('filter', $filter{$profile}),
  );
  undef $_ for $input, $instructions, $arguments;
  my $child = start(\%given, $spoken_to ? HELD_SCORE : RUN_SCORE);
  close $_ for values %given;
  my ($ended, $directory) = attend({
    child => $child, in => \%in, permit => $permit, collect => $collect, spoken_to => $spoken_to,
    deadline => time + $wall_ms / 1000 + 2,
    left => { o => $output_max, e => $output_max, v => $spoken_to ? 9**15 : CHUNK, s => CHUNK },
  });
  waitpid $child, 0;
  my $code = $?;
  reap();
  gather($directory, @caps) if $directory;
  say_frame('x', join "\t", 'status', $code & 127, $code >> 8, $ended);
}

sub start {
  my ($given, $score) = @_;
  my $child = fork;
  defined $child or die "fork: $!";
  return $child if $child;
  for (0 .. 8) { POSIX::dup2(fileno($given->{$_}), $_) // POSIX::_exit(125) }
  POSIX::close(9);
  # RLIMIT_CORE: a host may give core dumps to a program (core(5)), whatever the limit, unless it is
  # 1; nobody inside can set another
  my $one = pack 'QQ', 1, 1;
  syscall($call{prlimit64}, 0, 4, $one, 0) == 0 or POSIX::_exit(125);
  # the kernel, out of memory, takes the run before its launcher; in a held run, what it started
  # before its first process
  if (open my $file, '>', '/proc/self/oom_score_adj') { syswrite $file, $score; close $file }
  exec {$bwrap} 'bwrap', '--args', '6', '/usr/bin/perl', '/.init';
  POSIX::_exit(125);
}

# Passes on what the run says until it says no more; returns what we ended it for ('' when it
# ended by itself) and the directory to collect.
sub attend {
  my ($run) = @_;
  my ($in, $left) = @$run{'in', 'left'};
  my %said = $run->{spoken_to} ? (s => '') : (v => '', s => '');
  my $outbox = '';
  my ($ended, $inner, $held, $directory) = ('', 0, -1, undef);
  my $end = sub {
    return if $ended;
    $ended = $_[0];
    kill 'KILL', $run->{child};
    syscall 424, $held, 9, 0, 0 if $held >= 0;
  };
  while (%$in) {
    my $wanted = '';
    vec($wanted, fileno $_, 1) = 1 for values %$in;
    while (defined(my $frame = next_frame())) {
      $end->('killed') if $frame =~ /^K/;
      $outbox .= substr $frame, 1 if $frame =~ /^C/ && $run->{spoken_to};
    }
    vec($wanted, 0, 1) = 1 if length $outbox < OUTBOX_MAX;
    my $writable = '';
    vec($writable, fileno $run->{permit}, 1) = 1 if length $outbox;
    select($wanted, $writable, undef, 1) < 0 and next;
    if (length $outbox && vec $writable, fileno $run->{permit}, 1) {
      my $n = syswrite $run->{permit}, $outbox, CHUNK;
      if (defined $n) { substr($outbox, 0, $n, '') } elsif ($! != POSIX::EAGAIN()) { $outbox = '' }
    }
    # who does not listen keeps our own input unread, and so its end unseen
    if (getppid != $parent) { $end->('orphaned'); exit 0 }
    # whoever holds the clock may be stuck: the run must end even so
    $end->('late') if time > $run->{deadline};
    if (vec $wanted, 0, 1) { fill_inbox() or do { $end->('orphaned'); exit 0 } }
    for my $kind (grep { vec $wanted, fileno $in->{$_}, 1 } keys %$in) {
      my $n = sysread $in->{$kind}, my $bytes, CHUNK;
      if (!$n) { close delete $in->{$kind}; next }
      my $kept = substr $bytes, 0, $left->{$kind};
      say_frame($kind, $kept) if length $kept;
      $left->{$kind} -= length $kept;
      $end->("over\t$kind") if length $kept < $n;
      $said{$kind} .= $kept if exists $said{$kind};
    }
    if (!$inner && $said{s} =~ /"child-pid"\s*:\s*(\d+)\D/) {
      $inner = $1;
      $held = syscall 434, $inner + 0, 0;    # pidfd_open: a number could be reused
      say_frame('p', $inner);
    }
    # the init step waits: what is written afterwards lies behind a descriptor only we hold
    if ($run->{collect} ne '' && !$directory && $inner && !$ended && $said{v} =~ /^ready\t/m) {
      my $path = "/proc/$inner/root$run->{collect}";
      if (sysopen $directory, $path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) {
        syswrite $run->{permit}, 'g';
      } else { $end->("collect\t$!") }
    }
  }
  if ($held >= 0) { syscall 424, $held, 9, 0, 0; POSIX::close($held) }
  return ($ended, $directory);
}

# Orphans of the run are our children; the first process of its namespace can be reaped only after
# everyone else in it is.
sub reap {
  do {
    if (open my $list, '<', "/proc/$$/task/$$/children") { kill 'KILL', split ' ', <$list> // '' }
  } while waitpid(-1, 0) > 0;
}

# Everyone who could write is dead, and the directory is reached by a descriptor: no race is left,
# but the names, links and sizes are still an attacker's.
sub gather {
  my ($root, $files_max, $bytes_max, $depth_max) = @_;
  my $entries = 0;
  my $files = 0;
  my $bytes = 0;
  my $skip = sub { say_frame('k', join "\0", @_) };
  my $walk;
  $walk = sub {
    my ($directory, $prefix, $depth) = @_;
    chdir $directory or return $skip->($prefix, "$!");
    opendir(my $list, '.') or return $skip->($prefix, "$!");
    while (defined(my $name = readdir $list)) {
      next if $name eq '.' || $name eq '..';
      my $path = $prefix eq '' ? $name : "$prefix/$name";
      # directories count too, or a tree of empty ones would be free
      if (++$entries > $files_max * 4 + 64) { $skip->($path, 'too many entries'); return 'stop' }
      my @seen = lstat $name or next;
      if (S_ISDIR($seen[2])) {
        if ($depth >= $depth_max) { $skip->($path, 'too deep'); next }
        sysopen my $below, $name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW
          or do { $skip->($path, "$!"); next };
        my $stopped = $walk->($below, $path, $depth + 1);
        chdir $directory or return 'stop';
        return 'stop' if defined $stopped && $stopped eq 'stop';
        next;
      }
      if (!S_ISREG($seen[2])) { $skip->($path, S_ISLNK($seen[2]) ? 'link' : 'special file'); next }
      sysopen my $file, $name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK
        or do { $skip->($path, "$!"); next };
      my @held = stat $file;
      if (!S_ISREG($held[2]) || $held[3] != 1) { $skip->($path, 'hard link'); next }
      if ($files >= $files_max) { $skip->($path, 'too many files'); next }
      if ($bytes + $held[7] > $bytes_max) { $skip->($path, 'too many bytes'); next }
      $bytes += $held[7];
      $files++;
      say_frame('f', $path);
      while ((my $n = sysread $file, my $chunk, CHUNK) || 0) { say_frame('d', $chunk) }
    }
    return '';
  };
  $walk->($root, '', 1);
  undef $walk;    # it holds itself
  chdir '/';
}
