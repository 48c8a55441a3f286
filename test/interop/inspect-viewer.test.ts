import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEvalLog } from '@breakwater/formats/eval-log';
import { afterAll, describe, expect, test } from 'vitest';
import { fileSource, nodeCodecs } from '../../packages/formats/src/eval-log/testing/node-codecs.ts';
import { done } from '../../packages/formats/src/eval-log/testing/sample-log.ts';
import { noBrowser, startChromium } from '../browser/chromium.ts';
import { expectShown, logOfRun } from './inspect-shown.ts';

// Our logs in Inspect's viewer as npm has it: a page that reads them by ranges of bytes. It is
// installed apart, in its pinned version, in the long form alone.
const isLong = process.env['BREAKWATER_LONG'] === '1';

const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-inspect-viewer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const site = path.join(folder, 'viewer/site');
const hasViewer = isLong && noBrowser === null && install(path.join(folder, 'viewer'));

function install(place: string): boolean {
  const from = path.join(import.meta.dirname, 'inspect-viewer');
  cpSync(from, place, { recursive: true });
  const ci = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  if (spawnSync('npm', ci, { cwd: place, timeout: 480_000 }).status !== 0) return false;
  const build = spawnSync(process.execPath, ['build.mjs', place], { cwd: place, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(build.stderr.slice(0, 2_000));
  return true;
}

describe.skipIf(!hasViewer)('@metrevals/inspect-log-viewer (test:interop, npm, chromium)', () => {
  test('the log of a run of ours is shown whole', { timeout: 240_000 }, async () => {
    const file = await logOfRun(folder);
    await using served = await serve(file);
    const browser = await startChromium();
    try {
      await expectShown(browser, `${served.address}/#/logs/logs%2F${path.basename(file)}`);
      expect(served.ranges()).toBeGreaterThan(3);
    } finally {
      await browser.close();
    }
  });
});

/** The viewer, the list of logs that it asks for, and the log by ranges of its bytes. */
async function serve(file: string) {
  const { header } = done(await openEvalLog(fileSource(file), nodeCodecs));
  const listed = { ...header.eval, status: header.status };
  const listing = JSON.stringify({ [path.basename(file)]: listed });
  const bytes = readFileSync(file);
  const page =
    '<!doctype html><link rel="stylesheet" href="page.css"><div id="app"></div>' +
    '<script type="module" src="page.js"></script>';
  let ranges = 0;
  const part = (answer: ServerResponse, range: RegExpExecArray | null) => {
    if (range === null) return void answer.setHeader('content-length', bytes.length).end(bytes);
    const [from, to] = [Number(range[1]), Number(range[2])];
    ranges += 1;
    answer.setHeader('content-range', `bytes ${from}-${to}/${bytes.length}`);
    answer.writeHead(206).end(bytes.subarray(from, to + 1));
  };
  const sends: Readonly<Record<string, readonly [string, () => string | Buffer]>> = {
    '/': ['text/html', () => page],
    '/page.js': ['text/javascript', () => readFileSync(path.join(site, 'page.js'))],
    '/page.css': ['text/css', () => readFileSync(path.join(site, 'page.css'))],
    '/logs/listing.json': ['application/json', () => listing],
  };
  const server = createServer((asked, answer) => {
    const { pathname } = new URL(asked.url ?? '/', 'http://viewer');
    const [type, body] = sends[pathname] ?? [];
    if (type !== undefined && body !== undefined) {
      answer.setHeader('content-type', type).end(body());
    } else if (decodeURIComponent(pathname) === `/logs/${path.basename(file)}`) {
      part(answer, /^bytes=(\d+)-(\d+)$/u.exec(asked.headers.range ?? ''));
    } else answer.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    address: `http://127.0.0.1:${bound.port}`,
    ranges: () => ranges,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
