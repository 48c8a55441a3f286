import { randomUUID } from 'node:crypto';
import {
  type Body,
  claims,
  collect,
  coordinate,
  distribute,
  fillPath,
  type Operation,
  operations,
} from '@breakwater/contract';
import { parseInstant, toBase64, utf8 } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { decide as decideDesignate } from '../../apps/server/src/slices/frontier/designate/decide.ts';
import { decide as decideAccess } from '../../apps/server/src/slices/frontier/early-access/decide.ts';
import { decide as decideEngage } from '../../apps/server/src/slices/frontier/engage/decide.ts';
import { signed } from '../../apps/server/test/designating.ts';
import { bringRun, sealSuite } from '../../apps/server/test/evaluating.ts';
import { startTestServer, type TestParty } from '../../apps/server/test/harness.ts';
import { idle, later } from '../../apps/server/test/world.ts';
import { withoutChance } from '../noninterference/twin.ts';
import {
  beDesignated,
  type Name,
  names,
  registerRule,
  roles,
  type Suite,
  takePart,
  tick,
  type World,
} from './taking-part-acts.ts';

// As shipped, and each call is seen.
vi.mock(
  '../../apps/server/src/slices/frontier/engage/decide.ts',
  async (original: () => Promise<{ decide: typeof decideEngage }>) => {
    const { decide } = await original();
    return { decide: vi.fn(decide) };
  },
);
vi.mock(
  '../../apps/server/src/slices/frontier/early-access/decide.ts',
  async (original: () => Promise<{ decide: typeof decideAccess }>) => {
    const { decide } = await original();
    return { decide: vi.fn(decide) };
  },
);
vi.mock(
  '../../apps/server/src/slices/frontier/designate/decide.ts',
  async (original: () => Promise<{ decide: typeof decideDesignate }>) => {
    const { decide } = await original();
    return { decide: vi.fn(decide) };
  },
);

let joined: World;
let apart: World;
beforeAll(async () => {
  [joined, apart] = [await openWorld(), await openWorld()];
});
afterAll(async () => {
  for (const { server } of [joined, apart]) {
    expect(server.errors).toEqual([]);
    await server[Symbol.asyncDispose]();
  }
});

async function openWorld(): Promise<World> {
  const server = await startTestServer({ settings: { BREAKWATER_LIVE_TICK_SECONDS: '86400' } });
  const made: [string, TestParty][] = [];
  for (const name of names) {
    tick(server);
    made.push([name, await server.party(roles[name], name)]);
  }
  const parties = Object.fromEntries(made) as World['parties']; // one for each name
  const person = await server.signIn(parties.joiningFinder, 'Dana');
  return { server, parties, person, told: new Map() };
}

/** What is asked and answered in the clearinghouse; ids of what was made, by kind. */
async function work(world: World): Promise<Map<string, Set<string>>> {
  const { server, parties } = world;
  const made = new Map<string, Set<string>>();
  const keep = (kind: string, id: unknown) => {
    if (typeof id === 'string') made.set(kind, (made.get(kind) ?? new Set()).add(id));
  };
  const act = async <T extends Operation>(
    who: Name,
    operation: T,
    given: { readonly params?: Readonly<Record<string, string>>; readonly body?: Body<T> },
  ): Promise<Record<string, unknown>> => {
    tick(server);
    const text = await ask(world, who, { operation, ...given });
    await idle(server);
    const [, body = ''] = text.split('\n\n');
    return text.startsWith('status 200') ? JSON.parse(body) : {};
  };
  for (const [finder, owner, n] of [
    ['joiningFinder', 'joiningOwner', 1],
    ['otherFinder', 'otherOwner', 2],
  ] as const) {
    const finding = await act(finder, collect.submit, {
      body: {
        kind: 'native',
        package: `pkg:deb/debian/uli${n}`,
        version: '1.0.0-1',
        title: `Overflow ${n}`,
        description: 'Told at length',
        marking: 'AMBER',
        location: { path: `src/${n}.c`, function: 'f' },
        identifiers: [`CVE-2026-100${n}`],
      },
    });
    keep('finding', finding['finding']);
    keep('case', finding['case']);
    const params = { case: String(finding['case']) };
    await act('coordinator', coordinate.inviteOwner, {
      params,
      body: { party: parties[owner].id, reason: 'it cannot wait' },
    });
    await act(finder, coordinate.say, { params, body: { text: `Hello ${n}` } });
    const scope = { targets: [`pkg:npm/uli#src/${n % 2}`], methods: ['read'] };
    const claim = await act(finder, claims.claim, {
      body: claims.claim.body.parse({ scope, until: later(server.clock, 3_600_000) }),
    });
    keep('claim', claim['claim']);
  }
  const list = 'ii  uli1:amd64  1.0.0-1  amd64  One\nii  uli2:amd64  1.0.0-1  amd64  Two\n';
  for (const operator of ['joiningOperator', 'otherOperator'] as const) {
    const inventory = await act(operator, distribute.addInventory, {
      body: { name: 'desk', file: toBase64(utf8(list)), debianRelease: '12' },
    });
    keep('inventory', inventory['inventory']);
  }
  const [first = ''] = made.get('case') ?? [];
  const affected = {
    ecosystem: 'Debian:12' as const,
    package: 'uli1',
    introduced: '0',
    fixed: '1.0.1-1',
  };
  const published = await act('coordinator', distribute.publish, {
    params: { case: first },
    body: {
      summary: 'Overflow',
      details: 'Told at length',
      affected: [{ ...affected, binaries: [] }],
      aliases: [],
      references: [],
      creditFinders: true,
    },
  });
  keep('advisory', published['advisory']);
  for (const operator of ['joiningOperator', 'otherOperator'] as const) {
    const { items } = await parties[operator].client.call(distribute.listNotices);
    for (const { id } of items) keep('notice', id);
  }
  return made;
}

