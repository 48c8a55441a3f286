import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addMilliseconds } from '@breakwater/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../../../test/database.ts';
import { type ContentStore, openContentStore } from '../../../../platform/content/content.ts';
import { openKeyStore } from '../../../../platform/content/key-store.ts';
import { admittedBy, idBy, start } from '../meters/meters.fixture.ts';
import type { InsideEnd } from '../wire/inside.ts';
import { insertKeyBy } from './jobs.fixture.ts';
import { type JobParts, runNext } from './run.ts';
import { callsOf, findJob, insertJob, insertTemplate, markWithdrawn } from './store.ts';

const job = idBy('job', 1);
const party = idBy('party', 1);
const answered: InsideEnd = {
  ...{ status: 200, request: idBy('request', 1), refusal: null },
  body: Buffer.from(JSON.stringify({ choices: [{ message: { content: 'Harmless.' } }] })),
};
const body = Buffer.alloc(0);
const short = (retryAfter: number): InsideEnd => ({
  ...{ status: 429, request: null, body, refusal: { code: 'quota-spent', retryAfter } },
});
const never = new AbortController().signal;

let folder: string;
let opened: TestDatabase;
let content: ContentStore;
let now = start;
let asked: string[] = [];
let answer: (nth: number) => InsideEnd | 'cannot-tell';
let parts: JobParts;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-jobs-'));
  opened = await openTestDatabase();
  content = await openContentStore(
    path.join(folder, 'content'),
    await openKeyStore(path.join(folder, 'keys')),
  );
  now = start;
  asked = [];
  answer = () => answered;
  parts = {
    ...{ database: opened.database, content, now: () => now, process: () => 'p-1' },
    failed: (error) => {
      throw error;
    },
    async carryOut(call) {
      const { messages } = JSON.parse(call.ask(admittedBy(1, {})).body.toString());
      asked.push(JSON.parse(messages[1].content).repository.files[0].path);
      return await Promise.resolve(answer(asked.length));
    },
  };
  await handIn(['a.c', 'b.c', 'c.c']);
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function handIn(paths: readonly string[]): Promise<void> {
  const put = async (value: unknown) => (await content.putText(JSON.stringify(value), 'x.json')).id;
  const words = { name: 'Scan', purpose: 'It scans.', instructions: 'Scan it.', fields: [] };
  const portions = await Promise.all(
    paths.map((name, at) =>
      put({ part: at + 1, of: paths.length, files: [{ path: name, line: 1, text: 'int a;' }] }),
    ),
  );
  const template = { id: idBy('template', 1), scope: idBy('tier', 1) };
  const [words_content, inputs_content] = [await put(words), await put({})];
  await opened.database.write(async (tx) => {
    const more = { developer: idBy('party', 9), words_content, output_max: 9, at: start };
    await insertTemplate(tx, { ...template, ...more });
    await insertKeyBy(tx, 1);
    const row = { id: job, key: idBy('gkey', 1), template: template.id, party, at: start };
    await insertJob(tx, { ...row, inputs_content, files_content: null }, portions);
  });
}

async function stands() {
  return await opened.database.read(async (r) => {
    const row = await findJob(r, job, party);
    const calls = await callsOf(r, [job]);
    return [row?.ended_as ?? null, calls.filter(({ ended_at }) => ended_at !== null).length];
  });
}

test('GAT-54 a job whose calls are short of a quota goes on where it was when more comes', async () => {
  answer = (nth) => (nth === 2 ? short(60) : answered);
  await runNext(parts, never);
  expect([asked, await stands()]).toEqual([
    ['a.c', 'b.c'],
    [null, 1],
  ]);
  now = addMilliseconds(start, 59_000);
  expect(await runNext(parts, never)).toBe(false);
  now = addMilliseconds(start, 60_000);
  await runNext(parts, never);
  expect([asked, await stands()]).toEqual([
    ['a.c', 'b.c', 'b.c', 'c.c'],
    ['answered', 3],
  ]);
});

