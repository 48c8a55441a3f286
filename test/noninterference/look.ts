import {
  type Body,
  coordinate,
  designate,
  distribute,
  earlyAccess,
  engage,
  fillPath,
  gateway,
  gatewayIncidents,
  gatewayJobs,
  type Operation,
  operations,
  partners,
  type Role,
  runs,
  suites,
  terms,
  verify,
} from '@breakwater/contract';
import { type IdKind, idKinds, toBase64, utf8 } from '@breakwater/kernel';
import { sizeClasses } from '@breakwater/log';
import { newId } from '../../apps/server/src/platform/clock/clock.ts';
import { allotmentBody, templateBody, upstreamBody } from '../../apps/server/test/keying.ts';
import type { Draw } from './history.ts';
import { type Scene, secretWord } from './scene.ts';
import { type Answer, type Watcher, watchers, withoutChance } from './twin.ts';

/** Something an outsider can do to find out about what it may not see. */
export interface Door {
  readonly watcher: Watcher;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly body?: unknown;
  /** Kinds of the ids in the path, each taken from the hidden side or from its own. */
  readonly kinds: readonly IdKind[];
}

/** Answers that are the same whatever happens, or are random by design: not looked at here. */
const leftAlone: Readonly<Record<string, string>> = {
  'directory.export-own': 'a compressed file: compared whole in its own test',
  'session.request-link': 'sends mail to whoever is named: compared in the sign-in test',
  'directory.leave': 'ends the watcher',
  'session.sign-out': 'ends nothing for a key',
};

/** Bodies that each act accepts, so that what is there decides the answer and not the form. */
const bodies: Readonly<Record<string, unknown>> = {
  [coordinate.say.id]: { text: 'hello' } satisfies Body<typeof coordinate.say>,
  [coordinate.endEmbargo.id]: { reason: 'it is public' } satisfies Body<
    typeof coordinate.endEmbargo
  >,
  [verify.propose.id]: {
    title: 'x',
    diff: toBase64(utf8('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n')),
  },
  [distribute.receipt.id]: { outcome: 'done' },
  [suites.allow.id]: { party: newId('party'), right: 'know' },
  [suites.disallow.id]: { party: newId('party'), right: 'know' },
  [suites.keepItem.id]: { salt: `${'A'.repeat(43)}=`, item: '{}' },
  [suites.openItem.id]: { salt: `${'A'.repeat(43)}=`, item: '{}' },
  [runs.progress.id]: { samples: 90, turns: 900 },
  [runs.endRun.id]: { state: 'failed' },
  [runs.addPart.id]: { at: 0, bytes: 'AAAA' },
  [runs.takeIn.id]: { size: 0 },
  [runs.review.id]: { verdict: 'valid' },
  [engage.stateDates.id]: { partners: null, general: null },
  [engage.alterSharing.id]: { seers: [] },
  [terms.propose.id]: { kind: 'use', text: 'A text of a stranger' },
  [earlyAccess.shorten.id]: { ends: '2026-03-02T00:00:00Z' },
  [earlyAccess.addPerson.id]: { member: newId('member') },
  [earlyAccess.accept.id]: { protection: 'use', terms: newId('terms') },
  [earlyAccess.beginUse.id]: { purpose: 'to look' },
  [earlyAccess.use.id]: { calls: 1 },
  [earlyAccess.endUse.id]: { calls: 1 },
  [earlyAccess.openWindow.id]: { plan: newId('plan') },
  [earlyAccess.linkFinding.id]: { finding: newId('finding') },
  [earlyAccess.attest.id]: { how: 'destroyed', statement: 'it is gone' },
  [partners.add.id]: { text: 'hello' },
  [partners.ask.id]: { text: 'hello' },
  [partners.appeal.id]: { reason: 'it is not so' },
  [partners.stateInterest.id]: { conflicted: false },
  [partners.decide.id]: {
    verdict: 'accept',
    reason: 'it is so',
    findings: [{ criterion: 'contact', met: true }],
  },
  [partners.review.id]: {
    outcome: 'stays',
    reason: 'it is so',
    findings: [{ criterion: 'contact', met: true }],
  },
  [partners.acceptTerms.id]: { terms: `sha256:${'0'.repeat(64)}` },
  [designate.dissent.id]: { text: 'A stranger differs' },
  [designate.consult.id]: { office: 'ncd', date: '2026-03-01', reference: 'TRS-2026-1' },
  [designate.determine.id]: { outcome: 'covered', date: '2026-03-01', reference: 'NSA-2026-1' },
  [designate.attachRun.id]: { run: newId('run') },
  [designate.alterSeers.id]: { seers: [] },
  [designate.reExamine.id]: { seers: [] },
  [designate.tell.id]: { evaluation: newId('evaluation'), parts: ['outcome'] },
  [gateway.addUpstream.id]: upstreamBody,
  [gateway.reviseUpstream.id]: upstreamBody,
  [gateway.allot.id]: allotmentBody,
  [gateway.correct.id]: { inputTokens: 1, outputTokens: 1, reason: 'it is so' },
  [gatewayJobs.stateTemplate.id]: templateBody,
  [gatewayJobs.submitJob.id]: { template: newId('template'), inputs: {} },
  [gatewayIncidents.closeIncident.id]: { as: 'expected', reason: 'it is so' },
  [terms.sign.id]: { name: 'Sam', title: 'Counsel', digest: `sha256:${'0'.repeat(64)}` },
};

/** Static addresses, and pages that the browser asks for. */
const pages = [
  '/',
  '/cases',
  '/cases/{case}',
  '/notices',
  '/advisories',
  '/log/checkpoint',
  '/log/keys',
  '/nowhere',
  '/openapi.json',
];

