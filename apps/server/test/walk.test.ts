import { fillPath, type Operation, operations, roles } from '@breakwater/contract';
import { type IdKind, idKinds } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/platform/clock/clock.ts';
import {
  type Asking,
  embargoes,
  type MarkedCase,
  type MarkedWorld,
  openMarkedWorld,
} from './marked-world.ts';

let world: MarkedWorld;
beforeAll(async () => {
  world = await openMarkedWorld();
});
afterAll(async () => await world[Symbol.asyncDispose]());

/** A body each operation about a case or a join accepts, so that only who asks decides. */
const bodies: Readonly<Record<string, (of: MarkedCase) => object>> = {
  'correlate.merge': (of) => ({ into: of.id, reason: 'the same' }),
  'correlate.split': (of) => ({ findings: [of.finding], reason: 'another' }),
  'correlate.undo': () => ({ reason: 'a mistake' }),
  'validate.request': (of) => ({ finding: of.finding }),
  'prioritize.score': () => ({ exploitation: 'none' }),
  'coordinate.invite-owner': () => ({ party: world.insiders.owner.id, reason: 'they should know' }),
  'coordinate.say': () => ({ text: 'hello' }),
  'coordinate.set-embargo': () => ({ endsAt: '2027-06-01T00:00:00Z', zone: 'UTC' }),
  'coordinate.end-embargo': () => ({ reason: 'it is public' }),
  'coordinate.take-back': () => ({ party: world.insiders.owner.id, reason: 'a mistake' }),
  'coordinate.acknowledge': () => ({}),
  'coordinate.give-verdict': () => ({ is: 'affected', words: 'We look into it' }),
  'coordinate.close': () => ({}),
  'coordinate.reopen': () => ({}),
  'verify.propose': () => ({ title: 'x', diff: btoa('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n') }),
  'distribute.publish': () => advisory,
  'distribute.preview': () => advisory,
  'distribute.revise': () => ({ ...advisory, change: 'another version is fixed' }),
};
const advisory = {
  summary: 'Overflow',
  details: 'Told at length',
  affected: [{ ecosystem: 'Debian:12', package: 'library', introduced: '0', fixed: '2.0-1' }],
};

/** Names in paths that the marked cases have an id for. */
const marked: Readonly<Record<string, (of: MarkedCase) => string>> = {
  case: (of) => of.id,
  finding: (of) => of.finding,
  entry: (of) => of.entry,
  content: (of) => of.content,
  join: () => world.join,
};

/** What else operations name in their paths, and why no marking has a say in it. */
const unmarked: Readonly<Record<string, string>> = {
  notice: 'one operator’s, made of what is public (VIS-8); visibility.test.ts',
  helper: 'named beside its notice; visibility.test.ts',
  inventory: 'its operator’s alone; visibility.test.ts',
  patch: 'ruled by its case, or public with the advisory; visibility.test.ts',
  attestation: 'ruled by its subject, or public with the advisory; visibility.test.ts',
  advisory: 'published: everyone’s',
  party: 'whoever may call it sees every party, or its own alone; directory.test.ts',
  key: 'its own party’s alone; directory.test.ts',
  member: 'its own party’s alone; directory.test.ts',
  invitation: 'its own party’s alone; directory.test.ts',
  passkey: 'its own member’s alone; directory.test.ts',
  campaign: 'a coordinator’s work, about no case',
  control: 'its own party’s alone; visibility.test.ts',
  authorization: 'its owner’s, and whom it names; visibility.test.ts',
  stop: 'of whoever controls the target; visibility.test.ts',
  knock: 'theirs whom it reached; precheck.test.ts',
  claim: 'its holder’s, and coordinators’; claim/claims.test.ts',
  wait: 'whose it is; claim/claims.test.ts',
  wishes: 'everybody who works here reads them (D-54); wishes.test.ts',
  joining: 'theirs whose claims stand in the way; claim/claims.test.ts',
  suite: 'theirs whom its keeper let know of it; visibility.test.ts, benchmark.test.ts',
  item: 'as its suite; visibility.test.ts, benchmark.test.ts',
  run: 'as its suite; visibility.test.ts, benchmark.test.ts',
  sample: 'as its run; visibility.test.ts, benchmark.test.ts',
  engagement: 'its developer’s, and theirs whom it names; visibility.test.ts, engage.test.ts',
  terms: 'as its engagement; visibility.test.ts, engage.test.ts',
  tier: 'its developer’s to revise; visibility.test.ts',
  application: 'its applicant’s, and theirs who decide; visibility.test.ts, partners.test.ts',
  partner: 'as its application; visibility.test.ts, partners.test.ts',
  plan: 'its engagement’s two sides’; visibility.test.ts, early-access.test.ts',
  window: 'theirs who see its engagement in detail, or have access; early-access.test.ts',
  grant: 'its party’s, and the two sides’; visibility.test.ts, early-access.test.ts',
  rule: 'theirs who registered it, or see a file that uses it; visibility.test.ts',
  file: 'theirs whom its keeper names; visibility.test.ts, designate.test.ts',
  determination: 'as its file, and its developer’s; visibility.test.ts, designate.test.ts',
  use: 'as its grant, for the person; visibility.test.ts, early-access.test.ts',
  model: 'its developer’s to name endpoints for; visibility.test.ts',
  scope: 'a window or tier, its developer’s; visibility.test.ts',
  upstream: 'its developer’s alone; visibility.test.ts, gateway.test.ts',
  gkey: 'its party’s, and its developer’s; visibility.test.ts, gateway.test.ts',
  cut: 'of whoever cut off; visibility.test.ts, gateway.test.ts',
  request: 'its two sides’; visibility.test.ts, gateway-record.test.ts',
  incident: 'its developer’s alone; visibility.test.ts, gateway-watch.test.ts',
  template: 'its developer’s to withdraw; visibility.test.ts',
  job: 'theirs who handed it in; visibility.test.ts, gateway-jobs.test.ts',
  side: 'a closed word',
  feed: 'a closed word',
  provider: 'a closed word: who else signs people in',
  id: 'a dead letter (D-13)',
};
/** D-12: erasing needs no sight. */
const unseen = ['record.erase'];

