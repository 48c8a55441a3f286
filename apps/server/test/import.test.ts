import { collect, coordinate, correlate, type FindingsFile } from '@breakwater/contract';
import { addMilliseconds, toBase64, utf8 } from '@breakwater/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { everyText } from './contents.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { idle } from './world.ts';

/** Of each kind of evidence some: shared within the file, with others' findings, and with none. */
function finding(n: number) {
  return {
    kind: 'native' as const,
    package: n % 5 === 0 ? 'pkg:npm/flat' : 'pkg:npm/ini',
    version: '1.0.0',
    title: `Finding ${n}`,
    marking: n % 11 === 0 ? ('RED' as const) : ('AMBER' as const),
    description: `what is told of finding ${n}`,
    tool: 'Analyzer 2.1',
    ...(n % 3 === 0 ? { weakness: 'CWE-79' } : {}),
    location: { path: 'src/a.js', function: `f${n % 17}`, line: n + 1 },
    identifiers: n % 2 === 1 ? [`CVE-2026-${10_000 + n}`] : [],
  };
}

const all = Array.from({ length: 60 }, (_, n) => finding(n));

async function handIn(party: TestParty, findings: FindingsFile['findings']) {
  const file = toBase64(utf8(JSON.stringify({ findings })));
  return await party.client.call(collect.import, { body: { format: 'findings', file } });
}

interface Scene {
  readonly server: TestServer;
  readonly parties: Readonly<Record<'finder' | 'other' | 'coordinator' | 'owner', TestParty>>;
}

/** Others know some of it already; an owner is in one of the cases. */
async function openScene(): Promise<Scene> {
  const server = await startTestServer();
  const parties = {
    finder: await server.party('finder', 'The finder'),
    other: await server.party('finder', 'Another'),
    coordinator: await server.party('coordinator'),
    owner: await server.party('owner', 'The owner'),
  };
  for (const n of [3, ...Array.from({ length: 24 }, (_, i) => 2 * i + 5)]) {
    tick(server);
    // The other names a place of its own: all but the first are joined by the identifier alone.
    const path = n === 3 ? 'src/a.js' : 'lib/b.js';
    const { location, ...rest } = finding(n);
    const body = { ...rest, title: `Known ${n}`, location: { ...location, path } };
    const { case: id } = await parties.other.client.call(collect.submit, { body });
    if (n !== 3 || id === null) continue;
    await parties.coordinator.client.call(coordinate.inviteOwner, {
      params: { case: id },
      body: { party: parties.owner.id, reason: 'it is theirs' },
    });
  }
  await idle(server);
  return { server, parties };
}

function tick({ clock }: TestServer): void {
  clock.set(addMilliseconds(clock.now(), 1_000));
}

/** All that each party sees, under names instead of ids. */
async function seenIn({ server, parties }: Scene): Promise<unknown> {
  await idle(server);
  const seen: Record<string, unknown> = {};
  for (const [who, { client }] of Object.entries(parties)) {
    const findings = [];
    for (let after: string | undefined; ; ) {
      const query = after === undefined ? { limit: 100 } : { limit: 100, after };
      const page = await client.call(collect.list, { query });
      findings.push(...page.items);
      if (page.next === null) break;
      after = page.next;
    }
    const titles = Map.groupBy(findings, (each) => each.case);
    const cases = await client.call(coordinate.list, { query: { limit: 200 } });
    const members = new Map<string, unknown>();
    for (const { id } of who === 'coordinator' ? cases.items : []) {
      const { members: list } = await client.call(correlate.findings, { params: { case: id } });
      members.set(
        id,
        list.map((m) => [m.finding.title, m.by, [...m.evidence].sort()]).sort(byText),
      );
    }
    seen[who] = {
      findings: findings
        .map(({ case: at, contents, reporter, ...rest }) => ({
          ...rest,
          reporter: reporter?.name ?? null,
          together: (titles.get(at) ?? []).map((each) => each.title).sort(),
          // The text as it was sent lies in the report where there is one.
          contents: contents
            .map(({ name }) => name)
            .filter((name) => !['submission.json', 'facts.json', 'findings.json'].includes(name))
            .sort(),
        }))
        .map(withoutIds)
        .sort(byText),
      cases: cases.items
        .map(({ id, report, ...view }) => ({
          ...JSON.parse(JSON.stringify(view)),
          // A coordinator alone is told that a report brought it.
          ...(who === 'coordinator' ? {} : { report }),
          in: members.get(id),
        }))
        .map(withoutIds)
        .sort(byText),
    };
  }
  return seen;
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Ids and hours are others on each server. */
function withoutIds(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/[a-z]+_[0-9a-z]{26}/g, 'id')
    .replaceAll(/2026-03-\d\dT[\d:.]+Z/g, 'hour');
  return JSON.parse(text);
}

