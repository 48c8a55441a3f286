import { readFileSync } from 'node:fs';
import { cgroup1Home } from './cgroup-v1.ts';
import { cgroup2Home } from './cgroup-v2.ts';
import type { GroupHome } from './slot-group.ts';

/**
 * Finds where this process may make control groups with memory and process limits: version 2
 * where it carries both controllers, else version 1; null when neither lets us.
 */
export function findGroupHome(): GroupHome | null {
  const mounts = readFileSync('/proc/self/mounts', 'utf8');
  const own = readFileSync('/proc/self/cgroup', 'utf8');
  return cgroup2Home(mounts, own) ?? cgroup1Home(mounts, own);
}