const walked = operations.filter(
  (o) =>
    names(o)
      .slice(0, 1)
      .some((name) => name in marked) && !unseen.includes(o.id),
);

describe('the walk: every route × every role × every marking × every state of the embargo', () => {
  test('every name in a path is walked, or it is said why it is not', () => {
    const all = new Set(operations.flatMap(names));
    expect([...all].filter((name) => !(name in marked) && !(name in unmarked))).toEqual([]);
    // And what names something that not all see declares what one must see.
    const seen = ['case', 'finding', 'notice', 'join'];
    const undeclared = operations.filter(
      (o) => names(o).some((name) => seen.includes(name)) && o.needs === undefined,
    );
    expect(undeclared.map((o) => o.id)).toEqual([]);
    const withoutBody = walked.filter((o) => o.method === 'POST' && !(o.id in bodies));
    expect(withoutBody.map((o) => o.id)).toEqual([]);
  });

  test('the world holds every combination', () => {
    expect(world.cases).toHaveLength(5 * embargoes.length);
  });

  // 401 before 403 before anything of the request: POSTs are sent without their Idempotency-Key.
  test.each(operations.map((operation) => ({ operation, id: operation.id })))(
    '$id: the door opens for whom the contract names, and for nobody else',
    async ({ operation }) => {
      const open = operation.callers.includes('public');
      const at = { operation, params: anyParams(operation), bare: true };
      const keys = { ...world.strangers, coordinator: world.insiders.coordinator };
      for (const role of roles) {
        const may = operation.callers.includes(role);
        const answer = await ask({ ...at, as: { key: keys[role].key } });
        expect([role, refusedByRole(answer)]).toEqual([role, !may]);
        expect(answer.status).not.toBe(401);
      }
      for (const as of [{}, world.ended.cut]) {
        const { status } = await ask({ ...at, as });
        expect(status === 401).toBe(!open);
      }
      for (const as of [world.ended.expired, world.ended.revoked]) {
        expect((await ask({ ...at, as })).status).toBe(401);
      }
      const custom = await ask({ ...at, as: { key: world.widest.key } });
      expect(refusedByRole(custom)).toBe(operation.callers.every((c) => c === 'administrator'));
    },
  );

  test.each(walked.map((operation) => ({ operation, id: operation.id })))(
    '$id: to whoever takes no part, a case of any marking is as one that is not there',
    async ({ operation }) => {
      const outsiders = [...Object.values(world.strangers), world.widest];
      const [name] = names(operation);
      if (name === undefined) throw new Error('expected a name in the path');
      for (const { key } of outsiders) {
        const of = (params: Record<string, string>, body: object) =>
          ask({ operation, params, body, as: { key } });
        const [first] = world.cases;
        if (first === undefined) throw new Error('expected a case');
        const missing = await of({ [name]: newId(kindOf(name)) }, bodyOf(operation, first));
        if (missing.status === 403) continue;
        expect(missing.status).toBe(404);
        for (const each of world.cases) {
          const there = await of({ [name]: marked[name]?.(each) ?? '' }, bodyOf(operation, each));
          expect([each.marking, each.embargo, there]).toEqual([
            each.marking,
            each.embargo,
            missing,
          ]);
        }
      }
    },
  );
});

