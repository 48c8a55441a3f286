# Tries every way out of a world, as the agent would, and says what came of each; a line each:
# kind TAB what TAB result. Addresses are for documentation (RFC 5737, RFC 3849), for link-local use
# or for one net alone: were a wall missing, no stranger would be bothered.
use strict;
use Fcntl;
$| = 1;
my ($tcp, $udp, $abstract, $path) = @ARGV;
my ($EAGAIN, $EINPROGRESS) = (11, 115);
sub say_line { print join("\t", @_), "\n" }
sub inet4 { my ($address, $port) = @_; pack 'Sna4x8', 2, $port, pack 'C4', split /\./, $address }
sub inet6 { my ($hex, $port, $scope) = @_; pack 'SnNH32L', 10, $port, 0, $hex, $scope // 0 }
sub unix_address { my ($name) = @_; pack 'Sa*', 1, $name }

open(my $devices, '<', '/proc/net/dev') or die "interfaces: $!";
for (<$devices>) { say_line('interface', $1, '') if /^\s*([^\s:]+):/ }
for my $table ('/proc/net/route', '/proc/net/ipv6_route') {
  open(my $file, '<', $table) or next;
  for (<$file>) {
    my @field = split;
    next if $field[0] eq 'Iface' || $field[-1] eq 'lo' || $field[0] eq 'lo';
    say_line('route', join(' ', @field), '');
  }
}

# Not blocking: a connection under way would count as reached, and must not hold the run up.
sub attempt {
  my ($what, $family, $type, $protocol, $address, $bytes) = @_;
  my $made = socket(my $socket, $family, $type | 2048, $protocol);
  return say_line('attempt', $what, "socket: $!") if !$made;
  if (!defined $address) { return say_line('attempt', $what, 'reached: the socket was made') }
  my $done = defined $bytes ? defined send($socket, $bytes, 0, $address) : connect $socket, $address;
  my $under_way = !$done && ($! == $EINPROGRESS || $! == $EAGAIN);
  if ($under_way) {
    vec(my $wanted = '', fileno $socket, 1) = 1;
    if (select(undef, $wanted, undef, 0.1) > 0) {
      $! = unpack 'i', getsockopt $socket, 1, 4;
      ($done, $under_way) = ($! == 0, 0);
    }
  }
  my $verb = defined $bytes ? 'send' : 'connect';
  say_line('attempt', $what,
    $done ? "reached: $verb" : $under_way ? "reached: $verb is under way" : "$verb: $!");
}
my $dns = pack 'nnnnnn', 1, 256, 1, 0, 0, 0;
$dns .= "\7example\3com\0" . pack 'nn', 1, 1;

attempt('tcp our listener on the host', 2, 1, 0, inet4('127.0.0.1', $tcp));
attempt('udp our listener on the host', 2, 2, 0, inet4('127.0.0.1', $udp), 'out');
attempt('tcp 192.0.2.1:443', 2, 1, 0, inet4('192.0.2.1', 443));
attempt('tcp 198.51.100.1:80', 2, 1, 0, inet4('198.51.100.1', 80));
attempt('tcp 169.254.169.254:80', 2, 1, 0, inet4('169.254.169.254', 80));
attempt('tcp 10.0.2.2:22', 2, 1, 0, inet4('10.0.2.2', 22));
attempt('tcp 172.17.0.1:2375', 2, 1, 0, inet4('172.17.0.1', 2375));
attempt('tcp 192.168.0.1:80', 2, 1, 0, inet4('192.168.0.1', 80));
attempt('udp 192.0.2.1:53', 2, 2, 0, inet4('192.0.2.1', 53), $dns);
attempt('udp 192.0.2.1:123', 2, 2, 0, inet4('192.0.2.1', 123), "\x1b" . "\0" x 47);
attempt('udp 224.0.0.251:5353', 2, 2, 0, inet4('224.0.0.251', 5353), $dns);
attempt('udp 255.255.255.255:67', 2, 2, 0, inet4('255.255.255.255', 67), "\1");
attempt('tcp [2001:db8::1]:443', 10, 1, 0, inet6('20010db8000000000000000000000001', 443));
attempt('tcp [fd00:ec2::254]:80', 10, 1, 0, inet6('fd000ec2000000000000000000000254', 80));
attempt('tcp [fe80::1%2]:80', 10, 1, 0, inet6('fe800000000000000000000000000001', 80, 2));
attempt('udp [2001:db8::1]:53', 10, 2, 0, inet6('20010db8000000000000000000000001', 53), $dns);
attempt('udp [ff02::fb%2]:5353', 10, 2, 0, inet6('ff0200000000000000000000000000fb', 5353, 2), $dns);
attempt('raw icmp', 2, 3, 1);
attempt('ping icmp', 2, 2, 1);
attempt('sctp', 2, 1, 132);
attempt('mptcp', 2, 1, 262);
attempt('packet', 17, 3, 0);
attempt('netlink route', 16, 3, 0);
attempt('vsock 2:1024', 40, 1, 0, pack 'SSLLx4', 40, 0, 1024, 2);
attempt('bluetooth', 31, 3, 1);
attempt('can', 29, 3, 1);
attempt('tipc', 30, 1, 0);
attempt('kernel ciphers', 38, 5, 0);
attempt('xdp', 44, 3, 0);
attempt('unix our listener on the host, without a path', 1, 1, 0, unix_address("\0$abstract"));
attempt('unix our listener on the host', 1, 1, 0, unix_address("$path\0"));
for (qw(/run/docker.sock /var/run/docker.sock /run/containerd/containerd.sock /run/podman/podman.sock
  /run/systemd/private /run/dbus/system_bus_socket /tmp/.X11-unix/X0)) {
  attempt("unix $_", 1, 1, 0, unix_address("$_\0"));
}
for my $name ('example.com', 'metadata.google.internal') {
  my @found = gethostbyname $name;
  say_line('attempt', "name $name", @found ? 'reached: it has an address' : 'look up: no answer');
}
# setns, into the first process's network
my $call = (() = `uname -m` =~ /aarch64/) ? 268 : 308;
for my $of (1, 'self') {
  if (!open my $space, '<', "/proc/$of/ns/net") { say_line('attempt', "network of $of", "open: $!") }
  else {
    my $entered = syscall $call, fileno $space, 0;
    say_line('attempt', "network of $of", $entered == 0 ? 'reached: entered' : "enter: $!");
  }
}
for ('/dev/net/tun', '/dev/vhost-vsock', '/dev/vhost-net') {
  say_line('attempt', $_, sysopen(my $device, $_, O_RDWR) ? 'reached: opened' : "open: $!");
}
say_line('end', '', '');
