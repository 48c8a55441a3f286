import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSealed, sealedBytesMax } from '@breakwater/benchmark';
import { type BaselineRecord, Pseudonym } from '@breakwater/benchmark/baseline';
import {
  type BaselineAsked,
  type BaselineSession,
  movedBytesMax,
  playBaseline,
  worldsIn,
} from '@breakwater/evaluator';
import { openSandbox } from '@breakwater/runner';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { readRegular, writeNew } from '../../files.ts';
import { Json, optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import { durationWords, recordLines } from './baseline-words.ts';
import { noSandbox } from './no-sandbox.ts';
import { typedLines } from './typed-lines.ts';

const BaselineOptions = z.object({
  ...Json,
  out: z.string().optional(),
  person: Pseudonym.optional(),
  variant: z.string().optional(),
  sealed: z.string().optional(),
  limitMinutes: z.coerce.number('minutes above 0').positive().max(1_000_000).optional(),
});
type BaselineOptions = z.infer<typeof BaselineOptions>;

/** `benchmark baseline`: a person does a task in a model's world, and a clock runs. */
export async function runBenchmarkBaseline(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(BaselineOptions, given);
  const { terminal, environment } = context;
  const [suite, task] = [argument(given, 0), argument(given, 1)];
  const asked = await askedOf(options, { suite, task });
  const stamp = new Date()
    .toISOString()
    .replace(/\.\d+Z$/u, '')
    .replaceAll(':', '-');
  const folder = path.resolve(options.out ?? `baseline-${task}-${stamp}`);
  const tell = (line: string) => (options.json ? terminal.say(line) : terminal.line(line));
  const attemptsIn = path.join(environment.localDirectory, 'baselines');
  await mkdir(environment.localDirectory, { recursive: true });
  terminal.progress('opening the sandbox');
  const sandbox = await openSandbox({ slots: 1 });
  try {
    const { tier, reason } = sandbox.capabilities;
    if (tier === 'refuse') throw noSandbox(reason);
    const clock = {
      now: () => new Date(),
      passedMs: () => performance.now(),
      sleep: async (ms: number, until: AbortSignal) => {
        await sleep(ms, undefined, { signal: until });
      },
      chance: Math.random,
    };
    const lent = { worlds: worldsIn(sandbox), clock, attemptsIn };
    const played = await playBaseline(folder, { asked, given: lent }, async (session, about) => {
      const { person, attempt } = about.asked;
      tell(`person ${person}, attempt ${attempt}; :help tells the words`);
      return await new Desk(session, { context, tell }).work();
    });
    const record = need(played);
    if (record === null) {
      terminal.say(`left; to go on, the same words with --out ${folder}`);
      return exitCodes.bad;
    }
    if (options.json) terminal.json({ folder, record });
    else
      for (const line of [...recordLines(record), `record    ${folder}/record.jsonl`]) tell(line);
    return record.outcome === 'unscored' ? exitCodes.bad : exitCodes.good;
  } catch (error) {
    const isOver = error instanceof Stop && error.refusal.code === 'world-over';
    if (context.signal.aborted || isOver) {
      terminal.say(`to go on, the same words with --out ${folder}`);
    }
    throw error;
  } finally {
    await sandbox.close();
  }
}

async function askedOf(
  { variant, person, sealed, limitMinutes }: BaselineOptions,
  what: Pick<BaselineAsked, 'suite' | 'task'>,
): Promise<BaselineAsked> {
  return {
    ...what,
    ...(variant !== undefined && { variant }),
    ...(person !== undefined && { person }),
    ...(limitMinutes !== undefined && { limitMs: Math.ceil(limitMinutes * 60_000) }),
    ...(sealed !== undefined && {
      sealed: need(readSealed(await readRegular(sealed, sealedBytesMax))),
    }),
  };
}

const help = [
  'Each line is run by bash in /work of the world, in a shell of its own, three minutes at most.',
  ':time                 how long you have worked, and what is left',
  ':pause, :go           the clock pauses, and goes on; nothing is run in between',
  ':get <path> <to>      a file of the world to your machine (absolute, or in /work)',
  ':put <from> <path>    a file of your machine into the world',
  ':submit <answer>      hand in, which ends it; without an answer where files are asked for',
  ':give-up              end it without',
];

interface DeskParts {
  readonly context: Context;
  readonly tell: (line: string) => void;
}

/** What is typed, against a session. */
class Desk {
  readonly #session: BaselineSession;
  readonly #context: Context;
  readonly #tell: (line: string) => void;

  constructor(session: BaselineSession, { context, tell }: DeskParts) {
    this.#session = session;
    this.#context = context;
    this.#tell = tell;
  }

  /** null where the terminal was closed before the end. */
  async work(): Promise<BaselineRecord | null> {
    const { stdin, signal, terminal } = this.#context;
    const isOver = this.#session.over.then(() => 'over' as const);
    isOver.catch(() => undefined);
    this.#text(need(await this.#session.sit()));
    if (this.#session.clock.phase === 'paused') this.#tell('the clock is paused; :go to go on');
    const lines = typedLines(stdin);
    for (;;) {
      terminal.progress(`${durationWords(this.#session.clock.workedMs)} > `);
      const step = await Promise.race([lines.next(), isOver]);
      if (step === 'over') {
        this.#tell('the time is over');
        // Nobody waits for what is typed any more.
        if (stdin instanceof Readable) stdin.destroy();
        return await this.#session.finish('time-over', '');
      }
      signal.throwIfAborted();
      if (step.done === true) return null;
      const record = await Promise.race([this.#line(step.value), aborted(signal)]);
      if (record !== null) return record;
    }
  }

  async #line(typed: string): Promise<BaselineRecord | null> {
    const [, word, rest = ''] = /^:([a-z-]+)(?:\s+(.*))?$/u.exec(typed.trim()) ?? [];
    switch (word) {
      case undefined:
        if (typed.trim() !== '') this.#answer(await this.#session.run(typed));
        return null;
      case 'submit':
        return await this.#session.finish('submitted', rest.trim());
      case 'give-up':
        return await this.#session.finish('gave-up', '');
      case 'pause':
        await this.#session.pause();
        this.#time();
        return null;
      case 'go':
        await this.#session.go();
        this.#time();
        return null;
      case 'time':
        this.#time();
        return null;
      case 'get':
        await this.#get(rest);
        return null;
      case 'put':
        await this.#put(rest);
        return null;
      default:
        for (const line of help) this.#tell(line);
        return null;
    }
  }

  async #get(words: string): Promise<void> {
    const [, from, to] = /^(\S+)\s+(.+)$/u.exec(words) ?? [];
    if (from === undefined || to === undefined) return this.#tell(':get <path> <to>');
    const taken = await this.#session.take(inWork(from));
    if (!taken.ok) return this.#answer(taken);
    await this.#onHost(async () => await writeNew(to, taken.value, 0o600));
  }

  async #put(words: string): Promise<void> {
    const [, from, to] = /^(.+)\s+(\S+)$/u.exec(words) ?? [];
    if (from === undefined || to === undefined) return this.#tell(':put <from> <path>');
    await this.#onHost(async () => {
      const bytes = await readRegular(from, movedBytesMax);
      this.#answer(await this.#session.put(inWork(to), bytes));
    });
  }

  /** A wrong path of this machine is told, and ends nothing. */
  async #onHost(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      this.#tell(`${error.refusal.code}: ${error.refusal.got}`);
    }
  }

  /** Ends the sitting where its world has ended. */
  #answer(given: Awaited<ReturnType<BaselineSession['run']>> | { ok: false; refusal: Refused }) {
    if (given.ok) return this.#text(given.value);
    const { code, got, todo } = given.refusal;
    if (code === 'world-over') throw new Stop(given.refusal);
    this.#tell(`${code}: ${got}; ${todo}`);
  }

  #text(text: string): void {
    if (text === '') return;
    for (const line of text.replaceAll('\r\n', '\n').split('\n')) this.#tell(line);
  }

  #time(): void {
    const { clock, limitMs } = this.#session;
    const sum = (times: readonly number[]) => times.reduce((all, each) => all + each, 0);
    const parts = [
      `worked ${durationWords(clock.workedMs)}`,
      ...(limitMs === null ? [] : [`left ${durationWords(Math.max(0, limitMs - clock.workedMs))}`]),
      `paused ${durationWords(sum(clock.pauses))}`,
      `away ${durationWords(sum(clock.interruptions.map(({ ms }) => ms)))}`,
    ];
    this.#tell(`${parts.join(', ')}${clock.phase === 'paused' ? ' (paused)' : ''}`);
  }
}

type Refused = Stop['refusal'];

function inWork(name: string): string {
  return name.startsWith('/') ? name : `/work/${name}`;
}

/** Rejects when the person stops the program, and never resolves. */
async function aborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
