import type { LogEnd, LogSource } from '@breakwater/formats/eval-log';
import { beginEvalLog, openEvalLog } from '@breakwater/formats/eval-log';
import { expect, test } from 'vitest';
import {
  MemoryFile,
  memorySource,
  nodeCodecs,
} from '../../../../../../../packages/formats/src/eval-log/testing/node-codecs.ts';
import {
  done,
  end,
  samples,
  start,
  writtenLog,
} from '../../../../../../../packages/formats/src/eval-log/testing/sample-log.ts';
import { withMember } from '../../../../../../../packages/formats/src/eval-log/testing/with-member.ts';
import { readLog, readLogLimits } from './read-log.ts';

/** The log of four samples with another header, or with marks on one of them. */
async function logWith(change: {
  readonly accuracy?: number;
  readonly marks?: object;
  readonly cluster?: string;
  readonly figures?: number;
}): Promise<LogSource> {
  const file = new MemoryFile();
  const writer = done(await beginEvalLog(file, nodeCodecs, start));
  for (const [i, { sample, events }] of samples.entries()) {
    const metadata = i === 0 ? change.marks : undefined;
    done(await writer.sample(metadata === undefined ? sample : { ...sample, metadata }, events));
  }
  const [score] = end.results?.scores ?? [];
  if (score === undefined) throw new Error('expected a score');
  const accuracy = { name: 'accuracy', value: change.accuracy ?? 0.75, params: {} };
  const { cluster, figures = 0 } = change;
  const more = Array.from({ length: figures }, (_, n) => [`more${n}`, { name: 'none', value: 0 }]);
  const clustered = { name: 'none', value: 0, params: { cluster } };
  const results: LogEnd['results'] = {
    ...end.results,
    scores: [
      {
        ...score,
        metrics: {
          ...score.metrics,
          accuracy,
          ...Object.fromEntries(more),
          ...(cluster !== undefined && { clustered }),
        },
      },
    ],
  };
  done(await writer.finish({ ...end, results }, []));
  return memorySource(file.bytes);
}

const codeOf = async (source: LogSource) => {
  const read = await readLog(source);
  return read.ok ? null : read.refusal.code;
};

test('BEN-10 a log is read into its samples, with their marks', async () => {
  const marks = { contamination: 'suspected' };
  const read = done(await readLog(await logWith({ marks })));
  expect(read.map(({ id, epoch, score }) => [id, epoch, score])).toEqual([
    ['web', 1, 1],
    ['web', 2, 0],
    ['crypto', 1, 1],
    ['crypto', 2, null],
  ]);
  expect(read.map(({ contamination }) => contamination)).toEqual(['suspected', null, null, null]);
});

test('BEN-10 a figure that does not follow from the samples is refused with what follows', async () => {
  const read = await readLog(await logWith({ accuracy: 0.76 }));
  expect(read).toMatchObject({
    ok: false,
    refusal: { code: 'figures-differ', got: '0.76' },
  });
  expect(await codeOf(await logWith({ accuracy: 0.75 + 1e-12 }))).toBeNull();
});

test('BEN-10 a log that is cut off, damaged, or none is refused', async () => {
  expect(await codeOf(memorySource(await writtenLog('flushed')))).toBe('log-unfinished');
  expect(await codeOf(memorySource(new Uint8Array(200)))).toBe('not-a-log');
  const whole = await writtenLog('whole');
  const half = whole.slice();
  half.fill(0xff, 40, whole.length - 400);
  expect(await codeOf(memorySource(half))).not.toBeNull();
});

test('BEN-10 what a summary says of a sample has to stand in the sample, and each has one', async () => {
  const whole = await writtenLog('whole');
  const log = done(await openEvalLog(memorySource(whole), nodeCodecs));
  const page = done(await log.summaries({ from: 0, limit: 9 }));
  const told = page.items.map((each) =>
    each.epoch === 2 && each.id === 'web' ? { ...each, scores: { match: { value: 'C' } } } : each,
  );
  const withSummaries = async (content: unknown) =>
    await readLog(memorySource(await withMember(whole, 'summaries.json', content)));
  expect(await withSummaries(told)).toMatchObject({
    refusal: { code: 'samples-differ', expected: expect.stringContaining('sample web, epoch 2') },
  });
  expect(await withSummaries(page.items.slice(0, 3))).toMatchObject({
    refusal: { code: 'samples-differ', got: '3 summaries' },
  });
  const [first] = page.items;
  expect(await withSummaries([...page.items, { ...first, id: 'none' }])).toMatchObject({
    refusal: { code: 'no-such-sample', got: 'none_epoch_1' },
  });
  const source = memorySource(whole);
  expect(await readLog(source, { ...readLogLimits, unpackedMax: 3_000 })).toMatchObject({
    refusal: { code: 'too-large' },
  });
});

test('BEN-10 a header with more figures than can be computed again in time is refused', async () => {
  expect(await codeOf(await logWith({ figures: 500 }))).toBeNull();
  // Of a few bytes when packed: each costs a walk through all samples, in which nobody else is served.
  expect(await codeOf(await logWith({ figures: 1_000 }))).toBe('too-many');
  const source = await logWith({ figures: 500 });
  expect(await readLog(source, { ...readLogLimits, workMax: 1_000 })).toMatchObject({
    refusal: { code: 'too-many', got: '503 figures' },
  });
});

test('BEN-10 what is held of a log at once is bounded, however far it unpacks', async () => {
  const family = 'x'.repeat(10_000);
  const source = await logWith({ cluster: 'family', marks: { family } });
  const read = async (heldMax: number) => await readLog(source, { ...readLogLimits, heldMax });
  expect(await read(20_000)).toMatchObject({ ok: true });
  expect(await read(900)).toMatchObject({ refusal: { code: 'too-large' } });
});
