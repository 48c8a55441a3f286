/** Run by abandoned.test.ts, and killed by it: starts what must not outlive this process. */
import { openSandbox } from '../../apps/runner/src/sandbox/bubblewrap.ts';
import { shell } from '../../apps/runner/src/sandbox/sandbox.conformance.ts';

const limitsBy = process.argv[2] === 'rlimits' ? 'rlimits' : 'best';
const sandbox = await openSandbox({ slots: 2, limitsBy });
const env = { BREAKWATER_ARENA: process.argv[3] ?? '' };
await sandbox.run(shell('trap "" TERM HUP; sleep 1000 & sleep 1000', { env }));
