import { toInstant } from '@breakwater/kernel';
import { expect, test, vi } from 'vitest';
import { plainKey } from '../../../../../test/wiring.ts';
import type { Change } from '../model.ts';
import { Admission, pollEveryMs } from './admission.ts';

/** A book that answers when it is told to, and what it was asked so far. */
function slowBook() {
  const admitted = plainKey();
  const changes: Change[] = [];
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const book = {
    // A hash that begins with e is of no key.
    known: async (hashes: readonly Buffer[]) =>
      await Promise.resolve(
        new Set(hashes.map((hash) => hash.toString('hex')).filter((hash) => hash[0] !== 'e')),
      ),
    async admit(hash: Buffer) {
      asked.push(hash.toString('hex'));
      await new Promise<void>((resolve) => void waiting.push(resolve));
      return hash[0] === 0 ? admitted : null;
    },
    async changesSince(seq: number) {
      return await Promise.resolve(changes.filter((change) => change.seq > seq));
    },
    lastChange: async () => await Promise.resolve(0),
  };
  return { book, admitted, changes, asked, waiting };
}

const key = '00'.repeat(32);

/** Has one stream under way with the key; what it is told from then on. */
async function openOne(
  admission: Admission,
  waiting: ReturnType<typeof slowBook>['waiting'],
): Promise<readonly string[]> {
  const finding = admission.find(key);
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  waiting.pop()?.();
  const known = await finding;
  if (typeof known === 'string') throw new Error(known);
  const told: string[] = [];
  known.open.set('one', {
    id: 'one',
    hold: () => void told.push('held'),
    release: () => void told.push('released'),
    cut: (why) => void told.push(why),
  });
  return told;
}

test('GAT-10 a stream whose key is long in being found out is held, and ends only after seconds', async () => {
  const { book, admitted, changes, waiting } = slowBook();
  let later = 0;
  const admission = new Admission({
    book,
    now: () => toInstant(new Date()),
    nowMs: () => performance.now() + later,
    failed: (error) => expect.unreachable(String(error)),
  });
  await admission.start();
  const told = await openOne(admission, waiting);
  changes.push({ seq: 1, kind: 'party', id: admitted.party });
  await vi.waitFor(() => expect(told).toEqual(['held']));
  const passed = vi.fn();
  later += 1_000;
  setTimeout(passed, 3 * pollEveryMs);
  await vi.waitFor(() => expect(passed).toHaveBeenCalled(), { timeout: 5_000 });
  expect(told).toEqual(['held']);
  waiting.pop()?.();
  await vi.waitFor(() => expect(told).toEqual(['held', 'released']));
  changes.push({ seq: 2, kind: 'party', id: admitted.party });
  await vi.waitFor(() => expect(told).toHaveLength(3));
  later += 3_000;
  await vi.waitFor(() => expect(told.slice(2)).toEqual(['held', 'cannot-tell']));
  admission.stop();
});

test('GAT-21 a key in doubt is asked for before all that wait, so that no flood has its streams cut', async () => {
  const { book, admitted, changes, asked, waiting } = slowBook();
  const faults: unknown[] = [];
  const admission = new Admission({
    book,
    now: () => toInstant(new Date()),
    nowMs: () => performance.now(),
    failed: (error) => void faults.push(error),
  });
  await admission.start();
  const told = await openOne(admission, waiting);
  const flood = Array.from({ length: 2_000 }, (_, n) =>
    Promise.resolve(admission.find((n + 1).toString(16).padStart(64, 'f'))),
  );
  changes.push({ seq: 1, kind: 'party', id: admitted.party });
  await vi.waitFor(() => expect(told).toEqual(['held']), { timeout: 10_000, interval: 5 });
  waiting.shift()?.();
  await vi.waitFor(() => expect(asked.at(-1)).toBe(key));
  waiting.at(-1)?.();
  await vi.waitFor(() => expect(told).toEqual(['held', 'released']));
  admission.stop();
  const ends = setInterval(() => {
    for (const go of waiting.splice(0)) go();
  }, 1);
  const answers = await Promise.all(flood);
  clearInterval(ends);
  expect(new Set(answers)).toEqual(new Set(['unknown', 'cannot-tell']));
  expect(faults).toEqual([]);
});

test('GAT-21 keys that somebody made up keep none that is one from being asked for', async () => {
  const { book, asked, waiting } = slowBook();
  const admission = new Admission({
    book,
    now: () => toInstant(new Date()),
    nowMs: () => performance.now(),
    failed: (error) => expect.unreachable(String(error)),
  });
  await admission.start();
  const flood = Array.from({ length: 5_000 }, (_, n) =>
    Promise.resolve(admission.find(n.toString(16).padStart(64, 'e'))),
  );
  const finding = admission.find(key);
  await vi.waitFor(() => expect(asked).toEqual([key]));
  waiting.pop()?.();
  expect(await finding).toMatchObject({ goodUntilMs: expect.any(Number) });
  expect(new Set(await Promise.all(flood))).toEqual(new Set(['unknown']));
  admission.stop();
});

test('GAT-21 where nobody can tell which keys there are, that is said to all and noted once', async () => {
  const { book } = slowBook();
  const failed = vi.fn();
  const admission = new Admission({
    book: { ...book, known: async () => await Promise.reject(new Error('away')) },
    now: () => toInstant(new Date()),
    nowMs: () => performance.now(),
    failed,
  });
  await admission.start();
  const flood = Array.from({ length: 900 }, (_, n) =>
    Promise.resolve(admission.find(n.toString(16).padStart(64, 'e'))),
  );
  expect(new Set(await Promise.all(flood))).toEqual(new Set(['cannot-tell']));
  // The first one is asked for by itself.
  expect(failed).toHaveBeenCalledTimes(2);
  admission.stop();
});

test('GAT-21 nobody waits for a book that says nothing at all', async () => {
  const { book } = slowBook();
  let later = 0;
  const admission = new Admission({
    book: { ...book, changesSince: async () => await new Promise(() => {}) },
    now: () => toInstant(new Date()),
    nowMs: () => performance.now() + later,
    failed: (error) => expect.unreachable(String(error)),
  });
  await admission.start();
  const finding = admission.find(key);
  later += 3_000;
  expect(await finding).toBe('cannot-tell');
  expect(admission.find(key)).toBe('cannot-tell');
  admission.stop();
});
