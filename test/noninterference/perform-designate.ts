import {
  type Body,
  consultedOffices,
  designate,
  type RuleDocument,
  suites,
} from '@breakwater/contract';
import { bytesToHex, type Id, parseId, sha256, utf8 } from '@breakwater/kernel';
import { bringRun, type HeldItem, sealSuite } from '../../apps/server/test/evaluating.ts';
import type { DesignateStep } from './history.ts';
import { performEngage } from './perform-engage.ts';
import { actorOf, keep, type Scene, sentence } from './scene.ts';
import { type Answer, type Twin, textOfAll } from './twin.ts';

/** A rule of the hidden side that stands in the log, with the suite it judges. */
interface Judging {
  readonly rule: Id<'rule'>;
  readonly suite: Id<'suite'>;
  readonly items: readonly HeldItem[];
}

const judgingOf = new WeakMap<Twin, Judging>();

/** Runs count that begin after their rule was signed: it is registered before any history. */
export async function furnishRule(twin: Twin): Promise<void> {
  const { evaluator, liaison } = twin.crews.hidden;
  const { suite, items } = await sealSuite(evaluator, ['web', 'crypto'], 'To be judged');
  const { commitment } = await evaluator.client.call(suites.suite, { params: { suite } });
  const { rule } = await liaison.client.call(designate.registerRule, {
    body: { document: { ...anyRule, suite: commitment }, seers: [evaluator.id] },
  });
  judgingOf.set(twin, { rule, suite, items });
}

const anyRule: Omit<RuleDocument, 'suite'> = {
  format: 'breakwater-threshold-rule/1',
  measure: 'accuracy',
  budget: { tokens: 2_000_000 },
  repetitions: 1,
  level: 0.9,
  threshold: 0.9,
  counts: 'without-invalid',
};

/** What is put before an official, what is determined, and what outsiders read of it. */
export async function performDesignate(scene: Scene, step: DesignateStep): Promise<Answer | null> {
  switch (step.act) {
    case 'open-file':
      return await open(scene, step);
    case 'work-in-file':
      return await work(scene, step);
    case 'determine':
      return await determine(scene, step);
    case 'evaluate-in-file':
      return await evaluate(scene, step);
    case 'look-at-files':
      return await look(scene);
  }
}

/** On an engagement, or now and then on the commitment of one elsewhere. */
async function open(scene: Scene, step: DesignateStep): Promise<Answer | null> {
  const own = scene.deeds[step.side];
  const by = actorOf(scene, step.side);
  const text = `${step.side} ${scene.number} ${step.pick}`;
  const elsewhere = bytesToHex(sha256(utf8(text)));
  const document = { ...anyRule, suite: elsewhere };
  const registered = await by('liaison', designate.registerRule, { body: { document, seers: [] } });
  keep(own, 'rule', registered);
  const { official, evaluator } = scene.twin.crews[step.side];
  const rule = picked(scene, step, 'rule');
  const body: Body<typeof designate.openFile> = {
    official: official.id,
    seers: step.pick % 2 === 0 ? [evaluator.id] : [],
    ...(rule === null || step.side === 'hidden' ? {} : { rule: rule as Id<'rule'> }), // kept from an answer
  };
  if (step.pick % 4 === 0) {
    const opened = await by('liaison', designate.openFile, {
      body: { ...body, commitment: elsewhere },
    });
    return keep(own, 'file', opened);
  }
  // Most histories are too short for one to have been opened before.
  const engaged =
    picked(scene, step, 'engagement') === null
      ? await performEngage(scene, { ...step, act: 'engage' })
      : null;
  const engagement = parseId('engagement', picked(scene, step, 'engagement') ?? '');
  if (engagement === null) return engaged;
  const opened = await by('liaison', designate.openFile, { body: { ...body, engagement } });
  return keep(own, 'file', opened);
}

