import { type Operation, ProblemError, runs, suites } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { beginRun, bringRun, type HeldItem, sealSuite } from '../../apps/server/test/evaluating.ts';
import type { TestParty } from '../../apps/server/test/harness.ts';
import type { BenchmarkStep } from './history.ts';
import { type Deeds, type Scene, sentence } from './scene.ts';
import { type Answer, type Twin, textOfAll } from './twin.ts';

/**
 * A suite on both servers of which the watching evaluator may see one item, with its results. What
 * the hidden side does with the other item must not show.
 */
interface Shared {
  readonly suite: Id<'suite'>;
  readonly seen: HeldItem;
  readonly unseen: HeldItem;
  /** Samples of the unseen item that nobody has reviewed. */
  readonly samples: Id<'sample'>[];
  readonly run: Id<'run'>;
}

const sharedOf = new WeakMap<Twin, Shared>();

/** Seals the suite that both servers have, and brings a run of it. */
export async function furnishSuite(twin: Twin): Promise<void> {
  const { hidden, outside } = twin.crews;
  const keeper = hidden.evaluator;
  const { suite, items } = await sealSuite(keeper, ['web', 'crypto'], 'Shared in part');
  const [seen, unseen] = items;
  if (seen === undefined || unseen === undefined) throw new Error('expected two items');
  // Who brought a run reviews none of it.
  await keeper.client.call(suites.allow, {
    params: { suite },
    body: { party: twin.worker.id, right: 'run' },
  });
  const { run } = await bringRun(twin.worker, { suite, items });
  const { items: samples } = await keeper.client.call(runs.samples, { params: { run } });
  for (const right of ['items', 'results'] as const) {
    await keeper.client.call(suites.allow, {
      params: { suite },
      body: { party: outside.evaluator.id, right, item: seen.id },
    });
  }
  const left = samples.flatMap(({ id, item }) => (item === unseen.id ? [id] : []));
  sharedOf.set(twin, { suite, seen, unseen, samples: left, run });
}

/** What is sealed, shared, run, reviewed and looked at. */
export async function performBenchmark(scene: Scene, step: BenchmarkStep): Promise<Answer | null> {
  const { twin, deeds } = scene;
  const own = deeds[step.side];
  const keeper = twin.crews[step.side].evaluator;
  switch (step.act) {
    case 'seal-suite': {
      const { suite, items } = await sealSuite(keeper, ['web', 'crypto'], sentence(step));
      own.things.push({ kind: 'suite', id: suite });
      own.things.push(...items.map(({ id }) => ({ kind: 'item', id })));
      own.suites.push({ suite, items });
      return null;
    }
    case 'bring-run':
      return await bring(own, keeper, step);
    case 'begin-run': {
      const suite = own.suites[step.pick % Math.max(1, own.suites.length)]?.suite;
      const run = await beginRun(keeper, suite, sentence(step));
      own.things.push({ kind: 'run', id: run });
      const body = { samples: step.pick % 7, turns: step.pick % 70 };
      await keeper.client.call(runs.progress, { params: { run }, body });
      return null;
    }
    case 'let-know':
      return await letKnow(scene, step);
    case 'work-on-unseen':
      return await workOnUnseen(twin, step);
    case 'look-at-suites':
      return await lookAtSuites(twin);
  }
}

async function bring(own: Deeds, keeper: TestParty, { pick }: BenchmarkStep): Promise<null> {
  const of = own.suites[pick % Math.max(1, own.suites.length)] ?? { items: [] };
  const { run, samples } = await bringRun(keeper, of);
  own.things.push({ kind: 'run', id: run });
  own.things.push(...samples.map(({ id }) => ({ kind: 'sample', id })));
  return null;
}

/** Lets the watching evaluator see all, and takes it back before anybody looks. */
async function letKnow({ twin, deeds }: Scene, { side, pick }: BenchmarkStep): Promise<null> {
  const own = deeds[side];
  const suite = own.suites[pick % Math.max(1, own.suites.length)]?.suite;
  if (suite === undefined) return null;
  const keeper = twin.crews[side].evaluator;
  const other = twin.crews[side === 'hidden' ? 'outside' : 'hidden'].evaluator;
  const right = (['know', 'run', 'items', 'results'] as const)[pick % 4] ?? 'know';
  const given = { params: { suite }, body: { party: other.id, right } };
  await keeper.client.call(suites.allow, given);
  await keeper.client.call(suites.disallow, given);
  return null;
}

/** The hidden side's own: what happens to the item that the watcher may not know of. */
async function workOnUnseen(twin: Twin, { pick }: BenchmarkStep): Promise<null> {
  const shared = sharedOf.get(twin);
  if (shared === undefined) throw new Error('expected a furnished twin');
  const { suite, unseen, samples } = shared;
  const keeper = twin.crews.hidden.evaluator;
  const body = { salt: unseen.salt, item: unseen.item };
  const once = async (operation: Operation, params: object, sent: object) => {
    const call = keeper.client.call(operation, { params: params as never, body: sent as never }); // as it takes them
    await call.catch((error: unknown) => {
      // Done in an earlier history: it stays done.
      if (!(error instanceof ProblemError)) throw error;
    });
  };
  switch (pick % 5) {
    case 0:
      await once(suites.keepItem, { item: unseen.id }, body);
      return null;
    case 1:
      await once(suites.openItem, { item: unseen.id }, body);
      return null;
    case 2: {
      const run = await beginRun(keeper, suite);
      await once(runs.progress, { run }, { samples: 1, turns: 1 });
      return null;
    }
    case 3: {
      const sample = samples[pick % samples.length];
      await once(runs.review, { sample }, { verdict: 'invalid', reason: 'format' });
      return null;
    }
    default:
      await once(suites.allow, { suite }, { party: keeper.id, right: 'know', item: unseen.id });
      return null;
  }
}

/** Reads everything that the watching evaluator may read of suites and runs, one after the other. */
async function lookAtSuites(twin: Twin): Promise<Answer> {
  const { suite, run, seen, unseen, samples } = sharedOf.get(twin) ?? fail();
  const paths = [
    '/v1/suites',
    '/v1/runs',
    `/v1/suites/${suite}`,
    `/v1/suites/${suite}/items`,
    `/v1/suites/${suite}/figures`,
    `/v1/suites/${suite}/allowed`,
    `/v1/items/${seen.id}`,
    `/v1/items/${unseen.id}`,
    `/v1/runs?suite=${suite}`,
    `/v1/runs/${run}`,
    `/v1/runs/${run}/samples`,
    `/v1/runs/${run}/log`,
    `/v1/samples/${samples[0] ?? ''}`,
    `/v1/samples/${samples[0] ?? ''}/transcript`,
  ];
  const answers: Answer[] = [];
  for (const path of paths) answers.push(await twin.look('evaluator', { method: 'GET', path }));
  return textOfAll(answers);
}

function fail(): never {
  throw new Error('expected a furnished twin');
}
