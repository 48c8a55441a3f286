import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clearEarlierDemo } from './clear.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-clear-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const names = async () => (await readdir(folder)).sort();

test('an earlier demo goes, what it fetched stays', async () => {
  expect(await clearEarlierDemo(folder, false)).toBe(false);
  await mkdir(path.join(folder, 'cache'));
  await mkdir(path.join(folder, 'database'));
  expect(await clearEarlierDemo(folder, false)).toBe(true);
  expect(await names()).toEqual(['cache', 'demo-is-emptied-each-time']);
});

test('nothing is removed from a folder that no demo made', async () => {
  await writeFile(path.join(folder, 'thesis.txt'), 'years');
  await expect(clearEarlierDemo(folder, false)).rejects.toThrow('no demo made');
  expect(await names()).toEqual(['thesis.txt']);
});

test("the demo's own place needs no mark", async () => {
  await mkdir(path.join(folder, 'database'));
  expect(await clearEarlierDemo(folder, true)).toBe(true);
});

test('nothing is removed under a running server', async () => {
  const server = createServer().listen(path.join(folder, 'admin.sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    await mkdir(path.join(folder, 'database'));
    await expect(clearEarlierDemo(folder, true)).rejects.toThrow('a server runs');
    expect(await names()).toEqual(['admin.sock', 'database']);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
