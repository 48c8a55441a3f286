import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { Bodies } from './body.ts';
import { usualLimits } from './gateway.ts';

test('a body whose sender went before anybody began to read it is broken off', async () => {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
  const server = createServer((request) => {
    request.on('error', () => {}).once('close', () => resolve(request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on a port
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf', () => {
    socket.resetAndDestroy();
  });
  const bodies = new Bodies(usualLimits.bodies);
  expect(await bodies.read(await promise, 'party')).toBe('broken-off');
  server.close();
});
