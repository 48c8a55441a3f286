import { archives } from './archives.ts';
import type { AttemptClass } from './attempt.ts';
import { files } from './files.ts';
import { floods } from './floods.ts';
import { kernelFiles } from './kernel-files.ts';
import { neighbors } from './neighbors.ts';
import { network } from './network.ts';
import { processes } from './processes.ts';
import { returned } from './returned.ts';
import { systemCalls } from './system-calls.ts';
import { worlds } from './worlds.ts';

/** Every attempt there is; the page test/hostile/README.md lists the same. */
export const attempts: readonly AttemptClass[] = [
  systemCalls,
  processes,
  kernelFiles,
  network,
  files,
  returned,
  archives,
  floods,
  neighbors,
  worlds,
];
