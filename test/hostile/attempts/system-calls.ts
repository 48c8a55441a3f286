import { type AttemptClass, scripted } from './attempt.ts';

const unsafe = { none: 'whoever may do it stops or changes the host' };

/** Calls whose mere success is a way out, or a door to many. */
export const systemCalls: AttemptClass = {
  title: 'System calls',
  attempts: [
    scripted('make a user namespace', `called('unshare', 0x10000000);`, 'outside'),
    scripted('make one by clone', `called('clone', 0x10000000 | 17);`, 'outside'),
    scripted(
      'make one by clone3, whose flags no filter sees',
      `my $args = pack 'Q11', 0x10000000, 0, 0, 0, 17, (0) x 6; called('clone3', $args, 88);`,
      'outside',
    ),
    scripted('mount a file system', `called('mount', 'none', '/tmp', 'tmpfs');`, 'namespace'),
    scripted('mount one by the newer calls', `called('fsopen', 'tmpfs', 0);`, 'namespace'),
    scripted('copy the tree of mounts', `called('open_tree', -100, '/mnt', 1);`, 'namespace'),
    scripted(
      'take away what covers a file',
      `for ('/mnt', '/proc/sys', '/proc/kallsyms') { verdict(1, $_) if tried('umount2', $_, 2) >= 0 }
       verdict(0, "$!");`,
      'namespace',
    ),
    scripted('change its root', `called('chroot', '/tmp');`, 'namespace'),
    scripted(
      'enter a namespace by its file',
      `open my $ns, '<', '/proc/self/ns/uts' or verdict(0, "$!"); called('setns', fileno $ns, 0);`,
      'namespace',
    ),
    scripted(
      'open a file of the host by its handle',
      `my $handle = pack('Ll', 128, 0) . "\\0" x 128; my $mount = "\\0" x 8;
       syscall($call{name_to_handle_at}, -100, $host{secret}, $handle, $mount, 0);
       open my $at, '<', '/tmp' or verdict(0, "$!");
       called('open_by_handle_at', fileno $at, $handle, 0);`,
      'root',
    ),
    scripted('trace another process', `called('ptrace', 16, child());`, 'outside'),
    scripted(
      'read the memory of another process',
      `my $text = 'x' x 64; my $into = "\\0" x 64; my $kid = child();
       my $near = pack('P', $into) . pack('Q', 64); my $far = pack('P', $text) . pack('Q', 64);
       called('process_vm_readv', $kid, $near, 1, $far, 1, 0);`,
      'outside',
    ),
    scripted(
      'take a descriptor from another process',
      `my $held = tried('pidfd_open', child(), 0); called('pidfd_getfd', $held, 1, 0);`,
      'outside',
    ),
    scripted(
      'compare kernel objects of processes',
      `called('kcmp', $$, child(), 0, 1, 1);`,
      'outside',
    ),
    scripted(
      'keep something in a key ring',
      `called('add_key', 'user', 'breakwater-test', 'kept', 4, -2);`,
      'outside',
    ),
    scripted('read the key ring of the session', `called('keyctl', 0, -3, 0);`, 'outside'),
    scripted(
      'ask for a key',
      `tried('add_key', 'user', 'breakwater-test', 'kept', 4, -2);
       called('request_key', 'user', 'breakwater-test', 0, 0);`,
      'outside',
    ),
    scripted(
      'load something into the kernel by bpf',
      `my $map = pack('L4', 2, 4, 8, 1) . "\\0" x 112; called('bpf', 0, $map, 128);`,
      'root',
    ),
    scripted(
      'count events of the processor',
      `my $event = pack('LLQQQQQ', 1, 64, 0, 0, 0, 0, 96) . "\\0" x 64;
       called('perf_event_open', $event, 0, -1, -1, 0);`,
      'outside',
    ),
    scripted('hold the kernel up at a page', `called('userfaultfd', 1);`, 'outside'),
    scripted(
      'let the kernel make calls that no filter sees',
      `my $ring = "\\0" x 120; called('io_uring_setup', 4, $ring);`,
      'outside',
    ),
    scripted(
      'judge calls of others by a filter of its own',
      `my $action = pack 'L', 0x7fff0000; called('seccomp', 2, 0, $action);`,
      'outside',
    ),
    scripted('make data executable', `called('personality', 0x400000);`, 'outside'),
    scripted('reach ports of the machine', `called('iopl', 0);`, 'outside'),
    scripted(
      'read the table of segments',
      `my $t = "\\0" x 64; called('modify_ldt', 0, $t, 64);`,
      'outside',
    ),
    scripted("read the kernel's log", `called('syslog', 10, 0, 0);`, 'root'),
    scripted('name the machine', `called('sethostname', 'owned', 5);`, 'namespace'),
    scripted('watch all file accesses', `called('fanotify_init', 0x200, 0);`, 'outside'),
    scripted('move pages of memory about', `called('move_pages', 0, 0, 0, 0, 0, 0);`, 'outside'),
    scripted(
      'take the processor for itself',
      `my $first = pack 'i', 1; called('sched_setscheduler', 0, 1, $first);`,
      'root',
    ),
    scripted(
      'go before everybody else',
      `setpriority(0, 0, -10); verdict(getpriority(0, 0) < 0, "priority: $!");`,
      'root',
    ),
    scripted(
      'call in the words of another machine',
      // mov eax, 20 (getpid); int 0x80; mov eax, 60; mov edi, 77; syscall: exit 77 when it came back
      `my $code = pack 'H*', 'b814000000cd80b83c000000bf4d0000000f05';
       my $elf = pack('H*', '7f454c46020101') . "\\0" x 9
         . pack('SSLQQQLSSSSSS', 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 0, 0, 0)
         . pack('LLQQQQQQ', 1, 5, 0, 0x400000, 0x400000, 0x78 + length $code, 0x78 + length $code, 4096)
         . $code;
       open my $f, '>', 'foreign' or verdict(0, "$!"); print $f $elf; close $f; chmod 0700, 'foreign';
       system './foreign'; verdict($? >> 8 == 77, "ended with $?");`,
      'outside',
    ),
    scripted(
      'call by the x32 table',
      `my $kid = fork; if (!$kid) { POSIX::_exit(syscall(0x40000000 + 39) > 0 ? 77 : 0) }
       waitpid $kid, 0; verdict($? >> 8 == 77, "ended with $?");`,
      { none: 'few kernels are built with that table' },
    ),
    scripted('restart the machine', `called('reboot', 0xfee1dead, 672274793, 0);`, unsafe),
    scripted('start another kernel', `called('kexec_load', 0, 0, 0, 0);`, unsafe),
    scripted('load a module', `my $no = "\\0" x 16; called('init_module', $no, 16, '');`, unsafe),
    scripted('set the clock', `my $t = pack 'qq', 1, 0; called('clock_settime', 0, $t);`, unsafe),
  ],
};
