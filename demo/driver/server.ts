import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const main = path.join(import.meta.dirname, '../../apps/server/src/main.ts');

/** The server under the demo, in a process group of its own, so that it can be killed whole. */
export interface ServerProcess {
  readonly address: string;
  readonly socket: string;
  /** Kills every process of the server at once, without warning. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  readonly pid: number;
  /** How many times longer than usual work may take here. */
  readonly patience: number;
  /** Told of every write that was answered with success, at that moment. */
  readonly acknowledged: ((answer: Acknowledged) => void) | null;
  /** Resolves once the process has ended by itself or was stopped. */
  ended(): Promise<void>;
}

/** A write the server said it had carried out. */
export interface Acknowledged {
  readonly operation: string;
  readonly params: unknown;
  readonly output: unknown;
}

export interface ServerOptions {
  readonly dataDirectory: string;
  readonly port: number;
  /** Added to this process's own; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** More than 1 where the server is killed again and again; 1 unless told. */
  readonly patience?: number;
  readonly acknowledged?: (answer: Acknowledged) => void;
}

/** Starts the server as `npm start` does and waits until it serves. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const address = `http://127.0.0.1:${options.port}`;
  if (await answers(address)) {
    throw new Error(
      `another server answers on port ${options.port}; stop it or choose one with --port`,
    );
  }
  let child = await launch(options, address);
  return {
    address,
    socket: path.join(options.dataDirectory, 'admin.sock'),
    patience: options.patience ?? 1,
    acknowledged: options.acknowledged ?? null,
    get pid() {
      return child.pid ?? 0;
    },
    async kill() {
      const gone = exitOf(child);
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await gone;
    },
    async restart() {
      child = await launch(options, address);
    },
    async stop() {
      const gone = exitOf(child);
      child.kill('SIGTERM');
      await gone;
    },
    ended: () => exitOf(child),
  };
}

async function launch(options: ServerOptions, address: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      BREAKWATER_DATA_DIRECTORY: options.dataDirectory,
      BREAKWATER_PORT: String(options.port),
      BREAKWATER_LOG_LEVEL: 'error',
      ...options.environment,
    },
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-8_000);
  });
  const deadline = Date.now() + 120_000;
  while (!(await answers(address))) {
    if (child.exitCode !== null) throw new Error(`the server stopped while starting: ${errors}`);
    if (Date.now() > deadline)
      throw new Error(`the server did not serve within two minutes: ${errors}`);
    await delay(50);
  }
  return child;
}

function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** True once the whole server is up: the address file is written last. */
async function answers(address: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const attempt = request(`${address}/readyz`, { timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    attempt.on('error', () => resolve(false));
    attempt.on('timeout', () => attempt.destroy());
    attempt.end();
  });
}

/** A fetch over the administrator's socket. */
export function socketFetch(socket: string) {
  return async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname, search } = new URL(url);
    return await new Promise((resolve, reject) => {
      const outgoing = request(
        {
          socketPath: socket,
          path: pathname + search,
          method: init.method ?? 'GET',
          headers: headersOf(init),
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            resolve(new Response(Buffer.concat(chunks), { status: incoming.statusCode ?? 500 }));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(typeof init.body === 'string' ? init.body : undefined);
    });
  };
}

function headersOf(init: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(init.headers).entries());
}
