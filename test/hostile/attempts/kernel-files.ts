import { type AttemptClass, scripted } from './attempt.ts';

/** What the kernel shows and takes by files. */
export const kernelFiles: AttemptClass = {
  title: 'Files of the kernel',
  attempts: [
    scripted(
      'name a program for the host to start at the next crash',
      `opened('+<', '/proc/sys/kernel/core_pattern');`,
      'root',
    ),
    scripted(
      'change any other setting of the kernel',
      `my @open = ('/proc/sys'); my $seen = 0;
       while (my $path = pop @open) {
         if (-d $path) { opendir my $list, $path or next;
           push @open, map { "$path/$_" } grep { !/^\\.\\.?$/ } readdir $list; next }
         $seen++; verdict(1, $path) if open my $f, '+<', $path }
       verdict($seen < 100, "$seen settings");`,
      'root',
    ),
    scripted('press the keys of an emergency', `opened('>', '/proc/sysrq-trigger');`, 'root'),
    scripted(
      'read the memory of the machine',
      `opened('<', qw(/proc/kcore /dev/mem /dev/kmem));`,
      'root',
    ),
    scripted(
      'learn addresses of the kernel',
      `verdict(slurp('/proc/kallsyms') ne '', 'nothing in it');`,
      'outside',
    ),
    scripted(
      'see who has which keys',
      `verdict(slurp('/proc/key-users') ne '', 'none');`,
      'outside',
    ),
    scripted(
      'learn how the kernel was started',
      `verdict(slurp('/proc/cmdline') ne '', 'no');`,
      'outside',
    ),
    scripted(
      'read when other processes run',
      `opened('<', qw(/proc/timer_list /proc/sched_debug /proc/kmsg /sys/kernel/debug/sched/debug));`,
      'root',
    ),
    scripted(
      "learn the host's name",
      `verdict((POSIX::uname())[1] ne 'sandbox', 'sandbox');`,
      'outside',
    ),
    scripted('see the devices of the host', `verdict(-e '/sys/class', 'no /sys');`, 'outside'),
    scripted(
      'open a device of the host',
      `my %ours = map { $_ => 1 } map { "/dev/$_" } qw(null zero full random urandom tty ptmx);
       for (grep { !$ours{$_} && !m{^/dev/(pts|fd)/} && (-b || -c) } glob '/dev/* /dev/*/*') {
         verdict(1, $_) if open my $f, '<', $_ } verdict(0, 'none');`,
      'root',
    ),
    scripted(
      'move itself out of its control group',
      `for (glob '/sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs') {
         verdict(1, $_) if open my $f, '+<', $_ } verdict(0, 'none');`,
      'root',
    ),
  ],
};
