import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, type Job, Share } from './share.ts';

export interface ChildOptions {
  /** The address of the module whose `readers` are tried. */
  readonly module: URL;
  readonly names: readonly string[];
  /** Processor time one document may take before its reader counts as hanging. */
  readonly documentMs: number;
  /** The whole process: what its readers loaded, and what a document makes of it. */
  readonly memoryMiB: number;
}

const WATCH_MS = 200;
const TICK_MS = 10;

/** A process that reads documents, and that is killed when one hangs it or takes too much. */
export class WatchedChild {
  readonly #child: ChildProcess;
  readonly #placeFile: string;
  readonly #options: ChildOptions;

  private constructor(child: ChildProcess, placeFile: string, options: ChildOptions) {
    this.#child = child;
    this.#placeFile = placeFile;
    this.#options = options;
  }

  static async start(folder: string, options: ChildOptions): Promise<WatchedChild> {
    const placeFile = join(folder, `place-${randomUUID()}`);
    writeFileSync(placeFile, Buffer.alloc(4));
    const child = fork(
      new URL('./child.ts', import.meta.url),
      [options.module.href, placeFile],
      // the kernel's own count is asked; with half for the heap, garbage is collected before it counts
      {
        execArgv: [`--max-old-space-size=${options.memoryMiB / 2}`],
        stdio: ['ignore', 2, 'ignore', 'ipc'],
      },
    );
    await once(child, 'message');
    return new WatchedChild(child, placeFile, options);
  }

  /** The share that was read, or the document at which the child died or had to be killed. */
  async read(job: Job): Promise<Share | Fault> {
    const over = new AbortController();
    const { signal } = over;
    const answer = once(this.#child, 'message', { signal }).then(([share]) => Share.parse(share));
    const death = once(this.#child, 'exit', { signal }).then(([code, name]) =>
      this.#fault(job, `ended its process (${String(name ?? code)})`),
    );
    try {
      this.#child.send(job);
      return await Promise.race([answer, death, this.#watch(job, signal)]);
    } finally {
      over.abort();
      await Promise.allSettled([answer, death]);
    }
  }

  /** In processor time, so that a busy host makes nobody hang. */
  async #watch(job: Job, signal: AbortSignal): Promise<Fault> {
    let [index, spent] = [-1, 0];
    while (!signal.aborted) {
      await delay(WATCH_MS);
      const seen = this.#look();
      if (seen === null) continue;
      if (seen.memoryMiB > this.#options.memoryMiB) {
        return this.#fault(job, `took more than ${this.#options.memoryMiB} MiB`);
      }
      if (seen.index !== index) [index, spent] = [seen.index, seen.ms];
      else if (seen.ms - spent > this.#options.documentMs) return this.#fault(job, 'hangs');
    }
    return this.#fault(job, 'was no longer watched');
  }

  /** proc(5): utime and stime are fields 14 and 15 of stat, after a name that may hold spaces. */
  #look(): { index: number; ms: number; memoryMiB: number } | null {
    try {
      const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      const kib = Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      const ms = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
      return { index: this.#index(), ms, memoryMiB: kib / 1024 };
    } catch {
      return null;
    }
  }

  #index(): number {
    return readFileSync(this.#placeFile).readInt32LE();
  }

  #fault(job: Job, what: string): Fault {
    return { reader: this.#options.names[job.reader] ?? '', index: this.#index(), what };
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
