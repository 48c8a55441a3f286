import { availableParallelism } from 'node:os';
import { horizons, seededRandom } from '@breakwater/statistics';
import { studyRuns } from '../packages/statistics/test/real-runs.ts';
import type { BenchOptions, Row } from './row.ts';

/**
 * Time horizons of 16 models from 4,257 real runs, with the hierarchical bootstrap that gives them
 * their intervals: on one processor, since it is one loop.
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const runs = studyRuns();
  const replicates = short ? 100 : 1000;
  const began = performance.now();
  const result = horizons(runs, { bootstrap: { replicates, random: seededRandom(1) } });
  const seconds = (performance.now() - began) / 1000;
  if (!result.ok) throw new Error(result.refusal.got);
  const { fits } = result.value;
  const again = performance.now();
  horizons(runs);
  const fitMs = performance.now() - again;
  return [
    { name: 'horizons of 16 models, fitted once', value: fitMs, unit: 'ms' },
    {
      name: `bootstrap of ${replicates} replicates × ${fits.length} models, one of ${availableParallelism()} processors`,
      value: seconds,
      unit: 's',
      limit: { name: 'order of work', value: 10, met: seconds < 10 },
    },
  ];
}