/** Asks as a party, and keeps what it was told. */
async function ask(
  { server, parties, told }: World,
  who: Name,
  wish: {
    readonly operation: Operation;
    readonly params?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  },
): Promise<string> {
  const { operation, params = {}, body } = wish;
  const response = await server.send({
    method: operation.method,
    path: fillPath(operation.path, params),
    key: parties[who].key,
    ...(operation.method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
  });
  const headers = [...response.headers].filter(([name]) => !['date', 'keep-alive'].includes(name));
  const text = [
    `status ${response.status}`,
    ...headers.map((header) => header.join(': ')),
    '',
    await response.text(),
  ].join('\n');
  told.set(`${told.size} ${who} ${operation.id}`, text);
  return text;
}

/** The framework's own, by which who takes part is told of it; files and streams. */
const leftOut = /^(?:engage|designate|early-access|partners|live)\.|\.export-own$/;

/** Every door of the clearinghouse that each party may read, with every id there is. */
async function readAll(
  world: World,
  made: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  for (const operation of operations) {
    if (operation.method !== 'GET' || leftOut.test(operation.id)) continue;
    const [name, more] = [...operation.path.matchAll(/\{(\w+)\}/g)].flatMap((m) => m[1] ?? []);
    if (more !== undefined) continue;
    const ids = name === undefined ? [null] : [...(made.get(name) ?? [])];
    for (const who of names) {
      if (!operation.callers.includes(roles[who])) continue;
      for (const id of ids) {
        const params = name === undefined || id === null ? {} : { [name]: id };
        await ask(world, who, { operation, params });
      }
    }
  }
}

/** Ids are numbered as each server first told them; everything else stands as it was told. */
function plain({ told }: World): readonly (readonly [string, string])[] {
  const seen = new Map<string, string>();
  return [...told].map(([asked, text]) => [asked, withoutChance(text, seen)] as const);
}

/** Whom an advisory reaches comes in no order: which letters there are is the same. */
function inOrder([asked, text]: readonly [string, string]): readonly [string, string] {
  const isUnordered = asked.endsWith(' distribute.exposure');
  return [
    asked,
    isUnordered
      ? text
          .split('')
          .toSorted((a, b) => (a < b ? -1 : 1))
          .join('')
      : text,
  ];
}

let decided: Readonly<Record<'engage' | 'access' | 'designate', readonly string[]>>;

function actsOf({
  mock,
}: {
  readonly mock: {
    readonly calls: readonly (readonly [unknown, { readonly act: string }, unknown])[];
  };
}): readonly string[] {
  return [...new Set(mock.calls.map(([, { act }]) => act))].toSorted((a, b) => (a < b ? -1 : 1));
}

test('not taking part changes nothing: every priority, queue, list and decision is the same', async () => {
  const sealed = new Map<World, Suite>();
  for (const world of [joined, apart]) {
    sealed.set(world, await sealSuite(world.parties.evaluator, ['web', 'crypto']));
  }
  await takePart(joined);
  const rule = await registerRule(joined, sealed.get(joined) ?? expect.fail('expected a suite'));
  for (const world of [joined, apart]) {
    await signed(world.server);
    world.server.clock.set(parseInstant('2026-04-05T08:00:00Z') ?? expect.fail('expected an hour'));
    const of = sealed.get(world) ?? expect.fail('expected a suite');
    const { run } = await bringRun(world.parties.evaluator, of);
    if (world === joined) await beDesignated(joined, { rule, run });
  }
  decided = {
    engage: actsOf(vi.mocked(decideEngage)),
    access: actsOf(vi.mocked(decideAccess)),
    designate: actsOf(vi.mocked(decideDesignate)),
  };
  for (const world of [joined, apart]) {
    world.server.clock.set(parseInstant('2026-04-06T08:00:00Z') ?? expect.fail('expected an hour'));
    await readAll(world, await work(world));
  }
  const [withIt, without] = [plain(joined), plain(apart)];
  expect(withIt.length).toBeGreaterThan(150);
  const asked = new Set(withIt.map(([name]) => name.replace(/^\d+ \S+ /, '')));
  // What decides in the clearinghouse is among it, and was answered.
  for (const id of [
    'coordinate.queue',
    'coordinate.inbox',
    'prioritize.get',
    'deconflict.claim',
    'distribute.list-notices',
  ]) {
    expect(asked).toContain(id);
  }
  expect(withIt.filter(([, text]) => text.startsWith('status 200')).length).toBeGreaterThan(120);
  for (const [index, told] of withIt.entries()) {
    expect(inOrder(told)).toEqual(inOrder(without[index] ?? ['nothing', 'nothing']));
  }
});

test('every act in the framework was decided by the functions that are explored', () => {
  expect(decided).toEqual({
    engage: ['leave', 'open', 'propose-terms', 'release', 'sign-terms', 'state-dates'],
    access: [
      'accept-protection',
      'add-person',
      'end',
      'follow-engagement',
      'open-window',
      'shorten',
      'state-plan',
      'use',
    ],
    designate: [
      'attach-run',
      'dissent',
      'enter-determination',
      'evaluate',
      'open-file',
      're-examine',
      'record-consultation',
      'tell',
    ],
  });
});
