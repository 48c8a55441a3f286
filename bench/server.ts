import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient, directory, type Role, session } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { serverCommand } from '../tools/setup/server-command.mjs';
import type { Engine } from './engines.ts';

const startMsMax = 60_000;

/** The server as people start it: a process of its own, spoken to over HTTP. */
export interface Server {
  readonly address: string;
  readonly pid: number;
  /** From the start of the process to the first 200 of /readyz. */
  readonly readyMs: number;
  /** Adds a party and answers with its id, its key and a client that uses it. */
  party(role: Role): Promise<{ id: Id<'party'>; key: string; client: Client }>;
  /** A new person joins the party and signs in; the client carries the session's cookie. */
  person(party: Id<'party'>): Promise<{ member: Id<'member'>; client: Client }>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Seconds between checkpoints of the log. */
  readonly cadenceSeconds?: number;
  /** Settings beside those of every measurement. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the server on `engine` and waits until it is ready. */
export async function startServer(
  engine: Engine,
  { cadenceSeconds = 30, settings = {} }: ServerOptions = {},
): Promise<Server> {
  // Below those that the kernel hands out by itself.
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const address = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const child = spawn(process.execPath, serverCommand, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      BREAKWATER_PORT: String(port),
      BREAKWATER_DATA_DIRECTORY: engine.dataDirectory,
      BREAKWATER_LOG_CADENCE_SECONDS: String(cadenceSeconds),
      BREAKWATER_LOG_LEVEL: 'error',
      BREAKWATER_RATE_LIMITS: 'off',
      ...settings,
      ...(engine.databaseUrl === null ? {} : { DATABASE_URL: engine.databaseUrl }),
    },
  });
  await ready(child, address, started);
  const readyMs = performance.now() - started;
  const administrator = createClient({
    baseUrl: 'http://administrator',
    fetch: overSocket(path.join(engine.dataDirectory, 'admin.sock')),
  });
  return {
    address,
    pid: child.pid ?? 0,
    readyMs,
    async party(role) {
      const { id } = await administrator.call(directory.addParty, { body: { role, name: role } });
      const { key } = await administrator.call(directory.addKey, {
        params: { party: id },
        body: { label: 'bench' },
      });
      return { id, key, client: createClient({ baseUrl: address, key }) };
    },
    async person(party) {
      const { link } = await administrator.call(directory.makeLink, { body: { party } });
      return await redeem(address, link);
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** What a browser does that opens a one-time link. */
async function redeem(address: string, link: string) {
  let cookie = '';
  const atTheDoor = createClient({
    baseUrl: address,
    async fetch(url, init) {
      const answer = await fetch(url, init);
      cookie = /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';
      return answer;
    },
  });
  const token = new URL(link).hash.slice(1);
  const opened = await atTheDoor.call(session.redeem, { body: { token, name: 'A Person' } });
  const client = createClient({
    baseUrl: address,
    fetch: (url, init) => {
      const headers = new Headers(init.headers);
      headers.set('cookie', cookie);
      headers.set('origin', new URL(url).origin);
      return fetch(url, { ...init, headers });
    },
  });
  return { member: opened.member.id, client };
}

async function ready(child: ChildProcess, address: string, started: number): Promise<void> {
  while (performance.now() - started < startMsMax) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${address}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await delay(5);
  }
  child.kill('SIGKILL');
  throw new Error(`the server was not ready after ${startMsMax / 1000} s`);
}

/** fetch over a unix socket, which the platform's own cannot. */
function overSocket(socketPath: string) {
  return (url: string, init: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      const { pathname } = new URL(url);
      const headers = Object.fromEntries(new Headers(init.headers));
      const method = init.method ?? 'GET';
      const out = request({ socketPath, path: pathname, method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () =>
          resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 500 })),
        );
      });
      out.once('error', reject);
      out.end(typeof init.body === 'string' ? init.body : undefined);
    });
}
