import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Case, operations } from '@breakwater/contract';
import { makeId } from '@breakwater/kernel';
import { ensureWebBuilt, webContentSecurityPolicy, webPages } from '@breakwater/web';
import { chromium, type Page } from 'playwright-core';
import type { BenchOptions, Row } from './row.ts';
import { quantile } from './timing.ts';

const bundleMax = 200_000;
const paintMsMax = 1_000;
const listMsMax = 100;

/**
 * The pages in Chromium against a server that answers at once, so that what is measured is the
 * client: what the first screen loads, when something is seen, and whether a list of 100,000 cases
 * can be scrolled to its end and narrowed without a wait. The API's own time is in `scale.ts`.
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const count = short ? 10_000 : 100_000;
  const { directory } = await ensureWebBuilt();
  await using server = await serve(directory, count);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: false,
    args: ['--disable-gpu'],
  });
  try {
    const paints = await repeat(short ? 3 : 15, () => firstPaint(browser, server.address));
    const page = await (await browser.newContext({ viewport: desk })).newPage();
    const first = await loadedBy(page, directory, server.address);
    const filters = await filterTimes(page, server.address, short ? 5 : 20);
    const frames = await scrollToEnd(page, server.address, count);
    return [
      row('first screen, script, gzip', first.script, 'bytes', 'the order', bundleMax),
      row('first screen, style, gzip', first.style, 'bytes'),
      row('something is seen, p50', quantile(paints, 0.5), 'ms', 'the order', paintMsMax),
      row('something is seen, p95', quantile(paints, 0.95), 'ms', 'the order', paintMsMax),
      row(
        'list narrowed, click to rows, p95',
        quantile(filters, 0.95),
        'ms',
        'the order',
        listMsMax,
      ),
      row(`${count} cases scrolled, frame, p50`, quantile(frames, 0.5), 'ms'),
      row(
        `${count} cases scrolled, frame, p95`,
        quantile(frames, 0.95),
        'ms',
        'the order',
        listMsMax,
      ),
      row(`${count} cases scrolled, frame, p99`, quantile(frames, 0.99), 'ms'),
    ];
  } finally {
    await browser.close();
  }
}

const desk = { width: 1280, height: 900 };

function row(name: string, value: number, unit: string, who?: string, max?: number): Row {
  if (who === undefined || max === undefined) return { name, value, unit };
  return { name, value, unit, limit: { name: who, value: max, met: value <= max } };
}

/** From the start of the navigation to the first contentful paint, in a browser without a cache. */
async function firstPaint(
  browser: Awaited<ReturnType<typeof chromium.launch>>,
  address: string,
): Promise<number> {
  const context = await browser.newContext({ viewport: desk });
  const page = await context.newPage();
  await page.goto(`${address}/cases`);
  await page.getByRole('heading', { name: 'Cases' }).waitFor();
  // The entry comes after the frame it tells of.
  const entry = await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  const at = Number(await entry.jsonValue());
  await context.close();
  return at;
}

/** What the first screen fetched until it stood, each file as gzip would send it. */
async function loadedBy(page: Page, directory: string, address: string) {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(`${address}/cases`);
  await page
    .getByRole('link', { name: /Case 1 / })
    .first()
    .waitFor();
  const files = await readdir(path.join(directory, 'assets'));
  const sizes = { script: 0, style: 0 };
  for (const file of files.filter((name) => fetched.includes(`/assets/${name}`))) {
    const bytes = gzipSync(await readFile(path.join(directory, 'assets', file)), { level: 9 });
    if (file.endsWith('.js')) sizes.script += bytes.length;
    if (file.endsWith('.css')) sizes.style += bytes.length;
  }
  return sizes;
}

