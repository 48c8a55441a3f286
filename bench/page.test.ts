import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Measured, writeSections } from './page.ts';

test('a run replaces the sections of what it measured and leaves the others', async () => {
  const page = await emptyPage();
  writeSections([measured('log', 1), measured('api', 2)], page);
  writeSections([measured('log', 30)], page);
  const text = await readFile(page, 'utf8');
  expect([...text.matchAll(/^## .*$/gm)].map(String)).toEqual(['## api', '## log']);
  expect(text).toContain('| a row | 2 ms |');
  expect(text).toContain('| a row | 30 ms |');
  expect(text).not.toContain('| a row | 1 ms |');
  expect(text).toContain('load 0.5 as it began, 1.5 as it ended');
});

test('a limit says whether it is kept, a ratio of whom', async () => {
  const page = await emptyPage();
  const limit = { name: 'of all', value: 10 };
  const rows = [
    { name: 'fast', value: 9, unit: 'ms', limit: { ...limit, met: true } },
    { name: 'slow', value: 11, unit: 'ms', limit: { ...limit, met: false }, ratio: 2.5 },
  ];
  writeSections([{ ...measured('api', 0), report: { rows, peers: ['a peer 1.0'] } }], page);
  const text = await readFile(page, 'utf8');
  expect(text).toContain('Beside a peer 1.0.');
  expect(text).toContain('| fast | 9 ms | 10 ms, of all: kept |  |');
  expect(text).toContain('| slow | 11 ms | 10 ms, of all: **missed** | 2.5 |');
});

test('what others wrote is shown as it is and makes neither cell nor heading', async () => {
  const page = await emptyPage();
  const report = {
    rows: [{ name: 'a | b', value: 1, unit: '' }],
    notes: ['first\n## second <b>'],
  };
  writeSections([{ ...measured('api', 0), report }], page);
  const text = await readFile(page, 'utf8');
  expect(text).toContain('| a \\| b | 1 |');
  expect(text).toContain('- first ## second \\<b\\>');
  expect([...text.matchAll(/^## .*$/gm)]).toHaveLength(1);
});

async function emptyPage(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-page-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return path.join(folder, 'performance.md');
}

function measured(name: string, value: number): Measured {
  return {
    name,
    report: { rows: [{ name: 'a row', value, unit: 'ms' }] },
    machine: 'a machine',
    from: '2026-11-21T09:00:00Z',
    to: '2026-11-21T09:00:05Z',
    loadBefore: 0.5,
    loadAfter: 1.5,
  };
}
