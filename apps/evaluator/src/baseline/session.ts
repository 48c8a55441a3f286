import {
  advanceClock,
  type BaselineClock,
  type BaselineRecord,
  markEveryMs,
} from '@breakwater/benchmark/baseline';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { World, WorldRefusalCode } from '@breakwater/runner';
import type { Journal } from '../journal/journal.ts';
import type { Clock, WorldMaker } from '../run/surroundings.ts';
import type { TaskJob } from '../sample/job.ts';
import { keepWorld, proveWorld } from '../sample/sample.ts';
import { judgeLeft } from '../sample/score-sample.ts';
import { runTool, toolLimits } from '../sample/tools.ts';
import { advanceStanding, type Entry, recordOf, type Standing, standingAfter } from './entries.ts';

/** `world-over`: as after a kill, one can go on with the files that were kept last. */
export type SessionCode = WorldRefusalCode | 'clock-paused' | 'time-over' | 'world-over';

/** What a session is made of. */
export interface SessionParts {
  readonly job: TaskJob;
  readonly facts: Pick<BaselineRecord, 'family' | 'task_version'>;
  readonly around: WorldMaker & { readonly clock: Clock };
  readonly journal: Journal<Entry>;
  readonly world: World;
  /** The files that the world was opened with, by digest. */
  readonly kept: string;
}

/** This moment by the calendar, and since the sitting began. */
interface Now {
  readonly at: string;
  readonly ms: number;
}

/** Files that go in and out, in bytes. */
export const movedBytesMax = 8 * 1024 * 1024;

/**
 * One sitting of a person at a task. Its clock is on the disk at every mark; the world's files are
 * after every line. Its methods are called one after another.
 */
