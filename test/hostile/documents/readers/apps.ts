import { Readable } from 'node:stream';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { readFindings } from '../../../../apps/cli/src/api/import/read.ts';
import { escapeJson, escapeLine } from '../../../../apps/cli/src/escape.ts';
import { pathRefusal } from '../../../../apps/runner/src/sandbox/collect.ts';
import { pack, readFrames } from '../../../../apps/runner/src/sandbox/frames.ts';
import { missingWall, parseEvidence } from '../../../../apps/runner/src/sandbox/record.ts';
import { all, jsonOf, type Reader, textOf, written } from '../reader.ts';
import { csvSeeds, dojoSeeds, githubSeeds } from './findings.ts';

const attempts = Array.from({ length: 8 }, (_, i) => `attempt\ttcp ${i}\tconnect: refused\n`);
const evidence = written(
  `status\tSeccomp\t2\nstatus\tNoNewPrivs\t1\nstatus\tCapEff\t0000\ninterface\tlo\t\n${attempts.join('')}ready\t\t\n`,
);
// what a terminal must never be sent, whatever came from outside
const acting = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function refused(got: string): Result<never> {
  return refuse({ code: 'refused', expected: 'another document', got, todo: 'see there' });
}

export const appReaders: readonly Reader[] = [
  {
    reads: ['apps/cli#readFindings'],
    seeds: all(csvSeeds, dojoSeeds, githubSeeds),
    read: (document) =>
      readFindings(document, { columns: {}, given: { package: 'pkg:npm/a', version: '1.0.0' } }),
  },
  {
    reads: ['apps/cli#escapeLine', 'apps/cli#escapeJson'],
    seeds: written('\u001b[31mred\u001b[0m \u202Eabc', {
      a: '\u001b]0;t\u0007',
      b: [1, '\u009b2J'],
    }),
    // each level of JSON is written with its indentation
    growthMax: 600,
    read: (document) => {
      const line = escapeLine(textOf(document));
      const json = escapeJson(jsonOf(document));
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