describe('VIS-4 to VIS-6: what those see who take part', () => {
  const get = (as: Asking, path: string) => world.server.send({ method: 'GET', path, ...as });

  test('the owner, the other finder and the coordinator, of each marking and embargo', async () => {
    const { owner, second, coordinator, finder } = world.insiders;
    const missing = newId('finding');
    for (const { marking, embargo, finding, content, id } of world.cases) {
      const levelsOf = async (party: { key: string }) => {
        const answer = await get(party, `/v1/findings/${finding}`);
        const absent = await get(party, `/v1/findings/${missing}`);
        if (answer.status === 404) expect(await answer.text()).toBe(await absent.text());
        const file = await get(party, `/v1/contents/${content}`);
        expect([marking, embargo, file.status]).toEqual([marking, embargo, answer.status]);
        const named = answer.status === 200 && (await answer.json()).reporter !== null;
        return [answer.status, named];
      };
      const toOwner = marking === 'RED' ? 404 : 200;
      const toSecond = marking === 'CLEAR' && embargo === 'ended' ? 200 : 404;
      const seen = {
        owner: await levelsOf(owner),
        second: await levelsOf(second),
        coordinator: await levelsOf(coordinator),
        finder: await levelsOf(finder),
      };
      expect({ marking, embargo, ...seen }).toEqual({
        marking,
        embargo,
        owner: [toOwner, false],
        second: [toSecond, false],
        coordinator: [200, true],
        finder: [200, true],
      });
      // The case: not there for an owner of a RED one, who was refused; counted as far as seen.
      const shown = await get(owner, `/v1/cases/${id}`);
      expect(shown.status).toBe(toOwner);
      if (shown.status === 200) expect((await shown.json()).findings).toBe(2);
    }
  });

  test('VIS-4: a coordinator is told why no owner is brought into a RED case', async () => {
    const red = world.cases.find((each) => each.marking === 'RED');
    const { coordinator, owner } = world.insiders;
    const refused = await world.server.send({
      method: 'POST',
      path: `/v1/cases/${red?.id}/owner`,
      key: coordinator.key,
      body: JSON.stringify({ party: owner.id, reason: 'they should know' }),
    });
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({
        code: 'not-permitted',
        expected: 'a case none of whose findings is marked TLP:RED',
      }),
    ]);
  });

  test('VIS-4: a RED finding that joins a case with an owner is in none of its counts', async () => {
    const amber = world.cases.find((c) => c.marking === 'AMBER' && c.embargo === 'open');
    const n = world.cases.findIndex((c) => c.id === amber?.id);
    const third = await world.server.party('finder', 'Third');
    const handedIn = await world.server.send({
      method: 'POST',
      path: '/v1/findings',
      key: third.key,
      body: JSON.stringify({
        kind: 'native',
        package: `pkg:deb/debian/library-${n}`,
        version: '1.0-1',
        title: 'Red title',
        marking: 'RED',
        description: 'For your eyes only',
        identifiers: [`CVE-2026-${10_000 + n}`],
      }),
    });
    const { finding, case: joined } = await handedIn.json();
    expect(joined).toBe(amber?.id);
    const { owner, coordinator } = world.insiders;
    const asOwner = await get(owner, `/v1/cases/${joined}`);
    const asCoordinator = await get(coordinator, `/v1/cases/${joined}`);
    expect([(await asOwner.json()).findings, (await asCoordinator.json()).findings]).toEqual([
      2, 3,
    ]);
    const listed = await get(owner, `/v1/cases/${joined}/findings`);
    const text = await listed.text();
    expect([text.includes(finding), text.includes('Red title')]).toEqual([false, false]);
    expect((await get(owner, `/v1/findings/${finding}`)).status).toBe(404);
  });
});

interface Question {
  readonly operation: Operation;
  readonly params: Record<string, string>;
  readonly as: Asking;
  readonly body?: object;
  /** Without the Idempotency-Key that every write needs: whoever gets that far did pass the door. */
  readonly bare?: boolean;
}

async function ask({ operation, params, as, body, bare }: Question) {
  const { method } = operation;
  const sent = method === 'GET' || bare === true ? {} : { body: JSON.stringify(body ?? {}) };
  const headers: Record<string, string> = { ...as.headers };
  if (bare === true) headers['idempotency-key'] = '';
  if (method === 'POST') headers['content-type'] = 'application/json';
  const path = fillPath(operation.path, params);
  const answer = await world.server.send({ method, path, ...as, headers, ...sent });
  const kept = [...answer.headers].filter(([name]) => !['date', 'keep-alive'].includes(name));
  // A stream that opened has no end to wait for.
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (streams) await answer.body?.cancel();
  return { status: answer.status, headers: kept, body: streams ? '' : await answer.text() };
}

/** Not by what it has or is beside its role: such as a person who manages its party. */
function refusedByRole({ status, body }: { readonly status: number; readonly body: string }) {
  return status === 403 && body.includes('"code":"not-permitted"');
}

function bodyOf(operation: Operation, of: MarkedCase): object {
  return bodies[operation.id]?.(of) ?? {};
}

function anyParams(operation: Operation): Record<string, string> {
  return Object.fromEntries(names(operation).map((name) => [name, 'nothing']));
}

function names(operation: Operation): string[] {
  return [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

function kindOf(name: string): IdKind {
  const known = idKinds.find((kind) => kind === (name === 'join' ? 'decision' : name));
  if (known === undefined) throw new Error(`no id kind ${name}`);
  return known;
}
