# Files that are read and put for those outside, by the first process itself.

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
