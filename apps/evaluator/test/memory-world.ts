import { createHash } from 'node:crypto';
import { concatBytes, fromUtf8, ok, refuse, utf8 } from '@breakwater/kernel';
import type {
  BlobStore,
  CommandOutcome,
  EgressEvidence,
  Manifest,
  World,
  WorldEvidence,
  WorldOptions,
  WorldRefusalCode,
} from '@breakwater/runner';
import type { Worlds } from '../src/run/surroundings.ts';

// A world without walls, for tests of the loop around it: files are a map, and bash knows a few
// words. What a real world does is tested with it, in the runner.

export interface MemoryWorlds extends Worlds {
  /** Names of worlds in the order they were opened, with what each was given. */
  readonly opened: readonly { readonly name: string; readonly isRestored: boolean }[];
}

export interface MemoryWorldsOptions {
  /** What a proof says; the n-th of a world, from 0. */
  readonly sealed?: (n: number) => boolean;
  /** Refuses to open. */
  readonly refuses?: WorldRefusalCode;
}

export function memoryWorlds(options: MemoryWorldsOptions = {}): MemoryWorlds {
  const opened: { name: string; isRestored: boolean }[] = [];
  return {
    opened,
    open: async (asked) => {
      if (options.refuses !== undefined) return no(options.refuses, 'as the test wants it');
      const files = new Map<string, Uint8Array>();
      for (const { path, bytes } of asked.files ?? []) files.set(path, bytes);
      if (asked.restore !== undefined) {
        for (const entry of asked.restore.manifest.entries) {
          if (entry.kind !== 'file') continue;
          const bytes = await blobOf(asked.restore.store, entry.sha256);
          if (bytes === null) return no('kept-files-damaged', entry.path);
          files.set(entry.path, bytes);
        }
      } else if (asked.setup !== undefined) {
        files.set('/work/made-by-setup', asked.setup.text);
      }
      opened.push({ name: asked.name, isRestored: asked.restore !== undefined });
      return ok(worldOf(asked, files, options));
    },
    score: async ({ kept, scorer, answer = new Uint8Array() }) => {
      const found = kept.manifest.entries.find(({ path }) => path === '/work/flag.txt');
      const bytes = found?.kind === 'file' ? await blobOf(kept.store, found.sha256) : null;
      const isRight = fromUtf8(bytes ?? new Uint8Array()).trim() === fromUtf8(scorer.text).trim();
      const reason = `flag.txt ${isRight ? 'is right' : 'is wrong'}, answer ${fromUtf8(answer)}`;
      const [stdout, stderr] = [new Uint8Array(), new Uint8Array()];
      return ok({ score: isRight ? 1 : 0, reason, stdout, stderr });
    },
  };
}

function worldOf(
  { name, restore }: WorldOptions,
  files: Map<string, Uint8Array>,
  { sealed = () => true }: MemoryWorldsOptions,
): World {
  let proofs = 0;
  let ended: World['ended'] = null;
  const background: string[] = [];
  return {
    name,
    evidence: { name, kernel: 'none: a world in memory' } as WorldEvidence, // no walls to tell of
    lost: restore?.manifest.background ?? [],
    get ended() {
      return ended;
    },
    exec: async ({ argv, stdin }) => {
      if (ended !== null) return no('world-ended', ended.detail);
      const [program, , words = ''] = argv;
      if (program === 'ls') return ok(said([...files.keys()].toSorted().join('\n')));
      if (program === 'python3') return ok(said(`python: ${fromUtf8(stdin ?? new Uint8Array())}`));
      if (words === 'end-world') {
        ended = { reason: 'ended-from-inside', detail: 'init was killed' };
        return no('world-ended', ended.detail);
      }
      if (words === 'freeze-world') {
        ended = { reason: 'unresponsive', detail: 'it said nothing' };
        return no('world-ended', ended.detail);
      }
      return ok(bash(words, files, background));
    },
    readFile: async (path) => {
      const bytes = files.get(path);
      return bytes === undefined ? no('no-such-file', path) : ok(bytes);
    },
    writeFile: async (path, bytes) => {
      files.set(path, bytes);
      return ok(undefined);
    },
    keep: async (store) => ok(await keep(files, background, store)),
    proveSealed: async () => {
      proofs += 1;
      return ok(proofOf(sealed(proofs - 1)));
    },
    close: async () => {
      ended ??= { reason: 'closed', detail: 'closed' };
    },
  };
}

/** `echo WORDS [> FILE]`, `cat FILE`, `yes` (much), `sleep` (too long), `background WORDS`. */
function bash(words: string, files: Map<string, Uint8Array>, background: string[]): CommandOutcome {
  const [, text = '', file] = /^echo (.*?)(?: >> (\S+))?$/u.exec(words) ?? [];
  if (words.startsWith('echo ') && file !== undefined) {
    const before = files.get(file) ?? new Uint8Array();
    files.set(file, concatBytes(before, utf8(`${text}\n`)));
    return said('');
  }
  if (words.startsWith('echo ')) return said(text);
  if (words.startsWith('cat ')) {
    const bytes = files.get(words.slice(4));
    return bytes === undefined ? said('', 1, 'no such file') : said(fromUtf8(bytes));
  }
  if (words === 'yes') return said('y\n'.repeat(100_000));
  if (words === 'sleep') return { ...said('still'), timedOut: true, exitCode: null };
  if (words.startsWith('background ')) {
    background.push(words.slice(11));
    return said('');
  }
  return said('', 127, 'not known');
}

function said(stdout: string, exitCode = 0, stderr = ''): CommandOutcome {
  return {
    exitCode,
    signal: null,
    stdout: utf8(stdout),
    stderr: utf8(stderr),
    stdoutTruncated: false,
    stderrTruncated: false,
    timedOut: false,
    wallMs: 1,
  };
}

async function keep(
  files: ReadonlyMap<string, Uint8Array>,
  background: readonly string[],
  store: BlobStore,
): Promise<Manifest> {
  const entries: Manifest['entries'][number][] = [];
  for (const [path, bytes] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (!(await store.has(sha256))) {
      const writer = await store.write();
      await writer.add(bytes);
      await writer.finish();
    }
    const size = bytes.length;
    entries.push({ kind: 'file', path, mode: 0o644, modifiedMs: 0, size, sha256 });
  }
  const lost = background.map((command) => ({ command, of: 'agent' as const }));
  return { format: 'breakwater-world/1', entries, skipped: [], background: lost };
}

async function blobOf(store: BlobStore, sha256: string): Promise<Uint8Array | null> {
  const chunks = await store.read(sha256);
  if (chunks === null) return null;
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return concatBytes(...all);
}

function proofOf(sealed: boolean): EgressEvidence {
  return { interfaces: ['lo'], routes: [], attempts: [], heardOutside: sealed ? 0 : 1, sealed };
}

function no(code: WorldRefusalCode, got: string) {
  return refuse({ code, expected: 'a world', got, todo: 'nothing' });
}
