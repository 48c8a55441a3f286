import { openWorld } from '../../../apps/runner/src/world/open-world.ts';
import type {
  CommandOutcome,
  SeedFile,
  World,
  WorldOptions,
  WorldResult,
} from '../../../apps/runner/src/world/world.ts';
import { type Outcome, told } from './attempt.ts';
import { prelude } from './prelude.ts';
import type { Ring } from './ring.ts';

export const tight = { memoryBytes: 96 << 20, diskBytes: 16 << 20, processesMax: 24 };
const WALL_MS = 20_000;
const OUTPUT_BYTES = 64 << 10;

export type Asked = Partial<Omit<WorldOptions, 'name'>>;

export function must<T>(result: WorldResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

/** A world for one attempt, gone after it. */
export async function inWorld<T>(
  ring: Ring,
  asked: Asked,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const options = { name: 'attempt', limits: tight, ...asked };
  const world = must(await openWorld(ring.arena.sandbox, options));
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

/** One turn of the agent, marked so that whoever outlives its world is found. */
export function turn(
  ring: Ring,
  world: World,
  argv: readonly [string, ...string[]],
  wallMs = WALL_MS,
): Promise<WorldResult<CommandOutcome>> {
  const env = { BREAKWATER_ARENA: ring.arena.mark };
  return world.exec({ argv, env, wallMs, outputBytes: OUTPUT_BYTES });
}

export function shell(ring: Ring, world: World, line: string) {
  return turn(ring, world, ['/bin/sh', '-c', line]);
}

/** A script in perl by the agent, and its last word. */
export async function tries(
  ring: Ring,
  world: World,
  script: string,
  wallMs?: number,
): Promise<Outcome> {
  const argv = ['/usr/bin/perl', '-e', prelude({}) + script] as const;
  const outcome = await turn(ring, world, argv, wallMs);
  if (!outcome.ok) return { succeeded: false, said: JSON.stringify(outcome.refusal) };
  const { stdout, stderr } = outcome.value;
  return told(Buffer.from(stdout).toString(), Buffer.from(stderr).toString());
}

/** Whether a world still does what it is asked, as before. */
export async function livesOn(ring: Ring, world: World): Promise<boolean> {
  const answer = await shell(ring, world, 'echo as before');
  return answer.ok && Buffer.from(answer.value.stdout).toString() === 'as before\n';
}

/** The same script as one of the house, which no wall stands around: what it said. */
export async function byTheHouse(
  ring: Ring,
  script: string,
  files: readonly SeedFile[] = [],
): Promise<Outcome> {
  const text = Buffer.from('/usr/bin/perl ./script.pl > /work/said 2>&1; :');
  const all = [...files, { path: 'script.pl', bytes: Buffer.from(prelude({}) + script) }];
  return inWorld(ring, { services: { text, files: all } }, async (world) => {
    const said = must(await world.readFile('/work/said', OUTPUT_BYTES));
    return told(Buffer.from(said).toString(), 'it said nothing');
  });
}
