import { openSandbox } from '@breakwater/runner';
import { beginRun, resumeRun, worldsIn } from '../src/run/run.ts';
import { memoryWorlds } from './memory-world.ts';
import { runAsked, runGiven } from './run-asked.ts';

// A run in a process of its own, so that a test can kill it: `begin` or `resume`, the folder, the
// suite, an endpoint, and in which worlds.

const [how = '', folder = '', suite = '', endpoint = '', where = 'memory'] = process.argv.slice(2);
const sandbox = where === 'sealed' ? await openSandbox({ slots: 1 }) : null;
const given = runGiven(sandbox === null ? memoryWorlds() : worldsIn(sandbox));
const done = await (how === 'resume'
  ? resumeRun(folder, given)
  : beginRun(folder, runAsked(suite, endpoint), given));
await sandbox?.close();
process.stdout.write(JSON.stringify(done));
process.exitCode = done.ok ? 0 : 1;
