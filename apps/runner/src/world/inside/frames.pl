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

my ($in, $out);
my %inbox;    # descriptor => bytes that are no whole frame yet
my %starter;  # agent, house => { pid, to, from }
my $landlock;

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
