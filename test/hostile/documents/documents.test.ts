import { expect, it } from 'vitest';
import { long } from '../arena.ts';
import { flood } from './flood.ts';
import { readers } from './readers.ts';

/** `k/n` does the k-th of n parts of the long form, by a seed of its own. */
const [shard = 1, shards = 1] = (process.env['BREAKWATER_SHARD'] ?? '1/1').split('/').map(Number);
/** Given to repeat a run, or to make another one than the last. */
const seed = Number(process.env['BREAKWATER_SEED'] ?? 1) + shard - 1;
const documents = long ? Math.ceil(2_000_000 / shards) : 20_000;
const limitMs = long ? 3 * 3_600_000 : 300_000;

it(
  `reads ${documents} malformed documents: none throws, hangs or takes more than it may`,
  async () => {
    const report = await flood({
      module: new URL('./readers.ts', import.meta.url),
      readers,
      seed,
      documents,
      children: 2,
      documentMs: 3000,
      memoryMiB: 512,
    });
    console.log(
      `${report.documents} documents, ${Math.round(report.bytes / 1e6)} MB, by ${readers.length} ` +
        `readers; ${report.accepted} still taken, ${report.faults.length} faults (seed ${seed})`,
    );
    expect(report.faults).toEqual([]);
    expect(report.documents).toBeGreaterThanOrEqual(documents);
    expect(report.readers.filter((reader) => reader.documents === 0)).toEqual([]);
  },
  limitMs,
);
