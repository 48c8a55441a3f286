import { createServer } from 'node:net';

/** A port that was free a moment ago: a restarted server must come back under the same one. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const bound = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof bound !== 'object' || bound === null) throw new Error('expected a port');
  return bound.port;
}
