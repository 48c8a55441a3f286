import type { runs as contract } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { newIds } from '../../../../platform/clock/clock.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { type Call, responseOf } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { writeAudiences } from '../suite/audiences.ts';
import { isWithin } from '../suite/rights.ts';
import { findSuite, itemsOf } from '../suite/store.ts';
import { accessTo } from './access.ts';
import type { FewAtOnce } from './few-at-once.ts';
import { logSource, unlessErased } from './log-source.ts';
import { ofOneRun } from './one-run.ts';
import { type ReadLogCode, type ReadSample, readLog } from './read-log.ts';
import { countSamples, insertSamples, type SampleRow } from './sample-store.ts';
import { endRun, findRun, partsOf, type RunRow } from './store.ts';
import { workedOn } from './work.ts';

/** Of all runs of one suite: its figures are counted over all of them at once. */
const suiteSamplesMax = 500_000;

type TakeInCode = ReadLogCode | 'part-missing';
type TakenIn = { run: Id<'run'>; samples: number };
/** By the id that a sample has in the log, the sealed item it is of. */
type ItemOf = ReadonlyMap<string, Id<'item'>>;

/** BEN-10: takes the log of a run in, once it is whole and its figures follow from its samples. */
export async function takeIn(
  services: Services,
  { fewAtOnce }: { readonly fewAtOnce: FewAtOnce },
  { actor, params, body, envelope }: Call<typeof contract.takeIn>,
): Promise<Result<TakenIn>> {
  const { run, parts } = await services.database.read(async (r) => ({
    run: await findRun(r, params.run),
    parts: await partsOf(r, params.run),
  }));
  // The same request sent again finds the run ended, and its answer where answers are kept.
  const goesOn = run?.state === 'running' && run.party === actor.id && run.log_bytes === body.size;
  const source = logSource(services.content, parts);
  const read = goesOn
    ? await fewAtOnce<readonly ReadSample[], TakeInCode>(
        actor.id,
        async () => (await unlessErased(() => readLog(source))) ?? refuse(partErased),
      )
    : ok([]);
  if (!read.ok) return read;
  const itemOf: ItemOf = new Map(body.items.map(({ sample, item }) => [sample, item]));
  const executed = await services.execute<TakenIn>(envelope, async (tx, at) => {
    const worked = await workedOn(tx, params.run, actor.id);
    if (!worked.ok) return worked;
    const found = worked.value;
    if (found.log_bytes !== body.size || !goesOn) {
      return refuse(partMissing(found.log_bytes, body.size));
    }
    const rows = await rowsOf(tx, { run: found, party: actor.id, samples: read.value, itemOf });
    if (!rows.ok) return rows;
    const { suite } = found;
    const before = suite === null ? 0 : await countSamples(tx, suite);
    if (before + rows.value.length > suiteSamplesMax) return refuse(suiteFull);
    await insertSamples(tx, rows.value);
    await endRun(tx, found.id, { state: 'taken-in', at });
    await writeSeen(tx, found, rows.value);
    const data = { run: found.id, samples: rows.value.length };
    return ok({
      events: [{ act: 'benchmark.taken-in', subject: found.id, data }],
      response: data,
    });
  });
  return responseOf(executed);
}

async function writeSeen(
  tx: Transaction,
  { id, suite, party }: RunRow,
  rows: readonly SampleRow[],
): Promise<void> {
  const row = suite === null ? null : await findSuite(tx, suite);
  if (row === null) return;
  const items = new Set(rows.flatMap(({ item }) => item ?? []));
  await writeAudiences(tx, row, ofOneRun(id, { party, items }));
}

interface Brought {
  readonly run: RunRow;
  readonly party: string;
  readonly samples: readonly ReadSample[];
  readonly itemOf: ItemOf;
}

/** The rows of a log: each sample of an item that its worker may run, each repetition once. */
async function rowsOf(
  tx: Transaction,
  { run, party, samples, itemOf }: Brought,
): Promise<Result<readonly SampleRow[], 'sample-of-no-item' | 'no-such-item' | 'epoch-twice'>> {
  const ofSuite = run.suite === null ? null : await itemsThere(tx, run, party);
  const ids = newIds('sample', samples.length);
  const tasks = new Map<string, number>();
  const seen = new Set<string>();
  const rows: SampleRow[] = [];
  for (const [place, sample] of samples.entries()) {
    const name = `${typeof sample.id} ${sample.id}`;
    const item = ofSuite === null ? null : (itemOf.get(String(sample.id)) ?? null);
    if (ofSuite !== null && item === null) return refuse(ofNoItem(place));
    if (item !== null && ofSuite?.has(item) !== true) return refuse(noSuchItem(place));
    const once = `${item ?? name} ${sample.epoch}`;
    if (seen.has(once)) return refuse(epochTwice(place));
    seen.add(once);
    const task = tasks.get(name) ?? tasks.size;
    tasks.set(name, task);
    const id = ids[place];
    if (id === undefined) throw new Error('fewer ids than samples');
    const contamination = sample.contamination ?? run.contamination;
    rows.push({ ...sample, id, run: run.id, place, item, task, contamination, review: 'open' });
  }
  return ok(rows);
}

async function itemsThere(
  tx: Transaction,
  run: RunRow,
  party: string,
): Promise<ReadonlySet<string>> {
  const { work } = await accessTo(tx, run, party);
  const items = await itemsOf(tx, run.suite ?? '');
  return new Set(items.flatMap(({ id }) => (isWithin(work, id) ? [id] : [])));
}

const partErased = {
  code: 'part-missing',
  expected: 'every part of the log',
  got: 'one that was erased',
  todo: 'begin another run, and send the log again',
} as const;

const suiteFull = {
  code: 'samples-too-many',
  expected: `at most ${suiteSamplesMax} samples in all runs of a suite`,
  got: 'more',
  todo: 'seal the suite again for further runs, or hand this one in by itself',
} as const;

function partMissing(have: number, told: number) {
  return {
    code: 'part-missing',
    expected: `a log of ${told} bytes, as you say`,
    got: `${have} bytes so far`,
    todo: 'send the parts that are missing, or tell the size that was sent',
  } as const;
}

function ofNoItem(place: number) {
  return {
    code: 'sample-of-no-item',
    expected: 'each sample of a run of a suite with the sealed item it is of',
    got: `sample ${place} of the log without one`,
    todo: 'name the item of each sample in `items`',
    pointer: '/items',
  } as const;
}

function noSuchItem(place: number) {
  return {
    code: 'no-such-item',
    expected: 'items of the suite that you may run',
    got: `another for sample ${place} of the log`,
    todo: 'take the ids from the items of the suite',
    pointer: '/items',
  } as const;
}

function epochTwice(place: number) {
  return {
    code: 'epoch-twice',
    expected: 'each repetition of an item once',
    got: `sample ${place} of the log, whose repetition stood there before`,
    todo: 'check which sample is of which item',
  } as const;
}
