import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  createClient,
  directory,
  type Operation,
  Problem,
  prioritize,
  record,
} from '@breakwater/contract';
import { z } from 'zod';
import { renderAnswer } from '../api/render.ts';
import { parse } from '../api/request.ts';
import { answered, refusalOf } from '../api/session.ts';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fileLimits, readRegular, writeNew } from '../files.ts';
import { Json, optionsOf } from '../options.ts';
import { Stop } from '../stop.ts';
import { socketFetch } from './socket.ts';

/** `admin party add`. */
export async function addParty(given: Given, context: Context): Promise<ExitCode> {
  const { name, role } = given.options;
  return await act(directory.addParty, { body: { name, role } }, { given, context });
}

/** `admin party list`. */
export async function listParties(given: Given, context: Context): Promise<ExitCode> {
  const { after, limit } = given.options;
  return await act(directory.listParties, { query: { after, limit } }, { given, context });
}

const KeyOptions = z.object({
  ...Json,
  name: z.string('the name of the new party').optional(),
  role: z.string('the role of the new party').optional(),
  party: z.string().optional(),
  label: z.string().optional(),
  scope: z.string().optional(),
  expires: z.string().optional(),
});

/** `admin key --name … --role …`: the party and its first key in one command. */
export async function addPartyAndKey(given: Given, context: Context): Promise<ExitCode> {
  const { name, role, json } = optionsOf(KeyOptions, given);
  if (name === undefined || role === undefined) throw new Stop(partyNeeded);
  const calls = { given, context };
  const party = await call(directory.addParty, { body: { name, role } }, calls);
  const key = await call(directory.addKey, keyRequest(party.id, given), calls);
  if (json) context.terminal.json({ party: party.id, ...key });
  else renderAnswer({ party: party.id, ...key }, context.terminal);
  context.terminal.say('the key is shown this once; the server keeps only its hash');
  return exitCodes.good;
}

/** `admin key add`. */
export async function addKey(given: Given, context: Context): Promise<ExitCode> {
  const { party } = optionsOf(KeyOptions, given);
  const code = await act(directory.addKey, keyRequest(party, given), { given, context });
  context.terminal.say('the key is shown this once; the server keeps only its hash');
  return code;
}

function keyRequest(party: string | undefined, given: Given) {
  const { label, scope, expires } = optionsOf(KeyOptions, given);
  const body = {
    label: label ?? 'made at the terminal',
    ...(scope === undefined ? {} : { scope: scope.split(',').map((id) => id.trim()) }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
  };
  return { params: { party }, body };
}

/** `admin key revoke`. */
export async function revokeKey(given: Given, context: Context): Promise<ExitCode> {
  const params = { key: argument(given, 0) };
  return await act(directory.revokeKey, { params }, { given, context });
}

/** `admin feed`. */
export async function loadFeed(given: Given, context: Context): Promise<ExitCode> {
  const { retrievedAt } = given.options;
  const params = { feed: argument(given, 0) };
  const text = unpack(await readRegular(argument(given, 1), fileLimits.text));
  const body = { text, ...(retrievedAt === undefined ? {} : { retrievedAt }) };
  return await act(prioritize.loadFeed, { params, body }, { given, context });
}

/** EPSS is published compressed (gzip, RFC 1952); both forms are taken. */
function unpack(bytes: Uint8Array): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder().decode(gunzipSync(bytes, { maxOutputLength: fileLimits.text }));
  } catch {
    throw new Stop({
      code: 'file-unreadable',
      expected: `a whole gzip file of at most ${fileLimits.text} bytes inside`,
      got: 'a damaged or larger one',
      todo: 'fetch the file again',
    });
  }
}

/** `admin erase`. */
export async function erase(given: Given, context: Context): Promise<ExitCode> {
  const params = { content: argument(given, 0) };
  const body = { reason: given.options['reason'] };
  return await act(record.erase, { params, body }, { given, context });
}

/** `admin dead-letters`. */
export async function deadLetters(given: Given, context: Context): Promise<ExitCode> {
  return await act(record.deadLetters, {}, { given, context });
}

