import { readFileSync } from 'node:fs';
import type { Capabilities, RunRecord, RunSpec } from './sandbox.ts';
import type { Programs } from './slot.ts';

const attackText = readFileSync(new URL('./attack.pl', import.meta.url), 'utf8');

/** The attack that is run once whenever a sandbox opens. */
export function attackSpec(programs: Programs): RunSpec {
  return {
    argv: ['/usr/bin/perl', '-', programs.machine],
    env: {},
    cwd: '/tmp',
    mounts: [],
    stdin: Buffer.from(attackText),
    profile: 'target',
    fixedAddresses: true,
    limits: {
      wallMs: 10_000,
      cpuSeconds: 5,
      memoryBytes: 128 << 20,
      processesMax: 16,
      fileBytesMax: 64 << 20,
      scratchBytes: 8 << 20,
      outputBytesMax: 64 << 10,
    },
  };
}

/** What the attack achieved: null when every wall held, else a sentence. */
export function breach(record: RunRecord): string | null {
  const { ending } = record;
  if (ending.kind === 'failed') return inPlainWords(ending.detail);
  const lines = Buffer.from(record.stdout).toString('utf8').trim().split('\n');
  const broken = lines
    .filter((line) => !line.endsWith('\theld'))
    .map((line) => line.split('\t')[0]);
  if (broken.length > 0) return `the self-test broke out: ${broken.join(', ')}`;
  const whole = ending.kind === 'exited' && ending.code === 0 && lines.at(-1) === 'end\theld';
  return whole ? null : `the self-test did not finish: ${JSON.stringify(ending)}`;
}

const NO_USER_NAMESPACES =
  'this host does not let an ordinary user make user namespaces, which bubblewrap needs: allow ' +
  'them (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0, or on ' +
  'Ubuntu 24.04 an AppArmor profile for bwrap; in a container, seccomp=unconfined and unmask=ALL)';

function inPlainWords(detail: string): string {
  const words = /new namespace|user namespace|uid map|Can't mount proc|NEWUSER|No space left/i;
  return words.test(detail) ? `${NO_USER_NAMESPACES}. It said: ${detail}` : detail;
}

/** The tier a host has earned. bubblewrap shares the host's kernel, so it is never `strong`. */
export function earnedTier(
  limitsBy: Capabilities['limitsBy'],
  broken: string | null,
): Pick<Capabilities, 'tier' | 'reason'> {
  if (broken !== null) return { tier: 'refuse', reason: broken };
  if (limitsBy === 'rlimits') {
    return {
      tier: 'reduced',
      reason:
        'namespaces and the system call filter hold, but no control group is ours to divide, so ' +
        'memory is watched from outside and processes are limited by rlimits',
    };
  }
  const group = limitsBy === 'cgroup2' ? 'version 2' : 'version 1';
  return {
    tier: 'standard',
    reason:
      `namespaces, the system call filter and control groups (${group}) hold; the kernel is ` +
      'shared with the host, so this is not the tier of a virtual machine',
  };
}
