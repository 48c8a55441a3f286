import {
  checkMembership,
  checkOpening,
  type PublishedRoot,
  parseSuite,
  parseTask,
  readCommitment,
  readItem,
  readMembership,
  readOpening,
  readSealed,
} from '@breakwater/benchmark';
import { type BaselineRecord, baselineTimes, readBaselines } from '@breakwater/benchmark/baseline';
import { openBundle } from '@breakwater/benchmark/outcome';
import { readRuns, runsHead } from '@breakwater/benchmark/report';
import { parseVerifierKey } from '@breakwater/log';
import { type Reader, textOf, vectors, written } from '../reader.ts';

const sealed = 'packages/benchmark/vectors';
const published = readCommitment(vectors(sealed, 'commitment.json')()[0] ?? new Uint8Array());
/** Openings are held against it, as whoever was given one would. */
const root: PublishedRoot = published.ok ? published.value : { root: '', count: 0 };

const opening = readOpening(vectors(sealed, 'opening.json')()[0] ?? new Uint8Array());
const item = opening.ok ? opening.value.item : '';

/** Of whoever signed the bundle, so that one is accepted. */
const outcomes = 'packages/benchmark/vectors/outcome';
const outcomeKey = parseVerifierKey(
  textOf(vectors(outcomes, 'bundle.key')()[0] ?? new Uint8Array()).trim(),
);

/** A table of one run of each model, as `import` writes it. */
const head = runsHead.trim();
const table = [head, ...['m', 'n'].map(rowOf)].join('\n');

function rowOf(model: string): string {
  const cells: Readonly<Record<string, string>> = { model, task: 't', family: 'f', outcome: '1' };
  return head
    .split(',')
    .map((column) => cells[column] ?? '')
    .join();
}

/** What a person's session at a task wrote. */
const baseline: BaselineRecord = {
  format: 'breakwater-baseline/1',
  id: '00000000-0000-4000-8000-000000000001',
  ...{ suite: 'small', suite_version: '1', task: 'one.told-more', task_version: '1' },
  ...{ family: 'web', item_commitment: null, person: 'p-1', began: '2026-01-01T00:00:00.000Z' },
  ...{ minutes_worked: 12.5, minutes_paused: 1, minutes_away: 3, limit_minutes: 20, pauses: [1] },
  interruptions: [{ kind: 'closed', minutes: 3 }],
  ...{ lines: 3, files_out: 1, files_in: 0, end: 'submitted', score: 1, outcome: 'solved' },
  ...{ attempt: 1, first_attempt: true, source: 'timed baseline' },
};

async function* inPieces(document: Uint8Array): AsyncGenerator<Uint8Array> {
  const middle = document.length >> 1;
  yield document.subarray(0, middle);
  yield document.subarray(middle);
}

export const benchmarkReaders: readonly Reader[] = [
  {
    reads: ['@breakwater/benchmark#parseSuite'],
    seeds: vectors('suites/first-light', 'suite.json'),
    read: parseSuite,
  },
  {
    reads: ['@breakwater/benchmark#parseTask'],
    seeds: vectors('suites/first-light/tasks', 'task.json'),
    read: (document) => parseTask(document, 'web-archive'),
  },
  {
    reads: ['@breakwater/benchmark#readItem'],
    seeds: written(item),
    read: (document) => readItem(textOf(document)),
  },
  {
    reads: ['@breakwater/benchmark#readSealed'],
    seeds: vectors(sealed, 'sealed.json'),
    read: readSealed,
  },
  {
    reads: ['@breakwater/benchmark#readCommitment'],
    seeds: vectors(sealed, 'commitment.json'),
    read: readCommitment,
  },
  {
    reads: ['@breakwater/benchmark#readOpening'],
    seeds: vectors(sealed, 'opening.json'),
    read: (document) => {
      const read = readOpening(document);
      return read.ok ? checkOpening(read.value, root) : read;
    },
  },
  {
    reads: ['@breakwater/benchmark#readMembership'],
    seeds: vectors(sealed, 'membership.json'),
    read: (document) => {
      const read = readMembership(document);
      return read.ok ? checkMembership(read.value, root) : read;
    },
  },
  {
    reads: ['@breakwater/benchmark/outcome#openBundle'],
    seeds: vectors(outcomes, 'bundle.txt'),
    read: (document) => openBundle(textOf(document), outcomeKey.ok ? [outcomeKey.value] : []),
  },
  {
    reads: ['@breakwater/benchmark/report#readRuns'],
    seeds: written(table),
    read: (document) => readRuns(inPieces(document)),
  },
  {
    reads: ['@breakwater/benchmark/baseline#readBaselines'],
    seeds: written(baseline),
    read: (document) => {
      const read = readBaselines(textOf(document));
      return read.ok ? baselineTimes(read.value) : read;
    },
  },
];
