import type { Body, distribute } from '@breakwater/contract';
import { debianReleases } from './debian-releases.ts';

type Sent = Body<typeof distribute.previewInventory>;

/** Systems whose package lists are read and that do not name themselves in their own list. */
const others = [
  ['Ubuntu:22.04:LTS', 'Ubuntu 22.04'],
  ['Ubuntu:24.04:LTS', 'Ubuntu 24.04'],
  ['Ubuntu:26.04:LTS', 'Ubuntu 26.04'],
  ['Alpine:v3.20', 'Alpine 3.20'],
  ['Alpine:v3.21', 'Alpine 3.21'],
  ['Alpine:v3.22', 'Alpine 3.22'],
  ['Alpine:v3.23', 'Alpine 3.23'],
  ['Red Hat', 'Red Hat Enterprise Linux'],
  ['Rocky Linux:8', 'Rocky Linux 8'],
  ['Rocky Linux:9', 'Rocky Linux 9'],
  ['Rocky Linux:10', 'Rocky Linux 10'],
  ['AlmaLinux:8', 'AlmaLinux 8'],
  ['AlmaLinux:9', 'AlmaLinux 9'],
  ['AlmaLinux:10', 'AlmaLinux 10'],
] as const;

/** The choices of a person who says what a package list is of. */
export const systems: readonly (readonly [string, string])[] = [...debianReleases, ...others];

/** What is sent beside the file for one of the choices. */
export function saidOf(chosen: string): Pick<Sent, 'debianRelease' | 'distribution'> {
  const [distribution] = others.find(([key]) => key === chosen) ?? [];
  if (distribution !== undefined) return { distribution };
  return chosen === '' ? {} : { debianRelease: chosen };
}