/** From the choice of a stage to rows of that stage alone. */
async function filterTimes(page: Page, address: string, times: number): Promise<number[]> {
  await page.goto(`${address}/cases`);
  await page.getByLabel('Stage').waitFor();
  const took: number[] = [];
  for (let at = 0; at < times; at++) {
    const [stage, words] = at % 2 === 0 ? ['published', 'Published'] : ['received', 'Received'];
    took.push(
      await page.evaluate(
        ({ stage, words }) =>
          new Promise<number>((done) => {
            const select = [...document.querySelectorAll('select')].find(({ options }) =>
              [...options].some(({ value }) => value === stage),
            );
            const setter = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value');
            const start = performance.now();
            if (select !== undefined) setter?.set?.call(select, stage);
            select?.dispatchEvent(new Event('change', { bubbles: true }));
            const look = (): void => {
              const cells = [...document.querySelectorAll('.long-body .cell-stage')];
              const there = cells.length > 0 && cells.every((cell) => cell.textContent === words);
              if (there) done(performance.now() - start);
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          }),
        { stage: stage ?? '', words: words ?? '' },
      ),
    );
  }
  return took;
}

/** The time between frames while the list is scrolled as fast as its pages come, to its end. */
async function scrollToEnd(page: Page, address: string, count: number): Promise<number[]> {
  await page.goto(`${address}/cases`);
  await page
    .getByRole('link', { name: /Case 1 / })
    .first()
    .waitFor();
  return page.evaluate(
    (last) =>
      new Promise<number[]>((done, fail) => {
        const frames: number[] = [];
        let before = performance.now();
        const until = before + 120_000;
        const step = (): void => {
          const now = performance.now();
          frames.push(now - before);
          before = now;
          const rows = document.querySelectorAll('.long-body [data-index]');
          const index = Number(rows[rows.length - 1]?.getAttribute('data-index') ?? 0);
          const late = now > until;
          if (late) fail(new Error(`row ${index} of ${last} after two minutes`));
          else if (index >= last - 1) done(frames);
          else {
            scrollTo(0, document.documentElement.scrollHeight);
            requestAnimationFrame(step);
          }
        };
        requestAnimationFrame(step);
      }),
    count,
  );
}

interface Serving extends AsyncDisposable {
  readonly address: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

async function serve(directory: string, count: number): Promise<Serving> {
  const all = Array.from({ length: count }, (_, at) => caseNumber(at));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://bench');
    const answer = url.pathname.startsWith('/v1/')
      ? Promise.resolve(api(url, all, response))
      : file(url.pathname, directory, response);
    answer.catch((cause: unknown) => response.destroy(cause instanceof Error ? cause : undefined));
  });
  await listen(server);
  const { port } = server.address() as AddressInfo; // listening on TCP
  return {
    address: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((listening) => server.listen(0, '127.0.0.1', listening));
}

function api(url: URL, all: readonly Case[], response: ServerResponse): void {
  if (url.pathname === '/v1/events') {
    // Said once and left open, as a stream on which nothing happens.
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    return;
  }
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/v1/session') return void response.end(JSON.stringify({ me }));
  const stage = url.searchParams.get('stage');
  const rows = stage === null ? all : all.filter((one) => one.stage === stage);
  const from = Number(url.searchParams.get('after') ?? 0);
  const to = from + Number(url.searchParams.get('limit') ?? 50);
  const next = to < rows.length ? String(to) : null;
  response.end(JSON.stringify({ items: rows.slice(from, to), next }));
}

async function file(asked: string, directory: string, response: ServerResponse): Promise<void> {
  const isPage = webPages.some((page) => page === asked);
  const name = isPage ? 'index.html' : path.join('assets', path.basename(asked));
  const bytes = await readFile(path.join(directory, name)).catch(() => null);
  if (bytes === null) return void response.writeHead(404).end();
  response.setHeader('content-type', types[path.extname(name)] ?? 'application/octet-stream');
  response.setHeader('content-security-policy', webContentSecurityPolicy);
  response.end(bytes);
}

const me = {
  party: {
    id: makeId('party', new Uint8Array(26)),
    name: 'Harbor',
    role: 'coordinator',
    createdAt: '2026-01-01T00:00:00.000Z',
  },
  member: null,
  permissions: operations.map(({ id }) => id),
};

function caseNumber(at: number): Case {
  const bytes = Uint8Array.from({ length: 26 }, (_, place) => (at >> (place % 17)) & 0xff);
  return Case.parse({
    id: makeId('case', bytes),
    title: `Case ${at + 1} of a root cause in some parser`,
    package: `pkg:npm/package-${at % 500}`,
    version: `1.${at % 40}.0`,
    recipe: null,
    stage: at % 2 === 0 ? 'received' : 'published',
    openedAt: '2026-11-16T08:12:40.000Z',
    embargo: { state: 'open' },
    findings: 1 + (at % 5),
    level: 'all',
    mergedInto: null,
    advisory: null,
    revision: 1,
    changedAt: '2026-11-16T08:12:40.000Z',
    waitingFor: 'coordinator',
    due: null,
  });
}

async function repeat(times: number, work: () => Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for (let n = 0; n < times; n++) results.push(await work());
  return results;
}
