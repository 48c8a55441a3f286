import {
  type Body,
  collect,
  coordinate,
  correlate,
  distribute,
  validate,
  verify,
} from '@breakwater/contract';
import { type Id, parseId, toBase64, utf8 } from '@breakwater/kernel';
import { later } from '../../apps/server/test/world.ts';
import {
  isOfAccess,
  isOfBenchmarks,
  isOfClaims,
  isOfDesignating,
  isOfEngagements,
  isOfGateway,
  isOfPartners,
  type Step,
} from './history.ts';
import { furnishPeople, performAccess } from './perform-access.ts';
import { furnishSuite, performBenchmark } from './perform-benchmark.ts';
import { performClaims } from './perform-claims.ts';
import { furnishRule, performDesignate } from './perform-designate.ts';
import { performEngage } from './perform-engage.ts';
import { furnishGateway, performGateway } from './perform-gateway.ts';
import { furnishPartners, performPartners } from './perform-partners.ts';
import { actorOf, type Deeds, keep, type Scene, sentence } from './scene.ts';
import type { Answer, Crew, Twin } from './twin.ts';

/** Beyond the machine's own clock too, by which the job of an embargo's hour is woken. */
const farOffMs = 3 * 365 * 24 * 3_600_000;
/** Both sides work on the same packages: what they share must not join them. */
const packages = 3;

export const recipeName = 'shared';
export const recipePackage = 'pkg:npm/shared';

/** Puts up what both sides build on. */
export async function furnish(twin: Twin): Promise<void> {
  const body = {
    name: recipeName,
    files: { 'recipe.json': toBase64(utf8(JSON.stringify({ package: recipePackage }))) },
  };
  const made = await twin.act(twin.crews.outside.coordinator, validate.addRecipe, { body });
  if (made.status !== 200) throw new Error(`no recipe: ${made.body}`);
  await furnishSuite(twin);
  await furnishPartners(twin);
  await furnishPeople(twin);
  await furnishRule(twin);
  await furnishGateway(twin);
}

/**
 * Carries out one step; answers with what an outsider was told, null where nobody outside acted. A
 * step that needs what is not there yet does nothing, on both servers alike.
 */
export async function perform(scene: Scene, step: Step): Promise<Answer | null> {
  const { twin, deeds } = scene;
  const crew = twin.crews[step.side];
  const own = deeds[step.side];
  const about = own.cases[step.pick % Math.max(1, own.cases.length)];
  const by = actorOf(scene, step.side);
  if (step.act === 'submit' || step.act === 'submit-with-proof') return await submit(scene, step);
  if (step.act === 'add-inventory') return await addInventory(scene, step);
  if (step.act === 'report-done') return await reportDone(scene, step);
  if (step.act === 'probe') return null;
  if (isOfClaims(step.act)) return await performClaims(scene, { ...step, act: step.act });
  if (isOfBenchmarks(step.act)) return await performBenchmark(scene, { ...step, act: step.act });
  if (isOfEngagements(step.act)) return await performEngage(scene, { ...step, act: step.act });
  if (isOfAccess(step.act)) return await performAccess(scene, { ...step, act: step.act });
  if (isOfPartners(step.act)) return await performPartners(scene, { ...step, act: step.act });
  if (isOfDesignating(step.act)) return await performDesignate(scene, { ...step, act: step.act });
  if (isOfGateway(step.act)) return await performGateway(scene, { ...step, act: step.act });
  if (about === undefined) return null;
  const params = { case: about.id };
  const say = (who: keyof Crew) =>
    by(who, coordinate.say, { params, body: { text: sentence(step) } });
  switch (step.act) {
    case 'say-as-finder':
      return await say('finder');
    case 'say-as-owner':
      return await say('owner');
    case 'say-as-coordinator':
      return await say('coordinator');
    case 'invite-owner':
      return await by('coordinator', coordinate.inviteOwner, {
        params,
        body: { party: crew.owner.id, reason: 'it cannot wait' },
      });
    case 'set-embargo':
      return await by('coordinator', coordinate.setEmbargo, {
        params,
        body: { endsAt: later(twin.server.clock, farOffMs), zone: 'UTC' },
      });
    case 'end-embargo':
      return await by('coordinator', coordinate.endEmbargo, {
        params,
        body: { reason: 'it is public' },
      });
    case 'merge':
    case 'split':
      return await regroup(scene, step, about);
    case 'publish':
      return await publish(scene, step, about.id);
    case 'propose-patch': {
      const diff = toBase64(utf8(`--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b${step.pick}\n`));
      const body = { title: sentence(step), diff };
      return keep(own, 'patch', await by('owner', verify.propose, { params, body }));
    }
  }
}

