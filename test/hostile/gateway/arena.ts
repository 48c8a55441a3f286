import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { usualLimits } from '../../../apps/server/src/slices/frontier/gateway/wire/gateway.ts';
import { openWorldOfWire, upstreamAt, type World } from '../../../apps/server/test/wiring.ts';

const isLong = process.env['BREAKWATER_LONG'] === '1';

/** How often each property is tried; and for how long, on a machine that is busy with others. */
export const tries = isLong ? 5_000 : 120;
export const triesMsMax = isLong ? 900_000 : 60_000;

export const quick = {
  ...usualLimits,
  headerMsMax: 300,
  requestMsMax: 600,
  closeMsMax: 50,
  exchange: { drainMsMax: 200, stallMsMax: 500, triesMax: 1, betweenMsMax: 0 },
  upstreams: { ...usualLimits.upstreams, connectMsMax: 500, headMsMax: 400, pieceMsMax: 400 },
};

/** A wire with little patience, and one key for one upstream. */
export async function openArena(baseUrl: string): Promise<{ at: World; secret: string }> {
  const at = await openWorldOfWire({ limits: quick });
  return { at, secret: at.key({ upstreams: [upstreamAt(baseUrl)] }) };
}

export interface RawUpstream {
  readonly baseUrl: string;
  /** What is said to whoever connects, once its request came. */
  say(bytes: readonly Buffer[], how: 'ends' | 'hangs' | 'resets'): void;
  close(): Promise<void>;
}

/** An upstream that says any bytes at all. */
export async function rawUpstream(): Promise<RawUpstream> {
  let bytes: readonly Buffer[] = [];
  let how: 'ends' | 'hangs' | 'resets' = 'ends';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', () => {
      for (const piece of bytes) socket.write(piece);
      if (how === 'ends') socket.end();
      else if (how === 'resets') socket.resetAndDestroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on a port
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    say(said, then) {
      bytes = said;
      how = then;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Says bytes piece by piece, then no more; resolves with all that comes back until it closes. */
export async function say(port: number, pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let answered = '';
  socket.on('data', (data) => {
    answered += data.toString('latin1');
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.once('end', () => socket.end());
  for (const piece of pieces) socket.write(piece);
  await closed;
  return answered;
}
