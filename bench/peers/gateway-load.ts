import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { lastLine, type Peer } from './packages.ts';
import { spawnEnd } from './pinned.ts';

const run = promisify(execFile);
const source = path.join(import.meta.dirname, 'gateway-load');
const folder = path.resolve(import.meta.dirname, '../../.cache/bench-peers/gateway-load');

/** Both ends of a measurement, built from the Go beside this file; it needs no module of anybody. */
export async function buildLoad(): Promise<Peer> {
  const command = path.join(folder, 'gateway-load');
  const version = 'of this repository';
  try {
    await mkdir(folder, { recursive: true });
    const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' };
    await run('go', ['build', '-o', command, '.'], { cwd: source, env });
    return { version, command };
  } catch (error) {
    return { version, missing: lastLine(error) };
  }
}

/** The fake endpoint of a model; it ends when we do. */
export interface Upstream extends AsyncDisposable {
  readonly address: string;
  readonly pid: number;
}

export async function startUpstream(command: string): Promise<Upstream> {
  const child = spawnEnd([command, 'upstream'], ['pipe', 'pipe', 'inherit']);
  const said = z.object({ port: z.int() }).parse(JSON.parse(await firstLine(child)));
  return {
    address: `http://127.0.0.1:${said.port}`,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('spawned without a pipe');
  for await (const line of createInterface(stdout)) return line;
  throw new Error('it ended without a line');
}

/** Times in microseconds, from when a request was due to the last byte of its answer. */
const Told = z.object({
  seconds: z.number(),
  answered: z.int(),
  failed: z.int(),
  statuses: z.record(z.string(), z.int()),
  fault: z.string(),
  p50: z.number(),
  p99: z.number(),
  max: z.number(),
  lateP99: z.number(),
});
export type Told = z.infer<typeof Told>;

/** Whom to call, and with which headers; several callers share the connections. */
export interface Target {
  readonly url: string;
  /** One for each caller: its lines of headers. */
  readonly callers: readonly (readonly string[])[];
  /** What the model is called there. */
  readonly model: string;
}

export interface Calling {
  readonly connections: number;
  readonly seconds: number;
  /** Not counted, before that. */
  readonly warmSeconds?: number;
  /** Requests a second at fixed moments; as fast as answered where not told. */
  readonly rate?: number;
  /** Ends after so many. */
  readonly count?: number;
  /** Streams that stay open so long, a word a second; no streams where not told. */
  readonly holdSeconds?: number;
}

/**
 * Calls `target` and answers with what came of it; answers are read to their end and held against
 * what the upstream says. Throws where none was answered.
 */
export async function callWith(command: string, target: Target, calling: Calling): Promise<Told> {
  const body = path.join(folder, 'body.json');
  await writeFile(body, JSON.stringify(bodyOf(target.model, calling.holdSeconds)));
  const files = await Promise.all(
    target.callers.map(async (headers, index) => {
      const file = path.join(folder, `caller-${index}.txt`);
      await writeFile(file, headers.join('\n'), { mode: 0o600 });
      return file;
    }),
  );
  const words = Object.entries({
    url: target.url,
    body,
    connections: calling.connections,
    seconds: calling.seconds,
    warm: calling.warmSeconds ?? 0,
    rate: Math.round(calling.rate ?? 0),
    count: calling.count ?? 0,
  }).map(([name, value]) => `-${name}=${value}`);
  const child = spawnEnd([command, 'load', ...words, ...files], ['ignore', 'pipe', 'inherit']);
  const told = Told.parse(JSON.parse(await firstLine(child)));
  if (told.answered === 0) throw new Error(`nothing was answered: ${told.fault}`);
  return told;
}

/** A kilobyte of question, as an agent's first turn has at least. */
function bodyOf(model: string, holdSeconds: number | undefined): object {
  const hold = holdSeconds === undefined ? '' : `hold ${holdSeconds} `;
  const question = 'The header says how long the payload is, and the copy believes it. '.repeat(13);
  return {
    model,
    ...(holdSeconds === undefined ? {} : { stream: true }),
    max_tokens: 256,
    messages: [
      { role: 'system', content: 'You review C for errors of bounds, and answer in a sentence.' },
      { role: 'user', content: `${hold}${question}What is to be done?` },
    ],
  };
}
