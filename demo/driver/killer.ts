import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from './server.ts';

/** What was done to the server, and how it came back. */
export interface KillFigures {
  readonly kills: number;
  /** Of these, how many took the embedded database and the sandboxes by force as well. */
  readonly kinKilled: number;
  readonly restarts: number;
  /** Milliseconds from the order to restart until requests were served again. */
  readonly restartMs: readonly number[];
  /** Milliseconds until the last process that the server had started was gone. */
  readonly orphanMsMax: number;
  /** Processes that outlived their server; none may. */
  readonly orphans: readonly string[];
}

export interface Killer {
  /** Ends the killing after the restart under way. Rejects if a restart failed. */
  stop(): Promise<KillFigures>;
  /** Kills so far. */
  readonly kills: number;
  /** Resolves when all kills were made; rejects if a restart failed. */
  readonly done: Promise<KillFigures>;
}

export interface KillerOptions {
  readonly kills: number;
  /** The same seed makes the same pauses; where they fall in the work differs with the machine. */
  readonly seed: number;
  /** The mean of the pauses between a restart and the next kill; five seconds unless told. */
  readonly pauseMeanMs?: number;
}

const orphanLifeMaxMs = 5_000;

/** Kills the server at random moments, without warning, and starts it again each time. */
export function startKiller(server: ServerProcess, options: KillerOptions): Killer {
  const random = randomFrom(options.seed);
  const { pauseMeanMs = 5_000 } = options;
  const stopping = new AbortController();
  const figures = { kills: 0, kinKilled: 0, restarts: 0, orphanMsMax: 0 };
  const restartMs: number[] = [];
  const orphans: string[] = [];

  async function run(): Promise<KillFigures> {
    while (figures.kills < options.kills) {
      // Exponential: every moment is as likely as any other, right after a start too. Of two means,
      // so that kills come in bursts and long work ends between them now and then.
      const meanMs = (random() < 0.5 ? 1 / 3 : 5 / 3) * pauseMeanMs;
      const pauseMs = -Math.log(1 - random()) * meanMs;
      await delay(pauseMs, null, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) break;
      await killOnce(random() < 0.5);
    }
    return { ...figures, restartMs, orphans };
  }

  async function killOnce(kinToo: boolean): Promise<void> {
    const kin = descendantsOf(server.pid);
    const killed = server.kill();
    if (kinToo) for (const { pid } of kin) killIfThere(pid);
    await killed;
    figures.kills += 1;
    if (kinToo) figures.kinKilled += 1;
    const gone = allGone(kin);
    const from = performance.now();
    await server.restart();
    restartMs.push(performance.now() - from);
    figures.restarts += 1;
    const { ms, survivors } = await gone;
    figures.orphanMsMax = Math.max(figures.orphanMsMax, ms);
    orphans.push(...survivors);
  }

  const done = run();
  done.catch(() => {}); // told by whoever awaits it
  return {
    get kills() {
      return figures.kills;
    },
    done,
    async stop() {
      stopping.abort();
      return await done;
    },
  };
}

/** A process, told apart from a later one with the same number by when it started. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
}

/** Every process below `pid`, however deep and in whatever group. */
export function descendantsOf(pid: number): readonly Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)) ?? []);
  const found: Process[] = [];
  const open = [pid];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    const children = all.filter((p) => p.parent === parent);
    found.push(...children);
    open.push(...children.map((p) => p.pid));
  }
  return found;
}

/** null for a process that is gone, or dead and only waits to be reaped. */
function processOf(pid: number): Process | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5): the second field is in parentheses and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, parent] = fields;
    if (state === 'Z' || state === 'X') return null;
    return { pid, parent: Number(parent), startedAt: fields[19] ?? '' };
  } catch {
    return null;
  }
}

async function allGone(
  kin: readonly Process[],
): Promise<{ ms: number; survivors: readonly string[] }> {
  const from = performance.now();
  for (;;) {
    const alive = kin.filter((p) => processOf(p.pid)?.startedAt === p.startedAt);
    const ms = performance.now() - from;
    if (alive.length === 0) return { ms, survivors: [] };
    if (ms > orphanLifeMaxMs) return { ms, survivors: alive.map(nameOf) };
    await delay(20);
  }
}

function nameOf({ pid }: Process): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200);
  } catch {
    return String(pid);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
