import { Readable } from 'node:stream';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { readFindings } from '../../../../apps/cli/src/api/import/read.ts';
import { escapeJson, escapeLine } from '../../../../apps/cli/src/escape.ts';
import { Stop } from '../../../../apps/cli/src/stop.ts';
import { pathRefusal } from '../../../../apps/runner/src/sandbox/collect.ts';
import { pack, readFrames } from '../../../../apps/runner/src/sandbox/frames.ts';
import { missingWall, parseEvidence } from '../../../../apps/runner/src/sandbox/record.ts';
import { all, type Reader, textOf, written } from '../reader.ts';
import { csvSeeds, dojoSeeds, githubSeeds, sarifSeeds } from './findings.ts';

const attempts = Array.from({ length: 8 }, (_, i) => `attempt\ttcp ${i}\tconnect: refused\n`);
const evidence = written(
  `status\tSeccomp\t2\nstatus\tNoNewPrivs\t1\nstatus\tCapEff\t0000\ninterface\tlo\t\n${attempts.join('')}ready\t\t\n`,
);
// what a terminal must never be sent, whatever came from outside
const acting = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function refused(got: string): Result<never> {
  const words = got.slice(0, 300);
  return refuse({ code: 'refused', expected: 'another document', got: words, todo: 'see there' });
}

export const appReaders: readonly Reader[] = [
  {
    reads: ['apps/cli#readFindings'],
    // every empty row of a table is told in sentences
    growthMax: 1000,
    seeds: all(csvSeeds, dojoSeeds, githubSeeds, sarifSeeds),
    read: readSource,
  },
  {
    reads: ['apps/cli#escapeLine', 'apps/cli#escapeJson'],
    seeds: written('\u001b[31mred\u001b[0m \u202Eabc', {
      a: '\u001b]0;t\u0007',
      b: [1, '\u009b2J'],
    }),
    read: (document) => {
      const line = escapeLine(textOf(document));
      const json = escapeJson([textOf(document)]);
      if (acting.test(line) || acting.test(json.replaceAll('\n', ''))) {
        throw new Error('a character that a terminal acts on was left');
      }
      return ok([line, json]);
    },
  },
  {
    reads: ['apps/runner#parseEvidence', 'apps/runner#missingWall'],
    seeds: evidence,
    read: (document) => {
      const found = parseEvidence(textOf(document));
      const missing = missingWall(found);
      return missing === null ? ok(found) : refused(missing);
    },
  },
  {
    reads: ['apps/runner#pathRefusal'],
    seeds: written('a/b/x', 'a', 'd/e'),
    read: (document) => {
      const refusal = pathRefusal(textOf(document), 4);
      return refusal === null ? ok(true) : refused(refusal);
    },
  },
  {
    reads: ['apps/runner#readFrames'],
    seeds: () => [pack(['ohello', 'x']), pack(['vready'])],
    read: readAllFrames,
  },
];

/** As the command line reads a file; damage that shows on the way ends it with a sentence. */
async function readSource(document: Uint8Array): Promise<Result<unknown>> {
  async function* chunks() {
    for (let at = 0; at < document.length; at += 1000) yield document.subarray(at, at + 1000);
  }
  const source = {
    head: document,
    size: document.length,
    chunks,
    whole: () => Promise.resolve(document),
  };
  const given = { package: 'pkg:npm/a', version: '1.0.0' };
  try {
    const read = await readFindings(source, { columns: {}, given });
    if (!read.ok) return read;
    const rows: unknown[] = [];
    for await (const some of read.value.rows) rows.push(some);
    return ok(rows);
  } catch (error) {
    if (error instanceof Stop) return refused(error.message);
    throw error;
  }
}

/** The launcher is trusted; what it passes on is not, and a broken frame must end the reading. */
async function readAllFrames(document: Uint8Array): Promise<Result<unknown>> {
  const kinds: string[] = [];
  const stream = Readable.from([Buffer.from(document)], { objectMode: false });
  try {
    for await (const { kind } of readFrames(stream)) kinds.push(kind);
    return ok(kinds);
  } catch (error) {
    const words = error instanceof Error ? error.message : '';
    if (!words.startsWith('launcher sent a')) throw error;
    return refused(words);
  }
}
