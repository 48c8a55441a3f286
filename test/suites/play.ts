/** Plays the solutions of a task as a benchmark plays an agent: in sealed worlds, then scored. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scoreAnswer, type Task } from '@breakwater/benchmark';
import type { Result } from '@breakwater/kernel';
import {
  type Manifest,
  memoryBlobs,
  openWorld,
  type Sandbox,
  type Script,
  type SeedFile,
  scoreIn,
  type World,
} from '@breakwater/runner';

export interface Played {
  /** The last line a solution printed: what an agent would submit. */
  readonly answer: string;
  readonly score: number;
  readonly reason: string;
}

/** One task, prepared once: each solution begins with its files as its setup left them. */
export class Stage {
  readonly #sandbox: Sandbox;
  readonly #folder: string;
  readonly #task: Task;
  readonly #blobs = memoryBlobs();
  #prepared: Promise<Manifest> | undefined;

  constructor(sandbox: Sandbox, folder: string, task: Task) {
    this.#sandbox = sandbox;
    this.#folder = folder;
    this.#task = task;
  }

  /** A world of this task before its first turn, its services started. */
  async open(): Promise<World> {
    this.#prepared ??= this.#prepare();
    const restore = { manifest: await this.#prepared, store: this.#blobs };
    const services = this.#script(this.#task.services);
    return this.#open({ restore, ...(services !== undefined && { services }) });
  }

  /** Runs `solution` there, and scores what it printed and left behind. */
  async play(solution: string): Promise<Played> {
    const world = await this.open();
    try {
      const said = await run(world, ['bash', '-e', '-s'], solution);
      const answer = said.trimEnd().split('\n').at(-1) ?? '';
      return { answer, ...(await this.#score(world, answer)) };
    } finally {
      await world.close();
    }
  }

  async #prepare(): Promise<Manifest> {
    const setup = this.#script(this.#task.setup);
    const files = this.#task.files.map((path) => ({
      path: `/work/${path.slice('files/'.length)}`,
      bytes: this.#bytes(path),
    }));
    const world = await this.#open({ files, ...(setup !== undefined && { setup }) });
    try {
      return must(await world.keep(this.#blobs));
    } finally {
      await world.close();
    }
  }

  async #open(options: Omit<Parameters<typeof openWorld>[1], 'name'>): Promise<World> {
    return must(await openWorld(this.#sandbox, { name: this.#task.name, ...options }));
  }

  async #score(world: World, answer: string) {
    const { name, scorer } = this.#task;
    if (scorer.kind === 'answer') return scoreAnswer(scorer, answer);
    const manifest = must(await world.keep(this.#blobs));
    const script = this.#script(scorer.path, this.#privateFiles());
    return must(
      await scoreIn(this.#sandbox, {
        name,
        kept: { manifest, store: this.#blobs },
        scorer: script,
        answer: Buffer.from(answer),
      }),
    );
  }

  #privateFiles(): SeedFile[] {
    const paths = globSync('private/**/*.*', { cwd: this.#folder });
    return paths.map((path) => ({
      path: path.slice('private/'.length),
      bytes: this.#bytes(path),
    }));
  }

  #script(path: string, files?: readonly SeedFile[]): Script;
  #script(path: string | undefined): Script | undefined;
  #script(path: string | undefined, files: readonly SeedFile[] = []): Script | undefined {
    return path === undefined ? undefined : { text: this.#bytes(path), files };
  }

  #bytes(path: string): Uint8Array {
    return readFileSync(join(this.#folder, path));
  }
}

/** What a program printed that was given `stdin`; throws where it did not end well. */
export async function run(
  world: World,
  argv: readonly [string, ...string[]],
  stdin: string,
): Promise<string> {
  const outcome = must(
    await world.exec({ argv, stdin: Buffer.from(stdin), wallMs: 60_000, outputBytes: 1 << 20 }),
  );
  const stderr = Buffer.from(outcome.stderr).toString('utf8');
  if (outcome.exitCode !== 0)
    throw new Error(`${argv[0]} ended with ${outcome.exitCode}: ${stderr}`);
  return Buffer.from(outcome.stdout).toString('utf8');
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.refusal.code}: ${result.refusal.got}`);
}
