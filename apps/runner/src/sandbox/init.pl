# The trusted first step inside every sandbox: shows what the walls are, sets the limits, and
# becomes the target. No modules: each costs milliseconds in every run.
# Descriptors: 3 evidence out, 4 instructions in, 5 permission to go on (only when collecting), or
# commands in (only when held: then 3 and 5 are passed on).
use strict;
$^F = 2;
open(my $evidence, '>&=', 3) or exit 125;
binmode $evidence;
open(my $instructions, '<&=', 4) or exit 125;
binmode $instructions;
my $text = do { local $/; <$instructions> };
my ($machine, $limits, $flags, $environment, $argv) = map { [unpack '(N/a*)*', $_] }
  unpack '(N/a*)*', $text;
my %call = $machine->[0] eq 'aarch64'
  ? (prlimit64 => 261, personality => 92, close_range => 436)
  : (prlimit64 => 302, personality => 135, close_range => 436);
my ($fixed, $collects, $held) = @$flags;

sub note { syswrite $evidence, "$_[0]\t$_[1]\t$_[2]\n" }
sub stop { note('error', $_[0], $_[1]); exit 125 }

open(my $status, '<', '/proc/self/status') or stop('status', $!);
for (<$status>) { note('status', $1, $2) if /^(Seccomp|NoNewPrivs|CapEff|CapBnd|Uid):\s*(.*)/ }
close $status;
open(my $devices, '<', '/proc/self/net/dev') or stop('interfaces', $!);
for (<$devices>) { note('interface', $1, '') if /^\s*([^\s:]+):/ }
close $devices;

# 192.0.2.1 and 2001:db8:: are documentation addresses (RFC 5737, RFC 3849): were a wall missing,
# the packets would still have nowhere to go.
my $loopback4 = pack 'Sna4x8', 2, 9, "\x7f\0\0\1";
my $outside4 = pack 'Sna4x8', 2, 9, "\xc0\0\2\1";
my $dns4 = pack 'Sna4x8', 2, 53, "\xc0\0\2\1";
my $outside6 = pack 'SnNa16N', 10, 9, 0, pack('H32', '20010db8000000000000000000000001'), 0;
my $hypervisor = pack 'SSLLx4', 40, 0, 1024, 2;
my $abstract = pack 'Sa*', 1, "\0breakwater-outside";
my $reached = 0;
my ($EINPROGRESS, $EAGAIN) = (115, 11);
for (
  ['tcp 127.0.0.1:9', 2, 1, $loopback4], ['tcp 192.0.2.1:9', 2, 1, $outside4],
  ['udp 192.0.2.1:53', 2, 2, $dns4], ['tcp [2001:db8::1]:9', 10, 1, $outside6],
  ['vsock 2:1024', 40, 1, $hypervisor], ['netlink route', 16, 3, pack('SSLL', 16, 0, 0, 0)],
  ['packet', 17, 3, pack('Sx18', 17)], ['unix @breakwater-outside', 1, 1, $abstract],
) {
  my ($what, $family, $type, $address) = @$_;
  # SOCK_NONBLOCK: a connection under way would count as reached, and must not hold the run
  my $made = socket(my $socket, $family, $type | 2048, 0);
  my $joined = $made && connect $socket, $address;
  my $under_way = $made && !$joined && ($! == $EINPROGRESS || $! == $EAGAIN);
  # its own loopback, where a world may have one, refuses a moment later
  if ($under_way) {
    vec(my $wanted = '', fileno $socket, 1) = 1;
    if (select(undef, $wanted, undef, 0.1) > 0) {
      $! = unpack 'i', getsockopt $socket, 1, 4;
      ($joined, $under_way) = ($! == 0, 0);
    }
  }
  my $result = $joined ? 'reached' : $under_way ? "reached: $!"
    : ($made ? 'connect' : 'socket') . ": $!";
  $reached++ if $joined || $under_way;
  note('attempt', $what, $result);
  close $socket if $made;
}
stop('network', 'a connection was made from inside') if $reached;

for (@$limits) {
  my ($resource, $soft, $hard) = split / /;
  syscall($call{prlimit64}, 0, $resource + 0, pack('QQ', $soft, $hard), 0) == 0
    or stop('limit', "resource $resource: $!");
}
if ($fixed) {
  syscall($call{personality}, 0x40000) >= 0 or stop('personality', $!);
}
note('ready', '', '');
if ($collects) {
  open(my $permission, '<&=', 5) or stop('permission', $!);
  sysread $permission, my $byte, 1 or exit 125;
}
# CLOSE_RANGE_CLOEXEC: nothing beyond the three standard descriptors reaches the target
my @closed = $held ? ([4, 4], [6, 4294967295]) : ([3, 4294967295]);
for (@closed) { syscall($call{close_range}, @$_, 4) == 0 or stop('descriptors', $!) }
# F_SETFD: perl had marked it when it opened it
if ($held) { fcntl $evidence, 2, 0 or stop('descriptors', $!) }
%ENV = map { /^([^=]+)=(.*)/s } @$environment;
exec { $argv->[0] } @$argv or stop('exec', "$argv->[0]: $!");