/** Every door of every watcher: each operation it may call, and those it may not; each page. */
export function doors(): readonly Door[] {
  return watchers.flatMap((watcher) => [
    ...operations
      .filter((operation) => isLookedAt(operation) && !isTold(watcher, operation))
      .map((operation) => doorOf(watcher, operation)),
    ...searches(watcher),
    ...pages.map((path) => ({
      watcher,
      name: `page ${path}`,
      method: 'GET',
      path,
      kinds: path.includes('{case}') ? (['case'] as const) : [],
    })),
  ]);
}

function isLookedAt(operation: Operation): boolean {
  // Streams never end: the open page of each watcher reads them.
  if (operation.stream === true || leftAlone[operation.id] !== undefined) return false;
  // A write that names nothing tells of nothing that is there; what is written is seen by reading.
  return operation.method === 'GET' || operation.path.includes('{');
}

/** D-95: every liaison sees who applied as a partner; what is public it sees as everybody does. */
function isTold(watcher: Watcher, { id, sameForAll }: Operation): boolean {
  return watcher === 'liaison' && id.startsWith('partners.') && sameForAll !== true;
}

function doorOf(watcher: Watcher, operation: Operation): Door {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].flatMap((m) => m[1] ?? []);
  return {
    watcher,
    name: operation.id,
    method: operation.method,
    path: operation.path,
    ...(operation.method === 'POST' ? { body: bodies[operation.id] ?? {} } : {}),
    kinds: names.flatMap((name) => kindNamed(name) ?? []),
  };
}

function searches(watcher: Watcher): readonly Door[] {
  const find = operations.find((o) => o.id === 'search.find');
  if (find === undefined || watcher === 'nobody') return [];
  if (!find.callers.includes(watcher satisfies Role)) return [];
  // "uli1" begins names of packages; no random id holds u, l or i, and so none is found by chance.
  const asked = [secretWord, `${secretWord.slice(0, -1)}x`, 'hidden/', 'sentence', 'uli1'];
  return asked.map((words) => ({
    watcher,
    name: `search for ${words}`,
    method: 'GET',
    path: find.path,
    query: `?q=${encodeURIComponent(words)}`,
    kinds: [],
  }));
}

/** What a watcher has read so far, so that chance can be told from difference. */
export type Memory = Readonly<Record<Watcher, Map<string, string>>>;

export function newMemory(): Memory {
  return Object.fromEntries(watchers.map((w) => [w, new Map()])) as Record<
    Watcher,
    Map<string, string>
  >;
}

/**
 * Looks through a door. An id of a hidden thing is given to the server that has it, and on the
 * other a fresh random one in its place: to an outsider both must be nothing.
 */
export async function lookThrough(
  scene: Scene,
  door: Door,
  given: { readonly draw: Draw; readonly memory: Memory },
): Promise<string> {
  const hidden = given.draw(3) > 0;
  const pick = given.draw(1 << 16);
  const params: Record<string, string> = {};
  for (const name of [...door.path.matchAll(/\{(\w+)\}/g)].flatMap((m) => m[1] ?? [])) {
    params[name] = idFor(scene, name, { hidden, pick });
  }
  const answer = await scene.twin.look(door.watcher, {
    method: door.method,
    path: fillPath(door.path, params) + (door.query ?? ''),
    ...(door.body === undefined ? {} : { body: JSON.stringify(door.body) }),
  });
  const asked = Object.values(params).join(' ');
  const seen = given.memory[door.watcher];
  // The id that was asked for is the same thing to both, whether it is there or not.
  return textOf(answer, (text) => withoutChance(hide(text, asked), seen));
}

function hide(text: string, asked: string): string {
  return asked === '' ? text : text.split(asked).join('<asked>');
}

export function textOf(answer: Answer, clean: (text: string) => string): string {
  const body = isLog(answer.body)
    ? wholeBatches(answer.body.split('\n')[1] ?? '')
    : // How long an entry of one's own waited tells how many came before it (D-17).
      answer.body.replace(/(?<="index":)\d+|(?<="committedAt":)"[^"]+"/g, '"signed"');
  const told = body === answer.body;
  const headers = answer.headers
    .filter(([name]) => told || name !== 'content-length')
    .map(([name, value]) => `${name}: ${value}`);
  return clean([`status ${answer.status}`, ...headers, '', body].join('\n'));
}

/** A signed checkpoint of the log (C2SP tlog-checkpoint). */
function isLog(body: string): boolean {
  return /^\S+\n\d+\n[A-Za-z0-9+/]{43}=\n\n/.test(body);
}

/**
 * How much a checkpoint covers may step by a size class a day (D-17) and says nothing else: it is
 * whole batches. Its root is random by its salts, and so is the place of an entry in its batch.
 */
function wholeBatches(entries: string): string {
  return `whole batches and ${Number(entries) % sizeClasses[0]}`;
}

function idFor(
  scene: Scene,
  name: string,
  { hidden, pick }: { readonly hidden: boolean; readonly pick: number },
): string {
  const kind = kindNamed(name);
  if (kind === undefined) return 'shared';
  if (kind === 'party') return scene.twin.crews.hidden.finder.id;
  const own = scene.deeds[hidden ? 'hidden' : 'outside'];
  const ids =
    kind === 'case'
      ? own.cases.map((c) => c.id)
      : own.things.filter((thing) => thing.kind === kind).map((thing) => thing.id);
  return ids[pick % Math.max(1, ids.length)] ?? newId(kind);
}

/** Of which kind the id is that stands in a path under this name: a scope is a window or a tier. */
function kindNamed(name: string): IdKind | undefined {
  return idKinds.find((kind) => kind === (name === 'scope' ? 'window' : name));
}
