import { cpus, loadavg } from 'node:os';
import { type Frame, pack } from '../sandbox/frames.ts';
import type { Held } from '../sandbox/sandbox.ts';
import { no } from './refusals.ts';
import type { WorldEnd, WorldRefusal, WorldResult } from './world.ts';

/** How long the first process inside may say nothing while it does what it was asked. */
const SILENCE_MAX_MS = 60_000;

/** The last frame of an answer, its fields without the verdict. */
export interface Answer {
  readonly verdict: 'done' | 'ended' | 'refused' | 'lost';
  readonly fields: readonly string[];
}

export interface Asking {
  readonly take?: (frame: Frame) => void | Promise<void>;
  /** After so long, it is told to kill what it does; the answer says how that ended. */
  readonly killAfterMs?: number;
}

type Spoken = Pick<Held, 'send' | 'next' | 'ending' | 'end'>;

/** The line to the first process inside: one thing is asked at a time, and answered or ended. */
export class Line {
  readonly #held: Spoken;
  #turn: Promise<unknown> = Promise.resolve();
  #ending: Promise<void> | null = null;
  /** Frames that came from inside so far. */
  #heard = 0;
  ended: WorldEnd | null = null;

  constructor(held: Spoken) {
    this.#held = held;
  }

  /** Lets `work` have the line for itself, after everybody who came before. */
  inTurn<T>(work: () => Promise<WorldResult<T>>): Promise<WorldResult<T>> {
    const next = this.#turn.then(() => (this.ended === null ? work() : this.#over()));
    this.#turn = next.catch(() => {});
    return next;
  }

  say(kind: string, items: readonly (string | Uint8Array)[]): void {
    this.#held.send(kind, pack(items));
  }

  sayBytes(kind: string, bytes: Uint8Array): void {
    this.#held.send(kind, bytes);
  }

  /** Says one thing and hears it out. What `take` throws is thrown when the answer is over. */
  async ask(
    kind: string,
    items: readonly (string | Uint8Array)[],
    { take, killAfterMs }: Asking = {},
  ): Promise<WorldResult<Answer>> {
    this.say(kind, items);
    let quiet = setTimeout(() => {}, 0);
    const listen = (ms: number, then: () => void) => {
      clearTimeout(quiet);
      since = performance.now();
      quiet = setTimeout(then, ms);
    };
    let since = performance.now();
    const unresponsive = () => {
      void this.end({ reason: 'unresponsive', detail: this.#silence(performance.now() - since) });
    };
    const kill = () => {
      this.#held.send('k', new Uint8Array());
      listen(SILENCE_MAX_MS, unresponsive);
    };
    if (killAfterMs === undefined) listen(SILENCE_MAX_MS, unresponsive);
    else listen(killAfterMs, kill);
    let trouble: unknown;
    try {
      for (;;) {
        const frame = await this.#next();
        if (frame === null) return this.#over();
        this.#heard += 1;
        if (frame.kind === 'x') {
          if (trouble !== undefined) throw trouble;
          return this.#judge(frame.body.toString('utf8'));
        }
        if (killAfterMs === undefined) listen(SILENCE_MAX_MS, unresponsive);
        try {
          if (trouble === undefined) await take?.(frame);
        } catch (error) {
          trouble = error;
        }
      }
    } finally {
      clearTimeout(quiet);
    }
  }

  /** The next frame; null when the world is over, and then all of it is gone. */
  async #next(): Promise<Frame | null> {
    let detail = '';
    try {
      const frame = await this.#held.next();
      if (frame !== null) return frame;
    } catch (error) {
      detail = error instanceof Error ? error.message : String(error);
    }
    const { outOfMemory, detail: words } = this.#held.ending();
    const reason = outOfMemory ? 'out-of-memory' : 'ended-from-inside';
    await this.end({ reason, detail: detail === '' ? words : detail });
    return null;
  }

  async #judge(text: string): Promise<WorldResult<Answer>> {
    const [verdict = '', ...fields] = text.split('\t');
    if (verdict === 'done' || verdict === 'ended' || verdict === 'refused' || verdict === 'lost') {
      return { ok: true, value: { verdict, fields } };
    }
    await this.end({ reason: 'ended-from-inside', detail: 'it answered in no known words' });
    return this.#over();
  }

  /** What speaks for the world and what for this machine: a program that was late was held up too. */
  #silence(passedMs: number): string {
    const late = Math.max(0, Math.round(passedMs - SILENCE_MAX_MS));
    const load = loadavg()[0]?.toFixed(1) ?? '?';
    const there = `after ${this.#heard} answers and outputs`;
    const here = `this program itself was ${late} ms late, and ${load} processes wanted ${cpus().length} processors`;
    return `${there} it said nothing for ${SILENCE_MAX_MS} ms; ${here}`;
  }

  /** Ends the world, once; resolves when nothing of it is left. */
  end(how: WorldEnd): Promise<void> {
    this.ended ??= how;
    this.#ending ??= this.#held.end();
    return this.#ending;
  }

  #over(): { readonly ok: false; readonly refusal: WorldRefusal } {
    const { reason, detail } = this.ended ?? { reason: 'closed', detail: '' };
    return no('world-ended', `it is over: ${reason}${detail === '' ? '' : ` (${detail})`}`);
  }
}