async function submit(scene: Scene, step: Step): Promise<Answer> {
  const { side, act, pick } = step;
  const own = scene.deeds[side];
  const proven = act === 'submit-with-proof';
  const body: Body<typeof collect.submit> = {
    kind: 'native',
    package: proven ? recipePackage : `pkg:npm/uli${scene.number}-${pick % packages}`,
    version: '1.0.0',
    title: sentence(step),
    description: sentence(step),
    marking: (['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const)[pick % 5] ?? 'RED',
    // The sides share packages and weaknesses, never a place or an identifier (D-1).
    location: { path: `src/${side}-${scene.number}-${pick % 4}.js`, function: 'f' },
    weakness: 'CWE-787',
    identifiers:
      pick % 3 === 0 ? [`CVE-2026-${side === 'hidden' ? 5 : 4}${pick % 4}${scene.number}00`] : [],
    ...(proven ? { recipe: recipeName, proof: toBase64(utf8(`proof ${side} ${pick}`)) } : {}),
  };
  const answer = await actorOf(scene, side)('finder', collect.submit, { body });
  if (answer.status !== 200) return answer;
  const said = JSON.parse(answer.body) as { finding: string; case: string | null };
  own.things.push({ kind: 'finding', id: said.finding });
  const known = own.cases.find((c) => c.id === said.case);
  if (known !== undefined) known.findings.push(said.finding);
  else if (said.case !== null) own.cases.push({ id: said.case, findings: [said.finding] });
  return answer;
}

async function addInventory(scene: Scene, { side, pick }: Step): Promise<Answer | null> {
  const own = scene.deeds[side];
  const name = `uli${scene.number}-${pick % packages}`;
  // One list a package, so that no two notices of one operator are made in the same millisecond.
  if (own.inventories.has(name)) return null;
  own.inventories.add(name);
  const lock = {
    name: 'desk',
    lockfileVersion: 3,
    packages: { '': {}, [`node_modules/${name}`]: { version: '1.0.0' } },
  };
  const body = { name, file: toBase64(utf8(JSON.stringify(lock))) };
  const by = actorOf(scene, side);
  return keep(own, 'inventory', await by('operator', distribute.addInventory, { body }));
}

async function reportDone(scene: Scene, { side, pick }: Step): Promise<Answer | null> {
  const own = scene.deeds[side];
  const operator = scene.twin.crews[side].operator;
  const listed = await scene.twin.act(operator, distribute.listNotices, {});
  const { items } = JSON.parse(listed.body) as { items: { id: string }[] };
  const notice = items[pick % Math.max(1, items.length)];
  if (notice === undefined) return null;
  own.things.push({ kind: 'notice', id: notice.id });
  return await actorOf(scene, side)('operator', distribute.receipt, {
    params: { notice: notice.id },
    body: { outcome: 'done' },
  });
}

/** A merge or a split is the coordinator's: outsiders see what follows from it, not its answer. */
async function regroup(scene: Scene, step: Step, about: Deeds['cases'][number]): Promise<null> {
  const own = scene.deeds[step.side];
  const by = actorOf(scene, step.side);
  if (step.act === 'merge') {
    const other = own.cases.find((c) => c.id !== about.id);
    if (other === undefined) return null;
    const body = { into: caseId(other.id), reason: 'one root cause' };
    await by('coordinator', correlate.merge, { params: { case: about.id }, body });
    return null;
  }
  const [leaving] = about.findings;
  if (leaving === undefined || about.findings.length < 2) return null;
  const body = { findings: [findingId(leaving)], reason: 'two root causes' };
  const split = await by('coordinator', correlate.split, { params: { case: about.id }, body });
  if (split.status !== 200) return null;
  const said = JSON.parse(split.body) as { case: string };
  own.cases.push({ id: said.case, findings: [leaving] });
  return null;
}

function caseId(text: string): Id<'case'> {
  return parseId('case', text) ?? wrong(text);
}

function findingId(text: string): Id<'finding'> {
  return parseId('finding', text) ?? wrong(text);
}

function wrong(text: string): never {
  throw new Error(`expected an id in an answer, got ${text}`);
}

async function publish(scene: Scene, { side, pick }: Step, id: string): Promise<Answer> {
  const name = `uli${scene.number}-${pick % packages}`;
  return await actorOf(scene, side)('coordinator', distribute.publish, {
    params: { case: id },
    body: {
      summary: `Published ${pick}`,
      details: 'Told at length',
      affected: [
        { ecosystem: 'npm', package: name, introduced: '0', fixed: '2.0.0', binaries: [] },
      ],
      aliases: [],
      references: [],
      creditFinders: true,
    },
  });
}
