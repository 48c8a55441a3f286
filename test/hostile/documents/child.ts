/** A process that reads malformed documents until it is told to stop, or is stopped. */
import { openSync, writeSync } from 'node:fs';
import { faultOf } from './judge.ts';
import { malformedDocument } from './mutate.ts';
import { Random, seedOf } from './random.ts';
import type { Reader } from './reader.ts';
import { type Fault, Job, type Share } from './share.ts';

const FAULTS_MAX = 5;
const [, , module = '', placeFile = ''] = process.argv;

// tests of the flood itself bring readers of their own
const { readers }: { readers: readonly Reader[] } = await import(module);
const seedsOf = new Map<number, readonly Uint8Array[]>();
const place = openSync(placeFile, 'r+');
const placed = Buffer.alloc(4);

process.on('message', (message) => {
  void readShare(Job.parse(message)).then((share) => process.send?.(share));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function readShare({ seed, reader: at, from, to }: Job): Promise<Share> {
  const reader = readers[at];
  if (reader === undefined) throw new Error(`there is no reader ${at}`);
  const name = reader.reads[0] ?? '';
  const seeds = seedsOf.get(at) ?? reader.seeds();
  seedsOf.set(at, seeds);
  const faults: Fault[] = [];
  let [index, accepted, bytes, slowestMs, readMs] = [from, 0, 0, 0, 0];
  for (; index < to && faults.length < FAULTS_MAX; index += 1) {
    // where whoever watches finds it when this process cannot say anything any more
    placed.writeInt32LE(index);
    writeSync(place, placed, 0, 4, 0);
    const document = malformedDocument(seeds, new Random(seedOf(seed, at, index)));
    bytes += document.length;
    const begun = performance.now();
    try {
      const answer = await reader.read(document);
      const took = performance.now() - begun;
      slowestMs = Math.max(slowestMs, took);
      readMs += took;
      const fault = faultOf(answer, document.length, reader.growthMax ?? 150);
      if (fault !== null) faults.push({ reader: name, index, what: fault });
      else if (answer.ok) accepted += 1;
    } catch (error) {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      faults.push({ reader: name, index, what: `threw ${what.slice(0, 1000)}` });
    }
  }
  return { reader: at, documents: index - from, accepted, bytes, slowestMs, readMs, faults };
}
