import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureWebBuilt } from '@breakwater/web';
import { expect, test } from 'vitest';

test('the web client is built once, by whoever comes first, and appears whole', async () => {
  const distDirectory = await mkdtemp(join(tmpdir(), 'breakwater-web-'));
  try {
    const told: string[] = [];
    const options = { distDirectory, log: (line: string) => void told.push(line) };
    const both = await Promise.all([ensureWebBuilt(options), ensureWebBuilt(options)]);
    expect(both[0]).toEqual(both[1]);
    const lines = told.length;
    expect(await ensureWebBuilt(options)).toEqual(both[0]);
    expect(told).toHaveLength(lines);
    // Drafts of the slower one are gone.
    expect(await readdir(distDirectory)).toHaveLength(1);
    expect((await readdir(both[0].directory)).toSorted()).toEqual([
      'assets',
      'checker.html',
      'index.html',
    ]);
  } finally {
    await rm(distDirectory, { recursive: true, force: true });
  }
});

test('older builds are forgotten but for the two before', async () => {
  const distDirectory = await mkdtemp(join(tmpdir(), 'breakwater-web-'));
  try {
    for (const [at, digit] of ['a', 'b', 'c', 'd'].entries()) {
      const old = join(distDirectory, digit.repeat(32));
      await mkdir(old);
      await utimes(old, 1_000 + at, 1_000 + at);
    }
    const { directory } = await ensureWebBuilt({ distDirectory });
    const kept = ['c'.repeat(32), 'd'.repeat(32), basename(directory)];
    expect((await readdir(distDirectory)).toSorted()).toEqual(kept.toSorted());
  } finally {
    await rm(distDirectory, { recursive: true, force: true });
  }
});

test('the page loads only its own files and holds no inline script or style', async () => {
  const { directory } = await ensureWebBuilt();
  const html = await readFile(join(directory, 'index.html'), 'utf8');
  const sources = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]);
  expect(sources.length).toBeGreaterThan(2);
  expect(sources.filter((source) => !source?.startsWith('/assets/'))).toEqual([]);
  expect(html.match(/<style|<script(?![^>]* src=)|\bon\w+=|\bstyle=/g)).toBe(null);
});