/** `admin dead-letters replay`. */
export async function replay(given: Given, context: Context): Promise<ExitCode> {
  return await act(record.replay, { params: { id: argument(given, 0) } }, { given, context });
}

/** `admin keys backup`: into a new file that only its owner can read. */
export async function backupKeys(given: Given, context: Context): Promise<ExitCode> {
  const { out } = optionsOf(z.object({ out: z.string() }), given);
  const send = socketFetch(dataDirectoryOf(given, context), context.signal);
  const response = await send('http://admin/admin/keys', { method: 'GET' });
  const text = await response.text();
  if (!response.ok) throw refusedBy(text, response.status);
  await writeNew(out, text, 0o600);
  if (given.options['json'] === true) context.terminal.json({ file: path.resolve(out) });
  else context.terminal.line(`every signing key is in ${path.resolve(out)}`);
  context.terminal.say('keep it offline: whoever has it signs in the name of this server');
  return exitCodes.good;
}

const Rotated = z.object({ use: z.string(), key: z.string(), createdAt: z.string() });

/** `admin keys rotate`. */
export async function rotateKey(given: Given, context: Context): Promise<ExitCode> {
  const use = argument(given, 0);
  const send = socketFetch(dataDirectoryOf(given, context), context.signal);
  const response = await send(`http://admin/admin/keys/rotate?use=${encodeURIComponent(use)}`, {
    method: 'POST',
    headers: { 'idempotency-key': crypto.randomUUID() },
  });
  const text = await response.text();
  if (!response.ok) throw refusedBy(text, response.status);
  const rotated = Rotated.parse(JSON.parse(text));
  if (given.options['json'] === true) context.terminal.json(rotated);
  else renderAnswer(rotated, context.terminal);
  context.terminal.say('make a new backup now: breakwater admin keys backup --out <file>');
  return exitCodes.good;
}

function refusedBy(text: string, status: number): Stop {
  let problem: Problem | null = null;
  try {
    problem = Problem.parse(JSON.parse(text));
  } catch {
    problem = null;
  }
  if (problem !== null) return new Stop(refusalOf(problem));
  return new Stop({
    code: 'unexpected-answer',
    expected: 'an answer in the published form',
    got: `status ${status}: ${text.slice(0, 200)}`,
    todo: 'check that the server is of this version',
  });
}

interface Calls {
  readonly given: Given;
  readonly context: Context;
}

interface Request {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** One operation as the administrator, its answer printed. */
export async function act(operation: Operation, request: Request, calls: Calls): Promise<ExitCode> {
  const { terminal } = calls.context;
  const output = await call(operation, request, calls);
  if (calls.given.options['json'] === true) terminal.json(output);
  else renderAnswer(output, terminal);
  const next = z.object({ next: z.string() }).safeParse(output);
  if (next.success) terminal.say(`there is more: add --after ${next.data.next}`);
  return exitCodes.good;
}

async function call<T extends Operation>(operation: T, request: Request, calls: Calls) {
  const { given, context } = calls;
  const params = parse(operation.params, request.params ?? {}, 'an argument');
  const query = parse(operation.query, request.query ?? {}, 'an option');
  parse(operation.body, request.body, 'the request');
  const client = createClient({
    baseUrl: 'http://admin',
    fetch: socketFetch(dataDirectoryOf(given, context), context.signal),
  });
  const input = { params, query, body: request.body } as Parameters<typeof client.call<T>>[1]; // held against the contract above
  return await answered(client.call(operation, input));
}

function dataDirectoryOf(given: Given, { environment }: Context): string {
  const { dataDirectory } = given.options;
  return typeof dataDirectory === 'string'
    ? path.resolve(dataDirectory)
    : environment.dataDirectory;
}

const partyNeeded = {
  code: 'option-missing',
  expected: '--name and --role of a new party',
  got: 'one of them, or neither',
  todo: 'give both, or use admin key add --party <id> for a party that is there',
};
