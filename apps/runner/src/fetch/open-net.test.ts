import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leadsInside } from './open-net.ts';
import { downloadTarball } from './tarball.ts';

describe('an address that a recipe names', () => {
  test.each([
    'https://127.0.0.1/a.tar',
    'https://localhost/a.tar',
    'https://[::1]/a.tar',
    'https://[::ffff:127.0.0.1]/a.tar',
    'https://[::ffff:169.254.169.254]/a.tar',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.1.2.3/a.tar',
    'https://2130706433/a.tar',
    'https://0x7f000001/a.tar',
    'https://0177.1/a.tar',
    'https://[64:ff9b::7f00:1]/a.tar',
  ])('leads inside: %s', async (url) => expect(await leadsInside(new URL(url))).toBe(true));

  test.each(['https://8.8.8.8/a.tar', 'https://[2606:4700::1111]/', 'https://name.invalid/'])(
    'leads elsewhere: %s',
    async (url) => expect(await leadsInside(new URL(url))).toBe(false),
  );

  test('is not asked where it leads inside', async () => {
    let asked = 0;
    const server = createServer((_, answer) => {
      asked += 1;
      answer.end('inside');
    });
    server.on('connection', () => {
      asked += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const folder = await mkdtemp(join(tmpdir(), 'open-net-test-'));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    try {
      for (const host of ['127.0.0.1', 'localhost']) {
        const download = await downloadTarball(`https://${host}:${port}/a.tar`, folder);
        expect(download).toEqual({ problem: expect.stringContaining('off the open net') });
      }
      expect(asked).toBe(0);
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  });
});
