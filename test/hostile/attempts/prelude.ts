import { arch } from 'node:os';
import { byName } from '../../../apps/runner/src/sandbox/seccomp.ts';
import {
  allowedToBuilds,
  allowedToTargets,
  refused,
  ruledByArgument,
} from '../../../apps/runner/src/sandbox/syscalls.ts';

/** What of the host a script may aim at: addresses, ports, paths. */
export type Aims = Readonly<Record<string, string | number>>;

const machine = arch() === 'arm64' ? 'aarch64' : 'x86_64';
const tables = [allowedToTargets, allowedToBuilds, refused, ruledByArgument];
const calls = tables.flatMap((table) => [...byName(table, machine)]);

/**
 * What every script begins with: the numbers of system calls, the aims, `verdict` for its last
 * word and `called` for a call whose success is the harm.
 */
export function prelude(aims: Aims): string {
  return `
use strict; no warnings; use POSIX ();
my %call = (${calls.map(([name, number]) => `${name}=>${number}`).join(',')});
my %host = (${Object.entries(aims)
    .map(([name, aim]) => `'${name}'=>'${aim}'`)
    .join(',')});
my @kids; $| = 1;
sub verdict { my ($broke, $what) = @_; kill 'KILL', @kids; waitpid $_, 0 for @kids;
  print $broke ? "SUCCEEDED $what\\n" : "held $what\\n"; exit 0 }
sub tried { my ($name, @with) = @_; return -1 unless defined $call{$name};
  return syscall($call{$name}, @with, (0) x (6 - @with)) }
sub called { my $name = $_[0]; my $got = &tried; verdict($got >= 0, "$name: " . ($got >= 0 ? $got : $!)) }
sub child { my $kid = fork // verdict(0, "fork: $!"); if (!$kid) { sleep 60; POSIX::_exit(0) }
  push @kids, $kid; return $kid }
sub slurp { local $/; open(my $file, '<', $_[0]) or return ''; my $text = <$file>; return $text // '' }
sub opened { my $mode = shift; for (@_) { verdict(1, "opened $_") if open my $f, $mode, $_ } verdict(0, "$!") }
`;
}
