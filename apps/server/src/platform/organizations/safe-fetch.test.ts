import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AddressNotAllowed, publicLookup, safeFetch } from './safe-fetch.ts';

let asked = 0;
let origin: string;
const server = createServer((request, answer) => {
  asked += 1;
  if (request.url === '/away') answer.writeHead(302, { location: `${origin}/secret` }).end();
  else if (request.url === '/large') answer.end(Buffer.alloc(2 * 1024 * 1024));
  else answer.end('inside');
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // server.listen on a port: the address is no path
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const get = { method: 'GET', headers: {} };

describe('an address that somebody chose', () => {
  test('is not asked in the clear, nor on this machine or behind it', async () => {
    const { port } = new URL(origin);
    for (const address of [
      origin,
      `https://127.0.0.1:${port}`,
      `https://localhost:${port}`,
      `https://[::1]:${port}`,
      `https://[::ffff:127.0.0.1]:${port}`,
      'https://169.254.169.254/latest/meta-data/',
      'https://user:password@example.org',
      'file:///etc/passwd',
    ]) {
      await expect(safeFetch(address, get, [])).rejects.toThrow(AddressNotAllowed);
    }
    expect(asked).toBe(0);
  });

  test('whose name means this machine is not connected to', async () => {
    const looked = await new Promise((resolve) =>
      publicLookup('localhost', {}, (error) => resolve(error)),
    );
    expect(looked).toBeInstanceOf(AddressNotAllowed);
  });

  test('that the administrator named is asked, and nothing is that it points to', async () => {
    const answer = await safeFetch(`${origin}/away`, get, [origin]);
    expect([answer.status, asked]).toEqual([302, 1]);
  });

  test('may not answer with more than can be read', async () => {
    await expect(safeFetch(`${origin}/large`, get, [origin])).rejects.toThrow('more than');
  });
});
