import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reader } from './reader.ts';
import type { Fault, Job, Share } from './share.ts';
import { type ChildOptions, WatchedChild } from './watched-child.ts';

export interface Flood extends Omit<ChildOptions, 'names'> {
  /** What `module` exports. */
  readonly readers: readonly Reader[];
  readonly seed: number;
  /** Over all readers together. */
  readonly documents: number;
  readonly children: number;
}

/** What became of a flood: nothing may be in `faults`. */
export interface FloodReport {
  readonly documents: number;
  readonly accepted: number;
  readonly bytes: number;
  readonly faults: readonly Fault[];
  readonly readers: readonly ReaderReport[];
}

interface ReaderReport {
  readonly name: string;
  readonly documents: number;
  readonly accepted: number;
  /** What one document took at most, and all together. */
  readonly slowestMs: number;
  readonly readMs: number;
}

const SHARE_MAX = 2000;
const FAULTS_MAX = 50;

/** Lets `children` processes read malformed documents, and ends any that hangs or takes too much. */
export async function flood(options: Flood): Promise<FloodReport> {
  const jobs = jobsOf(options);
  const shares: Share[] = [];
  const faults: Fault[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-flood-'));
  const names = options.readers.map(({ reads }) => reads[0] ?? '');
  const work = async () => {
    let child: WatchedChild | null = null;
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      child ??= await WatchedChild.start(folder, { ...options, names });
      const outcome = await child.read(job);
      if (!('what' in outcome)) {
        shares.push(outcome);
        continue;
      }
      faults.push(outcome);
      await child.end();
      child = null;
      // what comes after the document that broke the child is still to be read
      const rest = { ...job, from: outcome.index + 1 };
      if (faults.length < FAULTS_MAX && rest.from < rest.to) jobs.unshift(rest);
    }
    await child?.end();
  };
  try {
    await Promise.all(Array.from({ length: options.children }, work));
  } finally {
    await rm(folder, { recursive: true });
  }
  return summed(names, shares, faults);
}

/** Small jobs, each reader in turn, so that no child is left with the slowest reader alone. */
function jobsOf({ seed, documents, readers }: Flood): Job[] {
  const whole = readers.reduce((sum, { share = 1 }) => sum + share, 0);
  const jobs = readers.flatMap(({ share = 1 }, reader) => {
    const count = Math.ceil((documents * share) / whole);
    return Array.from({ length: Math.ceil(count / SHARE_MAX) }, (_, at): Job => {
      const from = at * SHARE_MAX;
      return { seed, reader, from, to: Math.min(from + SHARE_MAX, count) };
    });
  });
  return jobs.toSorted((a, b) => a.from - b.from);
}

function summed(
  names: readonly string[],
  shares: readonly Share[],
  broken: readonly Fault[],
): FloodReport {
  const total = (of: readonly Share[], count: (share: Share) => number) =>
    of.reduce((sum, share) => sum + count(share), 0);
  return {
    documents: total(shares, (share) => share.documents),
    accepted: total(shares, (share) => share.accepted),
    bytes: total(shares, (share) => share.bytes),
    faults: [...broken, ...shares.flatMap((share) => share.faults)],
    readers: names.map((name, at): ReaderReport => {
      const own = shares.filter((share) => share.reader === at);
      return {
        name,
        documents: total(own, (share) => share.documents),
        accepted: total(own, (share) => share.accepted),
        slowestMs: Math.max(0, ...own.map((share) => share.slowestMs)),
        readMs: total(own, (share) => share.readMs),
      };
    }),
  };
}