async function actsIn({ server }: Scene): Promise<unknown> {
  return await server.database.database.read((r) =>
    r.rows(sql`select act, count(*)::int as n from journal.entry
      where act like 'co%.%' and act <> 'collect.reported' group by act order by act`),
  );
}

test('COL-9 a report brings about what its findings do when they are handed in one by one', async () => {
  await using one = await disposable(openScene());
  await using many = await disposable(openScene());
  const single: string[] = [];
  for (const body of all) {
    // Of several cases the oldest is taken: so each has its own hour.
    tick(one.server);
    single.push((await one.parties.finder.client.call(collect.submit, { body })).standing);
  }
  tick(many.server);
  const { rows } = await handIn(
    many.parties.finder,
    all.map((each) => ({ finding: each })),
  );
  expect(rows.map((row) => row.outcome)).toEqual(single);
  expect(new Set(single)).toEqual(new Set(['new', 'joined', 'waiting']));
  expect(await actsIn(many)).toEqual(await actsIn(one));
  expect(await seenIn(many)).toEqual(await seenIn(one));
  expect(many.server.errors).toEqual([]);
}, 240_000);

async function disposable(opening: Promise<Scene>): Promise<Scene & AsyncDisposable> {
  const scene = await opening;
  return { ...scene, [Symbol.asyncDispose]: () => scene.server[Symbol.asyncDispose]() };
}

test('COL-12 a report that a fault cut short is not answered, and goes on when it is sent again', async () => {
  await using server = await startTestServer();
  const finder = await server.party('finder');
  const coordinator = await server.party('coordinator');
  const findings = Array.from({ length: 1_300 }, (_, n) => ({ finding: finding(n) }));
  const file = toBase64(utf8(JSON.stringify({ findings })));
  const sending = async () =>
    await finder.client.call(collect.import, {
      body: { format: 'findings', file },
      idempotencyKey: 'one-report-of-many',
    });
  const content = server.services.content as { putAll: typeof server.services.content.putAll };
  const { putAll } = content;
  let left = 3;
  content.putAll = async (items) => {
    if (left-- === 0) throw new Error('the disk is full');
    return await putAll(items);
  };
  await expect(sending()).rejects.toMatchObject({ problem: { status: 500 } });
  content.putAll = putAll;
  const cut = await countFindings(server);
  expect([0, 1_000]).toContain(cut);

  const { rows } = await sending();
  expect(rows.every((row) => row.outcome === 'new' || row.outcome === 'joined')).toBe(true);
  expect(new Set(rows.map((row) => row.finding)).size).toBe(1_300);
  expect(await countFindings(server)).toBe(1_300);
  const page = await coordinator.client.call(collect.list, { query: { limit: 200 } });
  expect(page.items).toHaveLength(200);
  // Every finding that was answered has its entry, once.
  const entries = await server.database.database.read((r) =>
    r.rows(sql<{ subject: string }>`
      select subject from journal.entry where act = 'collect.received'`),
  );
  expect(new Set(entries.map((entry) => entry.subject))).toEqual(
    new Set(rows.map((row) => row.finding)),
  );
  expect(entries).toHaveLength(1_300);
  expect(server.errors).toEqual([expect.stringContaining('the disk is full')]);
  // What was being written when the next part failed has kept its texts.
  const held = await server.database.database.read((r) =>
    r.row(sql<{ n: number }>`select count(*)::int as n from content.item`),
  );
  expect(await everyText(server)).toHaveLength(held?.n ?? 0);
}, 120_000);

async function countFindings(server: TestServer): Promise<number> {
  const row = await server.database.database.read((r) =>
    r.row(sql<{ n: number }>`select count(*)::int as n from collect.finding`),
  );
  return row?.n ?? 0;
}

test('a coordinator is told which report brought a case, and nobody else is', async () => {
  await using server = await startTestServer();
  const finder = await server.party('finder');
  const coordinator = await server.party('coordinator');
  const { case: alone } = await finder.client.call(collect.submit, { body: finding(100) });
  const { report } = await handIn(
    finder,
    [1, 2].map((n) => ({ finding: finding(n) })),
  );
  const reportsSeenBy = async ({ client }: TestParty) => {
    const { items } = await client.call(coordinate.list, { query: { limit: 10 } });
    return items.map((each) => [each.id === alone, each.report]);
  };
  const seen = await reportsSeenBy(coordinator);
  expect(seen).toHaveLength(3);
  expect(seen).toEqual(
    expect.arrayContaining([
      [true, null],
      [false, report],
    ]),
  );
  expect((await reportsSeenBy(finder)).map(([, of]) => of)).toEqual([null, null, null]);
});
