import { run } from '../src/run.ts';
import { createTerminal, type Sink } from '../src/terminal.ts';

export interface RunOptions {
  readonly stdin?: string;
  readonly server?: string;
  readonly key?: string;
  readonly dataDirectory?: string;
  readonly cacheDirectory?: string;
  readonly localDirectory?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs one command line in this process; what it printed and its exit code come back. */
export async function runCli(words: readonly string[], options: RunOptions = {}) {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const code = await run(words, {
    terminal: createTerminal(collect(out), collect(err)),
    environment: {
      server: options.server,
      key: options.key,
      dataDirectory: options.dataDirectory ?? '/nowhere',
      cacheDirectory: options.cacheDirectory ?? '/nowhere',
      localDirectory: options.localDirectory ?? '/nowhere',
      variables: options.variables ?? {},
    },
    signal: new AbortController().signal,
    stdin: streamOf(options.stdin ?? ''),
  });
  const text = (parts: Uint8Array[]) => Buffer.concat(parts).toString('utf8');
  return { code, out: text(out), err: text(err), json: (): unknown => JSON.parse(text(out)) };
}

function collect(parts: Uint8Array[]): Sink {
  return { write: (data) => parts.push(Buffer.from(data)) };
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