/** What one person does in a file; who is let see it is one of the other side, and back again. */
async function work(scene: Scene, step: DesignateStep): Promise<Answer | null> {
  const file = parseId('file', picked(scene, step, 'file') ?? '');
  if (file === null) return null;
  const by = actorOf(scene, step.side);
  const params = { file };
  switch (step.pick % 4) {
    case 0:
      return await by('official', designate.dissent, { params, body: { text: sentence(step) } });
    case 1: {
      const other = scene.twin.crews[step.side === 'hidden' ? 'outside' : 'hidden'];
      const { evaluator, liaison } = scene.twin.crews[step.side];
      for (const seers of [[other.liaison.id, other.evaluator.id], [evaluator.id]]) {
        await scene.twin.act(liaison, designate.alterSeers, { params, body: { seers } });
      }
      return null;
    }
    case 2: {
      const engagement = picked(scene, step, 'engagement');
      if (engagement === null) return null;
      const of = { params: { engagement }, body: {} };
      return await by('liaison', designate.commitEngagement, of);
    }
    default: {
      const determination = picked(scene, step, 'determination');
      if (determination === null) return null;
      const body = { official: scene.twin.crews[step.side].official.id, seers: [] };
      const again = { params: { determination }, body };
      const opened = await by('liaison', designate.reExamine, again);
      return keep(scene.deeds[step.side], 'file', opened);
    }
  }
}

/** Three consultations, and what the official enters after them. */
async function determine(scene: Scene, step: DesignateStep): Promise<Answer | null> {
  const own = scene.deeds[step.side];
  const file = parseId('file', picked(scene, step, 'file') ?? '');
  if (file === null) return null;
  const by = actorOf(scene, step.side);
  const params = { file };
  const date = scene.twin.server.clock.now().slice(0, 10);
  const answers: Answer[] = [];
  for (const office of consultedOffices) {
    const body = { office, date, reference: `TRS-2026-${step.pick % 1_000}` };
    const recorded = await by('liaison', designate.consult, { params, body });
    answers.push(keep(own, 'consultation', recorded));
  }
  const outcome = step.pick % 3 === 0 ? 'not-covered' : 'covered';
  const body = { outcome, date, reference: `NSA-2026-${step.pick % 1_000}` } as const;
  const entered = await by('official', designate.determine, { params, body });
  answers.push(keep(own, 'determination', entered));
  const determination = picked(scene, step, 'determination');
  if (determination !== null) {
    const given = { params: { determination }, body: {} };
    answers.push(await by('official', designate.bundle, given));
  }
  return textOfAll(answers);
}

/** The hidden side's own: a run attached to a file with a rule, judged, and told of. */
async function evaluate(scene: Scene, step: DesignateStep): Promise<null> {
  const { twin, deeds } = scene;
  const judging = judgingOf.get(twin);
  if (judging === undefined) throw new Error('expected a furnished twin');
  const own = deeds.hidden;
  const { developer, evaluator, liaison, official } = twin.crews.hidden;
  await performEngage(scene, { ...step, act: 'engage' });
  const engagement = parseId('engagement', own.things.findLast(isEngagement)?.id ?? '');
  if (engagement === null) throw new Error('expected an engagement to stand');
  const { rule, suite, items } = judging;
  const seers = [evaluator.id];
  const { file } = await liaison.client.call(designate.openFile, {
    body: { engagement, rule, official: official.id, seers },
  });
  const params = { file };
  const { run } = await bringRun(evaluator, { suite, items });
  await evaluator.client.call(designate.attachRun, { params, body: { run } });
  const judged = await official.client.call(designate.evaluate, { params, body: {} });
  const { evaluation } = judged;
  const { assessment } = await liaison.client.call(designate.tell, {
    params,
    body: { evaluation, parts: ['estimate', 'outcome'] },
  });
  own.things.push({ kind: 'file', id: file }, { kind: 'run', id: run });
  own.things.push({ kind: 'evaluation', id: evaluation }, { kind: 'assessment', id: assessment });
  await developer.client.call(designate.assessments, { params: { engagement } });
  return null;
}

const isEngagement = ({ kind }: { readonly kind: string }) => kind === 'engagement';

/** Reads everything there is to list, as each of those who may. */
async function look({ twin, deeds }: Scene): Promise<Answer> {
  const own = deeds.outside.things.find(({ kind }) => kind === 'file')?.id;
  const paths = [
    '/v1/rules',
    '/v1/files',
    '/v1/determinations',
    ...(own === undefined ? [] : [`/v1/files/${own}`, `/v1/files/${own}/acts`]),
  ];
  const answers: Answer[] = [];
  for (const watcher of ['liaison', 'official', 'evaluator', 'developer'] as const) {
    for (const path of paths) answers.push(await twin.look(watcher, { method: 'GET', path }));
  }
  return textOfAll(answers);
}

function picked({ deeds }: Scene, { side, pick }: DesignateStep, of: string): string | null {
  const own = deeds[side].things.filter(({ kind }) => kind === of);
  return own[pick % Math.max(1, own.length)]?.id ?? null;
}
