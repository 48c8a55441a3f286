import { runs } from '@breakwater/contract';
import type { RunFile } from '@breakwater/evaluator/files';
import type { Id } from '@breakwater/kernel';
import type { Context, Given } from '../../command.ts';
import { Stop } from '../../stop.ts';
import { type Handed, handIn } from './hand-in.ts';
import { type Line, lineTo, reach } from './reach.ts';
import { type RunLink, writeLink } from './run-link.ts';
import { beginOnServer } from './server-run.ts';

/** Between two words of progress, while the server answers; it doubles while it does not. */
const everyMs = 5_000;
const awayMsMax = 60_000;
const wordMs = 15_000;
const partMs = 120_000;

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface ReportingTo {
  readonly folder: string;
  readonly link: RunLink;
  /** Begun just now: what the server refuses then ends the run before anything is spent. */
  readonly isNew: boolean;
  readonly given: Given;
  readonly context: Context;
  readonly sleep: Sleep;
}

/**
 * Tells a server of a run while it goes on, and hands its log in at the end. A server that is away
 * stops nothing: it is tried again beside the run, which waits for it nowhere but at the start, for
 * one answer.
 */
export class Reporting {
  readonly #to: ReportingTo;
  readonly #over = new AbortController();
  readonly #line: Line;
  #run: Id<'run'> | null = null;
  #file: RunFile | null = null;
  #counted = { samples: 0, turns: 0 };
  #told = { samples: 0, turns: 0 };
  #loop: Promise<void> = Promise.resolve();

  constructor(to: ReportingTo) {
    this.#to = to;
    const signal = AbortSignal.any([to.context.signal, this.#over.signal]);
    const { given, context } = to;
    this.#line = lineTo(to.link.server, { given, context: { ...context, signal }, waitMs: wordMs });
  }

  /** Before the first sample. Throws only where a new run is refused. */
  async ready(file: RunFile): Promise<void> {
    const { folder, link, isNew } = this.#to;
    this.#file = file;
    if (isNew) await writeLink(folder, link);
    const begun = await reach(() => this.#begun(this.#line));
    if (begun.kind === 'refused' && isNew) throw new Stop(begun.refusal);
    if (begun.kind === 'done') this.#say(`${begun.value} of ${link.server}`);
    else
      this.#say(`${begun.kind === 'away' ? begun.why : wordsOf(begun.refusal)}; the run goes on`);
    if (begun.kind !== 'refused') this.#loop = this.#keepTelling(begun.kind === 'away');
  }

  tell({ done, turns }: { readonly done: number; readonly turns: number }): void {
    const { samples, turns: before } = this.#counted;
    this.#counted = { samples: Math.max(samples, done), turns: Math.max(before, turns) };
  }

  /** After the run: its finished log, or null where there is none to hand in. */
  async end(log: string | null): Promise<Handed | null> {
    this.#over.abort();
    await this.#loop;
    const { link, context, given, sleep } = this.#to;
    if (log === null) return null;
    const line = lineTo(link.server, { given, context, waitMs: partMs });
    const begun = async () => {
      const run = await this.#begun(line);
      await reach(() => this.#tellNow(line, run));
      return run;
    };
    const onProgress = (words: string) => context.terminal.progress(words);
    return await handIn({ line, begun, log, sleep, onProgress });
  }

  async #keepTelling(wasAway: boolean): Promise<void> {
    const { signal } = this.#over;
    let isAway = wasAway;
    for (let waitMs = everyMs; ; ) {
      await this.#to.sleep(waitMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const reached = await reach(async () => {
        await this.#tellNow(this.#line, await this.#begun(this.#line));
      });
      if (signal.aborted) return;
      if (reached.kind === 'refused') {
        this.#say(`${wordsOf(reached.refusal)}; the run goes on`);
        return;
      }
      const isNowAway = reached.kind === 'away';
      if (isNowAway && !isAway) this.#say(`${reached.why}; the run goes on`);
      if (!isNowAway && isAway) this.#say('it answers again');
      isAway = isNowAway;
      waitMs = isAway ? Math.min(awayMsMax, waitMs * 2) : everyMs;
    }
  }

  async #begun(line: Line): Promise<Id<'run'>> {
    const { folder, link } = this.#to;
    if (this.#run !== null) return this.#run;
    if (this.#file === null) throw new Error('a run that does not stand is told of');
    const run = await beginOnServer(line, link, this.#file);
    if (link.run === null) await writeLink(folder, { ...link, run });
    const there = await line.call(runs.run, { params: { run } });
    // What an earlier process of this run told stands there, and does not go back.
    const { samples, turns } = there.progress ?? { samples: 0, turns: 0 };
    this.tell({ done: samples, turns });
    this.#told = { samples, turns };
    this.#run = run;
    return run;
  }

  async #tellNow(line: Line, run: Id<'run'>): Promise<void> {
    const body = this.#counted;
    if (body.samples === this.#told.samples && body.turns === this.#told.turns) return;
    await line.call(runs.progress, { params: { run }, body });
    this.#told = body;
  }

  #say(words: string): void {
    this.#to.context.terminal.say(`server: ${words}`);
  }
}

function wordsOf({ expected, got, todo }: Stop['refusal']): string {
  return `it expected ${expected}, got ${got}: ${todo}`;
}
