import { appendFile, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Digest } from '@breakwater/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RequestRow } from '../record/request-row.ts';
import { deleteJournal, Journal, processesIn, readJournal } from './journal.ts';
import { idBy, start, upstream } from './meters.fixture.ts';
import { fromsAt } from './spans.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-journal-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const { minute, day } = fromsAt(start);
const tokens = { inputTokens: 100, outputTokens: 50, costMicros: 1050 };
const digest = `sha256:${'0'.repeat(64)}` as Digest; // has its form

function reservation(n: number) {
  const row: RequestRow = {
    id: idBy('request', n),
    key: idBy('gkey', 1),
    holder: idBy('member', 1),
    party: idBy('party', 1),
    developer: idBy('party', 2),
    standsOn: idBy('partner', 1),
    model: idBy('model', 1),
    upstream: upstream.id,
    process: 'p-1',
    startedAt: start,
    endedAt: start,
    path: 'chat',
    job: null,
    stream: false,
    status: 500,
    figures: 'lost',
    reserved: tokens,
    settled: tokens,
    currency: 'USD',
    requestDigest: digest,
    responseDigest: null,
    marks: [],
    salt: 'cd'.repeat(32),
  };
  return { row, minute, day };
}

const end = {
  upstream: null,
  endedAt: start,
  status: 200,
  figures: 'upstream',
  settled: { ...tokens, outputTokens: 7 },
  currency: 'USD',
  responseDigest: null,
  marks: [],
} as const;

async function file(): Promise<string> {
  const [name = ''] = await readdir(folder);
  return path.join(folder, name);
}

test('what was reserved and how it ended is read again; a line that was cut off is nothing', async () => {
  const journal = new Journal(folder, 'p-1');
  journal.reserved(reservation(1));
  journal.reserved(reservation(2));
  journal.settled(idBy('request', 1), end);
  journal.close();
  await appendFile(await file(), '{"r":{"id"');
  expect(await readJournal(folder, 'p-1')).toEqual({
    settled: [{ ...reservation(1), row: { ...reservation(1).row, ...end } }],
    open: [reservation(2)],
    isBroken: false,
  });
  expect(await processesIn(folder)).toEqual(['p-1']);
  await deleteJournal(folder, 'p-1');
  expect(await readJournal(folder, 'p-1')).toBeNull();
});

test('a line within that nobody can read is told: the journal does not say all', async () => {
  const journal = new Journal(folder, 'p-1');
  journal.reserved(reservation(1));
  await appendFile(await file(), '{"r":{}}\n');
  journal.reserved(reservation(2));
  journal.close();
  const read = await readJournal(folder, 'p-1');
  expect([read?.open.length, read?.isBroken]).toEqual([2, true]);
});

test('a long journal is begun anew with what is open, and the old part goes once it is stored', async () => {
  const journal = new Journal(folder, 'p-1');
  const open = [reservation(1)];
  for (let n = 0; n < 12_000; n++) journal.reserved(reservation(1));
  journal.settled(idBy('request', 2), end);
  journal.trim({ settled: 3, stored: 2 }, () => open);
  expect((await readdir(folder)).length).toBe(2);
  journal.trim({ settled: 4, stored: 2 }, () => open);
  expect((await readdir(folder)).length).toBe(2);
  journal.trim({ settled: 4, stored: 3 }, () => open);
  expect((await readdir(folder)).length).toBe(1);
  journal.close();
  expect((await readJournal(folder, 'p-1'))?.open).toEqual(open);
});

test('a journal that is closed writes into nobody else’s file', async () => {
  const journal = new Journal(folder, 'p-1');
  journal.reserved(reservation(1));
  journal.close();
  const others = path.join(folder, 'others');
  // It has the number that was given back.
  await using _file = await open(others, 'w');
  expect(() => journal.reserved(reservation(2))).toThrow('closed');
  journal.trim({ settled: 1, stored: 1 }, () => []);
  expect(await readFile(others, 'utf8')).toBe('');
});
