import { designate, engage, type RuleDocument, suites } from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import { bringRun, type HeldItem, sealSuite } from './evaluating.ts';
import type { TestParty, TestServer } from './harness.ts';

/** Everybody who takes part in designating a model, on one server. */
export interface Cast {
  readonly server: TestServer;
  readonly developer: TestParty;
  readonly liaison: TestParty;
  readonly official: TestParty;
  readonly evaluator: TestParty;
}

export async function castOf(server: TestServer): Promise<Cast> {
  return {
    server,
    developer: await server.party('developer', 'Developer'),
    liaison: await server.party('liaison', 'Liaison'),
    official: await server.party('official', 'Official'),
    evaluator: await server.party('evaluator', 'Evaluator'),
  };
}

export async function openEngagementOf({ developer, liaison, official }: Cast) {
  return await developer.client.call(engage.open, {
    body: engage.open.body.parse({
      codename: 'Osprey',
      wants: 'inquiry',
      zone: 'UTC',
      openWeight: false,
      government: liaison.id,
      seers: [{ party: official.id, level: 'detail' }],
    }),
  });
}

const dayMs = 86_400_000;

/**
 * Lets the log sign what waits. Before each batch and after the last `stepMs` pass: a batch is fixed
 * at most once in the log's cadence.
 */
export async function signed(server: TestServer, stepMs: number = dayMs): Promise<void> {
  const { database, sequencer } = server.services;
  const waiting = async () =>
    await database.read((r) => r.row(sql`select 1 from journal.entry where batch is null limit 1`));
  for (let ticks = 0; ticks < 50 && (await waiting()) !== null; ticks++) {
    later(server, stepMs);
    await sequencer.tick();
  }
  later(server, stepMs);
}

function later({ clock }: TestServer, stepMs: number): void {
  clock.set(addMilliseconds(clock.now(), stepMs));
}

export const anyRule = {
  format: 'breakwater-threshold-rule/1',
  measure: 'accuracy',
  budget: { tokens: 2_000_000 },
  repetitions: 1,
  level: 0.9,
  threshold: 0.9,
  counts: 'without-invalid',
} as const;

/** A sealed suite of the two items of the scripted log, and a rule on it. */
export async function ruleOn(
  { server, liaison, evaluator }: Cast,
  more: Partial<RuleDocument> = {},
): Promise<{
  readonly suite: Id<'suite'>;
  readonly items: readonly HeldItem[];
  readonly rule: Id<'rule'>;
  readonly document: RuleDocument;
}> {
  const { suite, items } = await sealSuite(evaluator, ['web', 'crypto']);
  const { commitment } = await evaluator.client.call(suites.suite, { params: { suite } });
  const document: RuleDocument = { ...anyRule, suite: commitment, ...more };
  const { rule } = await liaison.client.call(designate.registerRule, {
    body: { document, seers: [evaluator.id] },
  });
  await signed(server);
  return { suite, items, rule, document };
}

export async function openFileOf(
  {
    liaison,
    official,
    evaluator,
  }: Pick<Cast, 'liaison' | 'official'> & { readonly evaluator: Pick<TestParty, 'id'> },
  of: { readonly engagement?: Id<'engagement'>; readonly rule?: Id<'rule'> },
): Promise<Id<'file'>> {
  const body = { ...of, official: official.id, seers: [evaluator.id] };
  return (await liaison.client.call(designate.openFile, { body })).file;
}

/** Records the three consultations, and has the official enter what was determined. */
export async function determine(
  { liaison, official }: Cast,
  file: Id<'file'>,
  said: {
    readonly date: string;
    readonly outcome?: 'covered' | 'not-covered' | 'withdrawn';
    readonly reference?: string;
  },
): Promise<Id<'determination'>> {
  const params = { file };
  for (const office of ['ncd', 'apst', 'cisa-director'] as const) {
    await liaison.client.call(designate.consult, {
      params,
      body: { office, date: said.date, reference: 'TRS-2026-11' },
    });
  }
  const { date, outcome = 'covered', reference = 'NSA-2026-0117' } = said;
  const entered = await official.client.call(designate.determine, {
    params,
    body: { outcome, date, reference },
  });
  return entered.determination;
}

/** An engagement, a rule, a run, an evaluation and a determination that came of them. */
export async function designateModel(cast: Cast) {
  const { evaluator, server } = cast;
  const { engagement } = await openEngagementOf(cast);
  const { suite, items, rule, document } = await ruleOn(cast);
  const file = await openFileOf(cast, { engagement, rule });
  const { run, samples } = await bringRun(evaluator, { suite, items });
  await evaluator.client.call(designate.attachRun, { params: { file }, body: { run } });
  const evaluated = await evaluator.client.call(designate.evaluate, {
    params: { file },
    body: {},
  });
  const date = server.clock.now().slice(0, 10);
  const determination = await determine(cast, file, { date });
  return { engagement, suite, items, rule, document, file, run, samples, determination, evaluated };
}

/** A rule, a file on an engagement, and what was determined in it. */
export async function designateIn(
  cast: Cast,
  engagement: Id<'engagement'>,
): Promise<Record<'rule' | 'file' | 'determination' | 'fileOpening', string>> {
  const { liaison, evaluator, server } = cast;
  const { rule } = await liaison.client.call(designate.registerRule, {
    body: { document: { ...anyRule, suite: 'a'.repeat(64) }, seers: [evaluator.id] },
  });
  const file = await openFileOf(cast, { engagement, rule });
  const date = server.clock.now().slice(0, 10);
  const determination = await determine(cast, file, { date });
  const { items } = await liaison.client.call(designate.acts, { params: { file } });
  return { rule, file, determination, fileOpening: items[0]?.entry ?? '' };
}
