# Stops everybody, lists and reads what is kept, and lets them go on.

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
    my $mode = (lstat $root)[2] & 0777;
    if (($mode & 0700) != 0700) { push @opened, [$root, $mode]; chmod $mode | 0700, $root }
    my $fd = open_plain($root, O_RDONLY | O_DIRECTORY);
    if ($fd < 0) { $too_much = "$root cannot be read: $!"; last }
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
