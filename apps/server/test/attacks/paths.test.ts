import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/http.ts';
import { type Listening, listen } from '../../src/platform/edge/listen.ts';
import { serveStatic } from '../../src/web.ts';
import { startTestServer, type TestServer } from '../harness.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-static-'));
const secret = 'a line of a file that is nobody’s to read';
let server: TestServer;
let files: Listening;
beforeAll(async () => {
  server = await startTestServer();
  mkdirSync(path.join(folder, 'web/assets'), { recursive: true });
  mkdirSync(path.join(folder, 'docs'));
  writeFileSync(path.join(folder, 'secret.txt'), secret);
  writeFileSync(path.join(folder, 'web/index.html'), 'the page');
  writeFileSync(path.join(folder, 'web/assets/main.js'), 'the script');
  symlinkSync('../../secret.txt', path.join(folder, 'web/assets/.hidden'));
  const app: App = new Hono();
  serveStatic(app, {
    services: server.services,
    directory: path.join(folder, 'web'),
    docsDirectory: path.join(folder, 'docs'),
  });
  files = await listen({
    fetch: (request, env) => app.fetch(request, env as never), // as start.ts hands it on
    where: { host: '127.0.0.1', port: 0 },
    tls: null,
    reloaded: () => {},
  });
});
afterAll(async () => {
  await files.close();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** As no client would send it: the path exactly as written. */
async function ask(target: string, port = files.port): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answered = '';
  socket.on('data', (data) => {
    answered += data.toString('utf8');
  });
  socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await once(socket, 'close');
  return answered;
}

const up = ['..', '%2e%2e', '.%2e', '%2e.', '..%00', '..;', '%252e%252e', '..\\', '%c0%ae%c0%ae'];
const slashes = ['/', '%2f', '%5c', '\\', '%252f', '//'];

describe('EDG-34 no path leaves its folder', () => {
  test('the files are there, or the walk would prove nothing', async () => {
    expect(await ask('/assets/main.js')).toContain('the script');
    expect(await ask('/')).toContain('the page');
  });

  test.each(['/assets/', '/docs/', '/log/tile/', '/log/tile/entries/', '/'])(
    'below %s',
    async (base) => {
      for (const dots of up) {
        for (const slash of slashes) {
          for (const depth of [1, 2, 3]) {
            const climb = `${dots}${slash}`.repeat(depth);
            for (const name of ['secret.txt', 'keys/signing', 'etc/passwd', 'package.json']) {
              const answered = await ask(`${base}${climb}${name}`);
              expect(answered).not.toContain(secret);
              expect(answered).not.toMatch(/root:|"workspaces"|privateKey/);
              expect(answered).toMatch(/^HTTP\/1\.1 (4\d\d|3\d\d|200)/);
            }
          }
        }
      }
    },
  );

  test.each([
    '/assets//etc/passwd',
    '/assets/%2fetc%2fpasswd',
    '//etc/passwd',
    '/log/tile//etc/passwd',
  ])('an absolute one: %s', async (target) => expect(await ask(target)).not.toContain('root:'));
});
