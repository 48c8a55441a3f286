import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { inScratch } from './scratch.ts';

/** What one job lets its runs read: copies that only the sandbox's user sees, gone at the end. */
export class Stage implements AsyncDisposable {
  readonly #sandbox: Sandbox;
  readonly #cacheDir: string;
  readonly #copies = new AsyncDisposableStack();

  constructor(sandbox: Sandbox, cacheDir: string) {
    this.#sandbox = sandbox;
    this.#cacheDir = cacheDir;
  }

  /** Copies a file or a folder; gives the path to mount. */
  async copy(source: string): Promise<string> {
    return this.#copies.use(await this.#sandbox.stage(source)).path;
  }

  /** Lays out a folder of files, by plain relative names, and gives the path to mount. */
  folder(files: Iterable<readonly [name: string, bytes: Uint8Array | string]>): Promise<string> {
    return inScratch(this.#cacheDir, async (draft) => {
      for (const [name, bytes] of files) {
        const path = join(draft, name);
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
      }
      return this.copy(draft);
    });
  }

  /** The path to mount of a large program: where it lies, or a copy where others cannot read it. */
  async program(path: string): Promise<string> {
    return (await readableByAll(path)) ? path : this.copy(path);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#copies.disposeAsync();
  }
}

/** Whether any user of the host may reach and read a file. */
async function readableByAll(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o005) !== 0o005) return false;
  for (let at = dirname(resolve(path)); ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
