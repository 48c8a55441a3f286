import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from './gateway-load.ts';
import { npmPackage, type Peer, pythonPackage } from './packages.ts';
import { cores, spawnPinned } from './pinned.ts';

/** Importing all of LiteLLM takes half a minute on a cold disk. */
const startMsMax = 180_000;
const masterKey = 'sk-bench-0123456789abcdef';

/** A gateway that runs, in one process on the processor of gateways. */
export interface Running extends AsyncDisposable {
  readonly name: string;
  readonly target: Target;
  readonly pid: number;
}

/** The last that PyPI offers of all that it needs: from 1.103.8 on it asks for a newer certifi. */
export async function findLiteLlm(): Promise<Peer> {
  return await pythonPackage('litellm[proxy]', '1.103.7');
}

/** With a later @hono/node-server its streams fail (Portkey-AI/gateway#1389). */
export async function findPortkey(): Promise<Peer> {
  return await npmPackage('@portkey-ai/gateway', '1.15.2', {
    '@hono/node-server': '1.14.1',
  });
}

/** Without a database: one master key, no keys of its own, no spend, no log of requests. */
export async function startLiteLlm(python: string, upstream: string): Promise<Running> {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-bench-'));
  const config = path.join(folder, 'config.json');
  const model = { model: 'openai/fake', api_key: 'sk-fake', api_base: `${upstream}/v1` };
  await writeFile(
    config,
    JSON.stringify({
      model_list: [{ model_name: 'fake', litellm_params: model }],
      general_settings: { master_key: masterKey },
      litellm_settings: { request_timeout: 600, set_verbose: false, json_logs: true },
    }),
  );
  const port = await freePort();
  const words = ['--config', config, '--host', '127.0.0.1', '--port', String(port)];
  const child = spawnPinned(
    cores.gateway,
    [path.join(path.dirname(python), 'litellm'), ...words, '--num_workers', '1'],
    'ignore',
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        LITELLM_LOG: 'ERROR',
        LITELLM_MODE: 'PRODUCTION',
        // It would ask the network for prices.
        LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      },
    },
  );
  const address = `http://127.0.0.1:${port}`;
  await answers(child, `${address}/health/liveliness`);
  return {
    name: 'LiteLLM',
    pid: child.pid ?? 0,
    target: {
      url: `${address}/v1/chat/completions`,
      callers: [[`authorization: Bearer ${masterKey}`]],
      model: 'fake',
    },
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As its README starts it; it knows no keys of its own, and each request says where it goes. */
export async function startPortkey(folder: string, upstream: string): Promise<Running> {
  const port = await freePort();
  const script = path.join(folder, 'build/start-server.js');
  const child = spawnPinned(
    cores.gateway,
    [process.execPath, script, '--headless', `--port=${port}`],
    'ignore',
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        NODE_ENV: 'production',
        TRUSTED_CUSTOM_HOSTS: '127.0.0.1',
      },
    },
  );
  await answers(child, `http://127.0.0.1:${port}/`);
  return {
    name: 'Portkey',
    pid: child.pid ?? 0,
    target: {
      url: `http://127.0.0.1:${port}/v1/chat/completions`,
      callers: [
        [
          'authorization: Bearer sk-fake',
          'x-portkey-provider: openai',
          `x-portkey-custom-host: ${upstream}/v1`,
        ],
      ],
      model: 'fake',
    },
    [Symbol.asyncDispose]: async () => await end(child),
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (typeof bound !== 'object' || bound === null) throw new Error('not a port of TCP');
  return bound.port;
}

/** Waits until a GET of `url` is answered with 200; throws where the process ends before. */
export async function answers(child: ChildProcess, url: string): Promise<void> {
  const started = performance.now();
  while (performance.now() - started < startMsMax) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await delay(50);
  }
  child.kill('SIGKILL');
  throw new Error(`${url} was not ready after ${startMsMax / 1000} s`);
}

/** Ends a process as its keeper would, and by force where it stays. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(force);
}
