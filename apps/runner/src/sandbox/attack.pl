# Run inside a sandbox at start-up: tries what must not work, and prints what did.
# One line each: name TAB `held` or what happened.
use strict;
my ($machine) = @ARGV;
my $arm = $machine eq 'aarch64';
my %call = $arm
  ? (unshare => 97, ptrace => 117, keyctl => 219, bpf => 280, perf_event_open => 241,
     mount => 40, setns => 268, userfaultfd => 282, clone => 220)
  : (unshare => 272, ptrace => 101, keyctl => 250, bpf => 321, perf_event_open => 298,
     mount => 165, setns => 308, userfaultfd => 323, clone => 56);
%call = (%call, io_uring_setup => 425, clone3 => 435, open_tree => 428, pidfd_getfd => 438);
my $CLONE_NEWUSER = 0x10000000;

sub report { print "$_[0]\t$_[1]\n" }
sub held { my ($name, $broke) = @_; report($name, $broke ? 'happened' : 'held') }
sub refused {
  my ($name, @arguments) = @_;
  held($name, syscall($call{$name}, @arguments, (0) x (6 - @arguments)) >= 0);
}

refused('unshare', $CLONE_NEWUSER);
refused('clone', $CLONE_NEWUSER | 17);
refused('clone3', 0, 0);
refused('ptrace', 0);
refused('keyctl', 0, -3, 1);
my $attributes = "\0" x 128;
refused('bpf', 0, $attributes, 128);
refused('perf_event_open', $attributes, 0, -1, -1);
refused('io_uring_setup', 4, $attributes);
refused('userfaultfd', 0);
refused('mount', 'none', '/tmp', 'tmpfs');
refused('setns', 0, 0);
refused('open_tree', -100, '/', 1);

sub opens { my ($name, $mode, $path) = @_; held($name, open my $file, $mode, $path) }
opens('core pattern', '+<', '/proc/sys/kernel/core_pattern');
opens('write to the root', '>', '/breakwater');
opens('write to dev', '>', '/dev/breakwater');
opens('write to usr', '>', '/usr/breakwater');
opens('write to etc', '>', '/etc/breakwater');
opens('shadow', '<', '/etc/shadow');
held('home directories', -e '/root' || -e '/home');
held('host disks', -e '/dev/vda' || -e '/dev/sda' || -e '/dev/kvm' || -e '/dev/mem' || -e '/sys');

sub slurp { local $/; open(my $file, '<', $_[0]) or return ''; my $text = <$file>; $text // '' }
held('environment of pid 1', length slurp('/proc/1/environ'));
held('command line of pid 1',
  slurp('/proc/1/cmdline') ne join("\0", qw(bwrap --args 6 /usr/bin/perl /.init), ''));
opendir my $list, '/proc/self/fd';
held('inherited descriptors', grep { /^\d+$/ && $_ > 2 && !/^@{[fileno $list]}$/ } readdir $list);
held('processes outside', (grep { -d && /^\/proc\/\d+$/ } glob '/proc/*') > 4);
open my $fill, '>', '/dev/shm/fill' or die;
my $megabytes = 0;
$megabytes++ while $megabytes < 12 && (syswrite($fill, "\0" x (1 << 20)) // 0) == 1 << 20;
held('shared memory without end', $megabytes == 12);
unlink '/dev/shm/fill';
report('end', 'held');
