import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Engine } from './engines.ts';

/** The least that could answer: Node's own HTTP server and `select 1` on the engine, as a process. */
export async function startBareHttp(engine: Engine) {
  const script = path.join(import.meta.dirname, 'bare-http-process.ts');
  const child = fork(script, [engine.name, engine.dataDirectory, engine.databaseUrl ?? '']);
  const [port] = await once(child, 'message');
  return { address: `http://127.0.0.1:${String(port)}`, stop: () => child.disconnect() };
}