export class BaselineSession {
  readonly #parts: SessionParts;
  #standing: Standing;
  #satMs = 0;
  #writing: Promise<void> = Promise.resolve();
  #wake = new AbortController();
  #watching: Promise<void> = Promise.resolve();
  #hasLeft = false;
  readonly #over = Promise.withResolvers<void>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#standing = standingAfter(parts.journal.records);
  }

  /** Resolves when the task's time is over; rejects when the clock can no longer be kept. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  get limitMs(): number | null {
    return this.#standing.asked?.limitMs ?? null;
  }

  /** The clock as it is now. */
  get clock(): BaselineClock {
    return advanceClock(this.#standing.clock, { type: 'mark', ...this.#now() });
  }

  /** Tries the walls, and starts the clock; what is answered is the task. */
  async sit(): Promise<Result<string, SessionCode>> {
    const { world, kept, around, job } = this.#parts;
    const when = this.#standing.began === null ? 'before' : 'during';
    const sealing = await proveWorld(world, { when, at: around.clock.now().toISOString() });
    if ('end' in sealing) return worldOver('the walls of the world do not hold');
    this.#satMs = around.clock.passedMs();
    const lost = world.lost.map(({ command }) => command);
    const { evidence } = world;
    const at = around.clock.now().toISOString();
    await this.#note(() => ({
      type: 'sat',
      at,
      evidence,
      sealing: sealing.done,
      lost,
      world: kept,
    }));
    this.#watching = this.#watch();
    this.#watching.catch((error: unknown) => this.#over.reject(error));
    this.#over.promise.catch(() => undefined);
    return ok(job.prompt);
  }

  /** Runs a line with bash, exactly as a model's is. */
  async run(line: string): Promise<Result<string, SessionCode>> {
    const allowed = this.#allowed();
    if (!allowed.ok) return allowed;
    const { world } = this.#parts;
    const call = {
      id: 'line',
      function: 'bash',
      arguments: { cmd: line },
      type: 'function',
    } as const;
    const result = await runTool(world, call, Math.min(toolLimits.wallMs, allowed.value));
    if (result.isOver === true) return worldOver(result.error?.message ?? '');
    const { kept, words } = await this.#keep();
    await this.#note((now) => ({ type: 'line', ...now, line, world: kept }));
    const parts = [result.content, result.error?.message ?? '', words];
    return ok(parts.filter((part) => part !== '').join('\n'));
  }

  /** Takes a file out of the world; it is counted. */
  async take(path: string): Promise<Result<Uint8Array, SessionCode>> {
    const allowed = this.#allowed();
    if (!allowed.ok) return allowed;
    const bytes = await this.#parts.world.readFile(path, movedBytesMax);
    if (!bytes.ok) return bytes;
    const moved = { type: 'moved', direction: 'out', path, bytes: bytes.value.length } as const;
    await this.#note((now) => ({ ...moved, ...now, world: null }));
    return bytes;
  }

  /** Puts a file into the world; it is counted. What is answered says what went wrong beside it. */
  async put(path: string, bytes: Uint8Array): Promise<Result<string, SessionCode>> {
    const allowed = this.#allowed();
    if (!allowed.ok) return allowed;
    const done = await this.#parts.world.writeFile(path, bytes);
    if (!done.ok) return done;
    const { kept, words } = await this.#keep();
    const moved = { type: 'moved', direction: 'in', path, bytes: bytes.length } as const;
    await this.#note((now) => ({ ...moved, ...now, world: kept }));
    return ok(words);
  }

  async pause(): Promise<void> {
    await this.#note((now) => ({ type: 'paused', ...now }));
    this.#wakeUp();
  }

  async go(): Promise<void> {
    await this.#note((now) => ({ type: 'going', ...now }));
    this.#wakeUp();
  }

  /** Stops without an end: the sitting's time is on the disk, and the task can be gone on with. */
  async leave(): Promise<void> {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#wakeUp();
    await this.#watching.catch(() => undefined);
    if (this.#standing.ended === null && this.#standing.clock.last !== null) {
      await this.#note((now) => ({ type: 'mark', ...now }));
    }
    await this.#parts.world.close();
  }

  /** Ends it at this moment of the clock, and scores what was handed in and left. */
  async finish(
    end: 'submitted' | 'gave-up' | 'time-over',
    answer: string,
  ): Promise<BaselineRecord> {
    const { world, around } = this.#parts;
    const now = this.#now();
    const isLate = this.#leftMs() <= 0;
    this.#hasLeft = true;
    this.#wakeUp();
    await this.#watching.catch(() => undefined);
    const { kept } = await this.#keep();
    const proof = await proveWorld(world, { when: 'after', at: around.clock.now().toISOString() });
    const sealing = 'end' in proof ? null : proof.done;
    const told = isLate && end === 'submitted' ? 'time-over' : end;
    await this.#note(() => ({ type: 'ended', ...now, end: told, answer, world: kept, sealing }));
    await world.close();
    return await scoreBaseline(this.#parts);
  }

  #now(): Now {
    const { clock } = this.#parts.around;
    const ms = Math.max(0, Math.floor(clock.passedMs() - this.#satMs));
    return { at: clock.now().toISOString(), ms };
  }

  #leftMs(): number {
    const { limitMs } = this;
    return limitMs === null ? Number.POSITIVE_INFINITY : limitMs - this.clock.workedMs;
  }

  /** How long something may take now. */
  #allowed(): Result<number, SessionCode> {
    const left = this.#leftMs();
    if (this.#standing.clock.phase === 'paused') {
      return no('clock-paused', 'a pause', 'write :go to go on');
    }
    if (left <= 0) return no('time-over', 'no time left', 'it ends now');
    return ok(Math.max(1, Math.floor(left)));
  }

  async #keep(): Promise<{ readonly kept: string | null; readonly words: string }> {
    const kept = await keepWorld(this.#parts);
    if ('done' in kept) return { kept: kept.done, words: '' };
    const why = kept.end.kind === 'failed' ? kept.end.message : '';
    return { kept: null, words: `[the files are not kept as they are now: ${why}]` };
  }

  /** Marks are made one after another, so that their times are in their order. */
  async #note(make: (now: Now) => Entry): Promise<void> {
    const writing = this.#writing.then(async () => {
      const entry = make(this.#now());
      await this.#parts.journal.append(entry);
      this.#standing = advanceStanding(this.#standing, entry);
    });
    this.#writing = writing.catch(() => undefined);
    await writing;
  }

  async #watch(): Promise<void> {
    const { clock } = this.#parts.around;
    while (!this.#hasLeft) {
      const isRunning = this.#standing.clock.phase === 'working';
      const left = isRunning ? this.#leftMs() : Number.POSITIVE_INFINITY;
      if (left <= 0) {
        this.#over.resolve();
        return;
      }
      const { signal } = this.#wake;
      await clock.sleep(Math.ceil(Math.min(markEveryMs, left)), signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (this.#hasLeft) return;
      await this.#note((now) => ({ type: 'mark', ...now }));
    }
  }

  #wakeUp(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }
}

/** Scores a baseline that has ended; it follows from the journal and the kept files alone. */
export async function scoreBaseline(
  parts: Pick<SessionParts, 'job' | 'facts' | 'around' | 'journal'>,
): Promise<BaselineRecord> {
  const { job, facts, around, journal } = parts;
  const { ended, world, scored } = standingAfter(journal.records);
  if (ended === null) throw new Error('a baseline is scored at its end');
  if (scored === null) {
    const at = around.clock.now().toISOString();
    if (ended.end === 'gave-up') {
      await journal.append({ type: 'scored', at, score: null, reason: 'given up' });
    } else if (ended.sealing === null) {
      const reason = 'the walls could not be tried at the end, or did not hold';
      await journal.append({ type: 'scored', at, score: null, reason });
    } else {
      const { score, failure } = await judgeLeft(job, { answer: ended.answer, world }, around);
      const reason = score?.explanation ?? failure ?? 'no score';
      await journal.append({ type: 'scored', at, score: score?.value ?? null, reason });
    }
  }
  const record = recordOf(standingAfter(journal.records), facts);
  if (record === null) throw new Error('a baseline that was scored has a record');
  return record;
}

function worldOver(got: string) {
  return no('world-over', got, 'go on in a world with the files that were kept last');
}

function no(code: SessionCode, got: string, todo: string) {
  return refuse({ code, expected: 'a world and a clock that run', got, todo });
}