test('GAT-54 what is short for long ends a job, and the results before it stay', async () => {
  answer = (nth) => (nth === 2 ? short(3_600) : answered);
  await runNext(parts, never);
  expect(await stands()).toEqual(['refused', 2]);
  const calls = await opened.database.read((r) => callsOf(r, [job]));
  const texts = await Promise.all(
    calls.map(async ({ result_content: id }) => (id === null ? null : await content.getText(id))),
  );
  expect(texts).toEqual(['Harmless.', null, null]);
});

test('GAT-54 a job that was short again and again is tried ever less often, and refused after a day', async () => {
  answer = () => short(1);
  for (let minutes = 0; (await stands())[0] === null && minutes < 1_440; minutes += 5) {
    now = addMilliseconds(start, minutes * 60_000);
    await runNext(parts, never);
  }
  expect(await stands()).toEqual(['refused', 1]);
  expect(now > addMilliseconds(start, 75_000_000)).toBe(true);
  expect(asked.length).toBeLessThan(60);
});

test('GAT-54 what an endpoint failed at is not tried again, whatever it says of later', async () => {
  const timeout = { error: { code: 'timeout' } };
  answer = () => ({
    ...{ status: 408, request: idBy('request', 1), refusal: null },
    body: Buffer.from(JSON.stringify(timeout)),
  });
  await runNext(parts, never);
  expect([asked.length, await stands()]).toEqual([1, ['failed', 1]]);
});

test('GAT-54 where the gateway could not reach an endpoint a job waits, and says so where it was for long', async () => {
  const busy = (retryAfter: number): InsideEnd => ({
    ...{ status: 503, request: null, body, refusal: { code: 'upstream-busy', retryAfter } },
  });
  answer = (nth) => busy(nth === 1 ? 20 : 3_000);
  expect(await runNext(parts, never)).toBe(true);
  now = addMilliseconds(start, 20_000);
  await runNext(parts, never);
  const row = await opened.database.read((r) => findJob(r, job, party));
  expect(row).toMatchObject({ ended_as: 'failed', code: 'upstream-busy' });
});

test('GAT-50 a template that is withdrawn is not run from the next call on', async () => {
  const carryOut = parts.carryOut;
  parts = {
    ...parts,
    async carryOut(call) {
      await opened.database.write((tx) => markWithdrawn(tx, idBy('template', 1), now));
      return await carryOut(call);
    },
  };
  await runNext(parts, never);
  const row = await opened.database.read((r) => findJob(r, job, party));
  expect(row).toMatchObject({ ended_as: 'refused', code: 'template-withdrawn' });
  expect(asked).toEqual(['a.c']);
});

test('a process that closes, or knows no keys, leaves the calls that are left to another', async () => {
  const stop = new AbortController();
  answer = () => {
    stop.abort();
    return answered;
  };
  await runNext(parts, stop.signal);
  expect([asked, await stands()]).toEqual([['a.c'], [null, 1]]);
  answer = () => 'cannot-tell';
  expect(await runNext(parts, never)).toBe(false);
  answer = () => answered;
  await runNext(parts, never);
  expect([asked, await stands()]).toEqual([
    ['a.c', 'b.c', 'b.c', 'c.c'],
    ['answered', 3],
  ]);
});

test('a job is lost by the time since its newest call, not by all of its calls together', async () => {
  const aside = { ...parts, carryOut: parts.carryOut };
  answer = (nth) => {
    now = addMilliseconds(now, 900_000);
    return nth < 3 ? answered : short(3_600);
  };
  const meanwhile: unknown[] = [];
  aside.carryOut = async (call) => {
    const end = await parts.carryOut(call);
    meanwhile.push(await runNext(parts, never), (await stands())[0]);
    return end;
  };
  await runNext(aside, never);
  expect(meanwhile).toEqual([false, null, false, null, false, null]);
  expect(await stands()).toEqual(['refused', 3]);
});

test('a job whose process died is lost, with the results that it had', async () => {
  const died = new Promise<never>(() => {});
  const dying = { ...parts, carryOut: parts.carryOut };
  dying.carryOut = async (call) => (asked.length === 1 ? await died : await parts.carryOut(call));
  void runNext(dying, never);
  await expect.poll(stands).toEqual([null, 1]);
  now = addMilliseconds(start, 1_200_001);
  await runNext(parts, never);
  expect([asked, await stands()]).toEqual([['a.c'], ['lost', 1]]);
});
