import { collect, record } from '@breakwater/contract';
import { type Id, type Instant, toBase64, utf8 } from '@breakwater/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { everyText } from './contents.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { idle } from './world.ts';

// Whole reports of a tool: what of them is taken in, known again, cut short, or erased.

interface Result {
  readonly rule?: string;
  readonly line: number;
  readonly text: string;
  readonly more?: object;
}

function sarif(results: readonly Result[], version = '1.0'): string {
  const log = {
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Analyzer', version, rules: [{ id: 'R1' }, { id: 'R2' }] } },
        results: results.map(({ rule = 'R1', line, text, more }) => ({
          ruleId: rule,
          message: { text },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: 'src/a.c' },
                region: { startLine: line },
              },
            },
          ],
          partialFingerprints: { 'hash/v1': `print-${text}` },
          ...more,
        })),
      },
    ],
  };
  return toBase64(utf8(JSON.stringify(log)));
}

const about = { package: 'pkg:github/a/b', version: '1.0.0' };
const suppressed = { suppressions: [{ kind: 'inSource' }] };
const first: readonly Result[] = [
  { line: 1, text: 'one' },
  { line: 2, text: 'two', rule: 'R2' },
  { line: 3, text: 'silent', more: suppressed },
  { line: 4, text: 'fine', more: { kind: 'pass' } },
  { line: 5, text: '', more: { ruleId: undefined } },
];

async function send(party: TestParty, file: string, idempotencyKey?: string) {
  const body = { format: 'sarif' as const, file, ...about };
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  return await party.client.call(collect.import, { body, ...key });
}

/** How many rows each table has. */
async function countsIn({ database: { database } }: TestServer) {
  const { rows: tables } = await database.raw(
    `select schemaname || '.' || relname as name from pg_stat_user_tables
     where schemaname not in ('pgboss', 'public') order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await database.raw(`select count(*)::int as n from ${String(name)}`);
    counts[String(name)] = Number(rows[0]?.['n']);
  }
  return counts;
}

test('COL-10 each element of a report is taken in, left out or refused, and it is said why', async () => {
  await using server = await startTestServer();
  const finder = await server.party('finder');
  const { rows, report } = await send(finder, sarif(first));
  expect(rows.map((row) => row.outcome)).toEqual([
    'new',
    'new',
    'suppressed',
    'left-out',
    'refused',
  ]);
  expect(rows[3]?.why).toBe('its tool says: pass');
  expect(rows[4]).toMatchObject({ where: '/runs/0/results/4', why: /a message or a rule/ });
  const { items } = await finder.client.call(collect.listMine, { query: {} });
  expect(items.map(({ title, standing, case: id }) => [title, standing, id === null])).toEqual([
    ['silent', 'suppressed', true],
    ['two', 'new', false],
    ['one', 'new', false],
  ]);
  const without = { format: 'sarif' as const, file: sarif(first) };
  const { rows: unnamed } = await finder.client.call(collect.import, { body: without });
  expect(unnamed[0]).toMatchObject({ outcome: 'refused', why: /say which package/ });
  expect(report).not.toBeNull();
  const broken = { format: 'sarif' as const, file: toBase64(utf8('{"version": "1.0.0"}')) };
  await expect(finder.client.call(collect.import, { body: broken })).rejects.toMatchObject({
    problem: { code: 'report-unreadable' },
  });
});

test('COL-11 the same report again changes no row; another one says what is new and what is gone', async () => {
  await using server = await startTestServer();
  const finder = await server.party('finder');
  const before = await send(finder, sarif(first), 'the-first-time');
  await idle(server);
  const counts = await countsIn(server);

  const again = await send(finder, sarif(first));
  expect(again.report).toBeNull();
  expect(again.rows.map((row) => row.outcome)).toEqual([
    'known',
    'known',
    'known',
    'left-out',
    'refused',
  ]);
  expect(again.rows.map((row) => row.finding)).toEqual(before.rows.map((row) => row.finding));
  // By a newer version of the tool, and elsewhere in the file.
  const moved = first.map((result) => ({ ...result, line: result.line + 40 }));
  expect((await send(finder, sarif(moved, '2.0'))).report).toBeNull();
  await idle(server);
  expect(await countsIn(server)).toEqual(counts);
  expect(await send(finder, sarif(first), 'the-first-time')).toEqual(before);

  const [one, , silent] = first;
  if (one === undefined || silent === undefined) throw new Error('expected results');
  server.clock.set('2026-03-02T08:00:00.000Z' as Instant); // spelled as kernel writes instants
  const later = [{ line: 9, text: 'three' }, one, { ...silent, more: {} }];
  const changed = await send(finder, sarif(later));
  expect(changed.rows.map((row) => row.outcome)).toEqual(['new', 'known', 'new']);
  expect(changed.gone).toEqual([before.rows[1]?.finding]);
  expect(changed.rows[2]?.finding).toBe(before.rows[2]?.finding);
  expect((await send(finder, sarif(later))).gone).toEqual([]);

  const other = await server.party('finder');
  const theirs = await send(other, sarif(first));
  expect(theirs.rows.slice(0, 3).map((row) => row.outcome)).toEqual([
    'joined',
    'joined',
    'suppressed',
  ]);
  expect(server.errors).toEqual([]);
});

test('COL-13 what is erased of one finding is nowhere; all others of its report are read as before', async () => {
  await using server = await startTestServer();
  const finder = await server.party('finder');
  const coordinator = await server.party('coordinator');
  const { rows } = await send(finder, sarif(first.slice(0, 3)));
  const ids = rows.flatMap((row) => row.finding ?? []);
  const view = async (n: number) =>
    await finder.client.call(collect.get, { params: { finding: ids[n] as Id<'finding'> } });
  const { contents } = await view(0);
  expect(contents.map((each) => each.name)).toContain('report.sarif');
  // Another one that holds the same, and was cut short.
  const { report } = await send(finder, sarif([...first.slice(0, 3), { line: 9, text: 'nine' }]));
  await server.database.database.write((tx) =>
    tx.run(sql`update collect.report set findings = null where id = ${report}`),
  );
  for (const { content, name } of contents) {
    if (name === 'report.sarif') continue;
    const body = { reason: 'it names a person' };
    await coordinator.client.call(record.erase, { params: { content }, body });
  }
  const left = await everyText(server);
  expect(left.filter((text) => text.includes('print-one') || /\bone\b/.test(text))).toEqual([]);
  expect(left.some((text) => text.includes('silent'))).toBe(true);
  expect((await view(0)).title).toBe('(erased)');
  expect(await view(1)).toMatchObject({ title: 'two', location: { path: 'src/a.c', line: 2 } });
  const file = contents.find((each) => each.name === 'report.sarif');
  await expect(
    finder.client.call(record.content, { params: { content: file?.content as Id<'content'> } }),
  ).rejects.toThrow();
  // Known again by what was kept blind, and taken in no second time.
  const again = await send(finder, sarif(first.slice(0, 3)));
  expect(again.rows.map((row) => row.outcome)).toEqual(['known', 'known', 'known']);
});
