import type { runs as contract } from '@breakwater/contract';
import { fromBase64, type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels, partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { setAudience } from '../../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { type Call, notFound, responseOf } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { writeAudiences } from '../suite/audiences.ts';
import { findSuite } from '../suite/store.ts';
import { accessTo } from './access.ts';
import { ofOneRun } from './one-run.ts';
import {
  countParts,
  countRuns,
  endRun as end,
  findRun,
  insertPart,
  insertRun,
  type RunRow,
  writeProgress,
} from './store.ts';

/** Of one party, of one suite or without one. */
const runsMax = 2_000;
/** Bytes of one log at most. */
const logBytesMax = 4 * 1024 ** 3;
/** Parts of one log at most; eight times as many as it takes. */
const partsMax = 4_096;

type Answer = Promise<Result<{ run: Id<'run'> }>>;

/** BEN-7: begins a run; whoever may run nothing of the suite begins none. */
export async function beginRun(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.beginRun>,
): Answer {
  const model = await services.content.putText(body.model, 'model.txt');
  const executed = await services.execute<{ run: Id<'run'> }>(envelope, async (tx, at) => {
    const party = partyOf(actor);
    const suite = body.suite ?? null;
    const access = await accessTo(tx, { suite, party }, party);
    if (!access.known) return notFound('a suite');
    if (!access.isWorker) return refuse(runNotAllowed);
    if ((await countRuns(tx, { suite, party })) >= runsMax) return refuse(tooMany);
    const id = newId('run');
    await insertRun(tx, {
      id,
      suite,
      party,
      model_content: model.id,
      model_key: services.content.blind(`benchmark.model\n${body.model}`),
      limits: body.limits,
      contamination: body.contamination,
      planned: body.planned ?? null,
      at,
    });
    await writeSeen(tx, { id, suite, party });
    return ok({
      events: [{ act: 'benchmark.run-begun', subject: id, data: { run: id, suite } }],
      contents: [{ ref: model, subject: id, level: sealed }],
      response: { run: id },
    });
  });
  return responseOf(executed);
}

async function writeSeen(
  tx: Transaction,
  { id, suite, party }: Pick<RunRow, 'id' | 'suite' | 'party'>,
): Promise<void> {
  if (suite === null) {
    await setAudience(tx, id, [{ principal: party, level: levels.all }]);
    return;
  }
  const row = await findSuite(tx, suite);
  if (row === null) throw new Error(`${id} is of no suite`);
  await writeAudiences(tx, row, ofOneRun(id, { party, items: new Set() }));
}

/** BEN-8: how far a run is; open pages of those who may see all results are told. */
export async function progress(
  services: Services,
  { actor, params, body, envelope }: Call<typeof contract.progress>,
): Answer {
  const executed = await services.execute<{ run: Id<'run'> }>(envelope, async (tx) => {
    const run = await workedOn(tx, params.run, actor.id);
    if (!run.ok) return run;
    const { id, samples, turns } = run.value;
    if (body.samples < samples || body.turns < turns) return refuse(goesBack);
    await writeProgress(tx, id, body);
    return ok({
      events: [{ act: 'benchmark.progressed', subject: id, data: { run: id, ...body } }],
      response: { run: id },
    });
  });
  return responseOf(executed);
}

/** BEN-8: a run of which no log will come. */
export async function endRun(
  services: Services,
  { actor, params, body, envelope }: Call<typeof contract.endRun>,
): Answer {
  const executed = await services.execute<{ run: Id<'run'> }>(envelope, async (tx, at) => {
    const run = await workedOn(tx, params.run, actor.id);
    if (!run.ok) return run;
    const { id } = run.value;
    await end(tx, id, { state: body.state, at });
    return ok({
      events: [{ act: 'benchmark.run-ended', subject: id, data: { run: id, state: body.state } }],
      response: { run: id },
    });
  });
  return responseOf(executed);
}

/** BEN-9: the next bytes of a log; where they begin has to be where it ends so far. */
export async function addPart(
  services: Services,
  { actor, params, body, envelope }: Call<typeof contract.addPart>,
): Promise<Result<{ size: number }>> {
  const bytes = fromBase64(body.bytes) ?? new Uint8Array();
  const ref = await services.content.put(bytes, {
    mediaType: 'application/octet-stream',
    name: 'part.bin',
  });
  const executed = await services.execute<{ size: number }>(envelope, async (tx) => {
    const run = await workedOn(tx, params.run, actor.id);
    if (!run.ok) return run;
    const { id, log_bytes: at } = run.value;
    if (body.at !== at) return refuse(outOfPlace(at, body.at));
    const size = at + bytes.length;
    const isMore = size > logBytesMax || (await countParts(tx, id)) >= partsMax;
    if (isMore) return refuse(logTooLarge);
    await insertPart(tx, id, { at_byte: at, bytes: bytes.length, content: ref.id });
    return ok({
      events: [],
      contents: [{ ref, subject: id, level: sealed }],
      response: { size },
    });
  });
  return responseOf(executed);
}

/** A run that goes on, for the party that works on it. */
export async function workedOn(
  tx: Transaction,
  id: string,
  party: string,
): Promise<Result<RunRow, 'worker-alone' | 'run-ended'>> {
  const run = await findRun(tx, id);
  const access = run === null ? null : await accessTo(tx, run, party);
  if (run === null || access?.isWorker !== true) return refuse(workerAlone);
  return run.state === 'running' ? ok(run) : refuse(runEnded);
}

const runNotAllowed = {
  code: 'run-not-allowed',
  expected: 'a suite that you may run',
  got: 'one that you may not',
  todo: 'ask its keeper',
} as const;
const tooMany = {
  code: 'too-many',
  expected: `at most ${runsMax} runs of one party, of a suite or without one`,
  got: 'one more',
  todo: 'seal another suite, or go on with the runs there are',
} as const;
const workerAlone = {
  code: 'worker-alone',
  expected: 'the party that began the run and may still run its suite',
  got: 'another, or one that no longer may',
  todo: 'ask the keeper of the suite',
} as const;
const runEnded = {
  code: 'run-ended',
  expected: 'a run that goes on',
  got: 'one that has ended',
  todo: 'begin another',
} as const;
const goesBack = {
  code: 'goes-back',
  expected: 'as many samples and turns as were told before, or more',
  got: 'fewer',
  todo: 'count on from what stands there',
} as const;
const logTooLarge = {
  code: 'log-too-large',
  expected: `a log of at most ${logBytesMax} bytes, in at most ${partsMax} parts`,
  got: 'more',
  todo: 'send larger parts, or split the run into several',
} as const;

function outOfPlace(expected: number, got: number) {
  return {
    code: 'part-out-of-place',
    expected: `bytes from ${expected} on, where the log ends so far`,
    got: `bytes from ${got} on`,
    todo: `go on at ${expected}`,
  } as const;
}
