import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { collect } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { runCli } from '../../apps/cli/test/run-cli.ts';
import { type Caller, createCaller } from '../../demo/driver/calls.ts';
import { addPerson } from '../../demo/driver/people.ts';
import { type ServerProcess, startServer } from '../../demo/driver/server.ts';
import { freePort } from './free-port.ts';

let root: string | null = null;
let servers: ServerProcess[] = [];
let ownRecipient = '';

/** Gives each test of a file a folder of its own, and an age identity in it. */
export function useScene(): void {
  // Servers start and stop here many times; on a busy machine that takes minutes.
  vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });
  beforeEach(async () => {
    // The terminal client reads it too, and in the run on PostgreSQL it names that run's database.
    vi.stubEnv('DATABASE_URL', undefined);
    root = await mkdtemp(path.join(tmpdir(), 'bw-backup-'));
    servers = [];
    const identity = await generateX25519Identity();
    ownRecipient = await identityToRecipient(identity);
    await writeFile(at('identity'), `# for a test\n${identity}\n`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const server of servers) await server.stop();
    if (root !== null) await rm(root, { recursive: true, force: true });
  });
}

export const recipient = () => ownRecipient;

export function at(...names: string[]): string {
  if (root === null) throw new Error('expected useScene at the top of the file');
  return path.join(root, ...names);
}

export async function serve(name: string, environment: Record<string, string> = {}) {
  const server = await startServer({
    dataDirectory: at(name),
    port: await freePort(),
    environment: { DATABASE_URL: undefined, BREAKWATER_LOG_CADENCE_SECONDS: '0.2', ...environment },
  });
  servers.push(server);
  return server;
}

export interface Told {
  readonly finder: Caller;
  readonly key: string;
  readonly finding: Id<'finding'>;
}

export async function tell(server: ServerProcess, title: string): Promise<Told> {
  const person = await addPerson(server, 'A finder', 'finder');
  const { finding } = await person.write(title, collect.submit, {
    body: {
      kind: 'native' as const,
      package: 'pkg:npm/flat',
      version: '5.0.0',
      title,
      marking: 'AMBER+STRICT' as const,
      description: `${title}, at length`,
      identifiers: [],
    },
  });
  return { finder: createCaller(server, person.key), key: person.key, finding };
}

/** A checkpoint that is newer than what was told, kept as an auditor would. */
export async function saveCheckpoint(server: ServerProcess, name: string): Promise<string> {
  const read = async () => await (await fetch(`${server.address}/log/checkpoint`)).text();
  const before = sizeOf(await read());
  await vi.waitFor(async () => expect(sizeOf(await read())).toBeGreaterThan(before), {
    timeout: 30_000,
    interval: 100,
  });
  await writeFile(at(name), await read());
  return at(name);
}

export function sizeOf(checkpoint: string): number {
  return Number(checkpoint.split('\n')[1] ?? '0') || 0;
}

export async function cli(words: readonly string[], name: string) {
  const run = await runCli([...words, '--json'], { dataDirectory: at(name) });
  return { code: run.code, err: run.err, answer: run.json() };
}

export const backup = async (from: string, to: string) =>
  await cli(
    ['backup', '--out', at(to), '--keys-out', at(`${to}.age`), '--recipient', ownRecipient],
    from,
  );
export const restore = async (from: string, to: string, ...more: string[]) =>
  await cli(
    ['restore', at(from), '--keys', at(`${from}.age`), '--identity', at('identity'), ...more],
    to,
  );

export async function titleOf(server: ServerProcess, told: Told): Promise<string> {
  const caller = createCaller(server, told.key);
  return (await caller.read(collect.get, { params: { finding: told.finding } })).title;
}

export async function contentOf(server: ServerProcess, told: Told): Promise<Id<'content'>> {
  const caller = createCaller(server, told.key);
  const { contents } = await caller.read(collect.get, { params: { finding: told.finding } });
  const title = contents.find(({ name }) => name === 'title.txt');
  if (title === undefined) throw new Error('expected the title among the contents');
  return title.content;
}

export async function erase(name: string, content: string): Promise<void> {
  const words = ['admin', 'erase', content, '--reason', 'as the law asks'];
  expect(await cli(words, name)).toMatchObject({ code: 0 });
}

export async function keyOf(server: ServerProcess): Promise<string> {
  return (await (await fetch(`${server.address}/log/key`)).text()).trim();
}

export async function aFile(folder: string, ending: string): Promise<string> {
  const entries = await readdir(at('backup', folder), { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isFile() && entry.name.endsWith(ending));
  if (found === undefined) throw new Error(`no file in ${folder}`);
  return path.join(found.parentPath, found.name);
}

export async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

export async function nothingLeft(): Promise<string[]> {
  return (await readdir(at())).filter((name) => name.startsWith('elsewhere'));
}

export interface Stopped {
  readonly told: Told;
  readonly erased: Told;
  readonly content: Id<'content'>;
}

/** A server that was told two things, one to be erased, was stopped and backed up as `backup`. */
export async function stoppedServer(): Promise<Stopped> {
  const first = await serve('first');
  const told = await tell(first, 'Told before');
  const erased = await tell(first, 'To be erased');
  const content = await contentOf(first, erased);
  await saveCheckpoint(first, 'seen');
  await first.stop();
  expect(await backup('first', 'backup')).toMatchObject({ code: 0 });
  return { told, erased, content };
}
