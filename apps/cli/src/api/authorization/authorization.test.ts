import { toInstant } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../../../server/test/harness.ts';
import { runCli } from '../../../test/run-cli.ts';
import { spanOf, weeklyOf } from './weekly.ts';

let server: TestServer;
let owner: TestParty;
let coordinator: TestParty;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer({ at: toInstant(new Date()) });
  owner = await server.party('owner', 'Harbor Inc');
  coordinator = await server.party('coordinator');
  finder = await server.party('finder');
});
afterAll(async () => await server[Symbol.asyncDispose]());

const by = (party: TestParty, ...words: string[]) =>
  runCli(['authorization', ...words], { server: server.address, key: party.key });
const idIn = (kind: string, text: string) =>
  new RegExp(`${kind}_[0-9a-z]{26}`).exec(text)?.[0] ?? '';

/** Control by a statement that a coordinator confirms. */
async function proven(target: string, party = owner): Promise<string> {
  const statement = ['--way', 'statement', '--statement', 'Ours.'];
  const id = idIn('control', (await by(party, 'prove', target, ...statement)).out);
  const ruled = await by(coordinator, 'rule', id, '--yes', '--reason', 'They are known.');
  expect([ruled.code, ruled.out]).toEqual([0, expect.stringContaining('stated')]);
  return id;
}

test('an owner proves a name, writes a scope, and a finder is told yes, until when and how fast', async () => {
  const opened = await by(owner, 'prove', 'shop.example.org');
  expect(opened.out).toMatch(/put {8}a TXT record at \S+shop\.example\.org/);
  expect(opened.out).toContain('breakwater authorization prove control_');
  await proven('shop.example.org');
  const never = ['--never', 'mon-fri 08:00-18:00', '--zone', 'Europe/Berlin'];
  const scope = ['--target', 'shop.example.org', '--method', 'passive,active', '--role', 'finder'];
  const written = await by(owner, 'add', ...scope, ...never, '--rate', '5', '--contact', 'Call us');
  expect([written.code, written.out]).toEqual([0, expect.stringContaining('in force')]);
  expect(written.out).toContain(
    'never      mon, tue, wed, thu, fri 08:00 to 18:00 (Europe/Berlin)',
  );
  const sunday = ['--at', '2026-11-29T12:00:00Z'];
  const yes = await by(finder, 'may', 'shop.example.org', '--method', 'active', ...sunday);
  expect([yes.code, yes.out]).toEqual([0, expect.stringMatching(/^yes: active on /)]);
  expect(yes.out).toContain('at most 5 requests per second');
  const monday = ['--at', '2026-11-30T12:00:00Z'];
  const no = await by(finder, 'may', 'shop.example.org', '--method', 'active', ...monday);
  expect([no.code, no.out]).toEqual([1, expect.stringContaining('never wants it')]);
  const beyond = await by(finder, 'may', 'shop.example.org', '--method', 'exploit', ...sunday);
  expect(beyond.code).toBe(1);
  const seen = await by(finder, 'list', '--for-me');
  expect(seen.out).toContain('you are among them');
});

test('a scope is written anew and revoked', async () => {
  await proven('old.example.org');
  const scope = ['--target', 'old.example.org', '--method', 'passive', '--role', 'finder'];
  const id = idIn('authorization', (await by(owner, 'add', ...scope, '--contact', 'x')).out);
  const revised = await by(owner, 'revise', id, ...scope, '--rate', '1', '--for', '7d');
  expect(revised.out).toContain('at most 1 requests per second');
  expect((await by(owner, 'revoke', id)).code).toBe(0);
  expect((await by(owner, 'show', id)).out).toContain('revoked');
});

test('a coordinator sees who has proven the same, and decides', async () => {
  const one = await proven('twice.example.org');
  expect((await by(coordinator, 'contests')).out).toBe('no two parties have proven the same\n');
  const other = await proven('twice.example.org', await server.party('operator', 'Other Inc'));
  const seen = await by(coordinator, 'contests');
  expect(seen.out).toContain('Harbor Inc');
  expect(seen.out).toContain('Other Inc');
  const settled = await by(coordinator, 'settle', one, '--over', other, '--reason', 'We called.');
  expect(settled.code).toBe(0);
  expect((await by(coordinator, 'contests')).out).toBe('no two parties have proven the same\n');
  expect((await by(coordinator, 'rule', one, '--reason', 'x')).err).toContain('--yes or --no');
});

test('what a contract asks yes or no of can be answered by the derived command', async () => {
  const statement = ['--way', 'statement', '--statement', 'Ours.'];
  const id = idIn('control', (await by(owner, 'prove', 'no.example.org', ...statement)).out);
  const derived = (stands: string) => {
    const words = ['deconflict', 'rule-control', id, '--stands', stands, '--reason', 'Unknown.'];
    return runCli(words, { server: server.address, key: coordinator.key });
  };
  expect((await derived('maybe')).code).toBe(2);
  expect((await derived('no')).out).toContain('withdrawn');
});

test('the stop switch ends a claim, and the target may be named to lift it', async () => {
  await proven('stop.example.org');
  const scope = ['--target', 'stop.example.org', '--method', 'passive', '--role', 'finder'];
  await by(owner, 'add', ...scope, '--rate', '5', '--contact', 'Call the desk.');
  const options = { server: server.address, key: finder.key };
  const taken = await runCli(['claim', 'stop.example.org', '--method', 'passive'], options);
  expect(taken.out).toContain('at most 5 requests per second');
  expect(taken.out).toContain('| Call the desk.');
  const claim = idIn('claim', taken.out);
  const stopped = await by(owner, 'stop', 'stop.example.org', '--reason', 'The plant restarts.');
  expect([stopped.code, stopped.out]).toEqual([0, expect.stringMatching(/^STOPPED: /)]);
  const gone = await runCli(['claim', 'show', claim], options);
  expect([gone.code, gone.out]).toEqual([7, expect.stringContaining('pressed stop')]);
  const no = await by(finder, 'may', 'stop.example.org', '--method', 'passive');
  expect([no.code, no.out]).toEqual([1, expect.stringContaining('pressed stop')]);
  expect((await by(owner, 'stops', '--standing')).out).toContain('The plant restarts.');
  const lifted = await by(owner, 'resume', 'stop.example.org', '--reason', 'It runs.');
  expect([lifted.code, lifted.out]).toEqual([0, expect.stringContaining('stays ended')]);
  expect((await by(owner, 'stops', '--standing')).out).toBe('nothing is stopped\n');
});

test('the calendar has the window of each scope, and each time at which never', async () => {
  await proven('plan.example.org');
  const scope = ['--target', 'plan.example.org', '--method', 'passive', '--role', 'finder'];
  const never = ['--never', 'daily 22:00-06:00', '--zone', 'UTC'];
  await by(owner, 'add', ...scope, ...never, '--contact', 'x', '--for', '400d');
  const { out } = await by(owner, 'calendar', '--days', '7');
  const text = out.replaceAll('\r\n ', '');
  expect(text).toContain('SUMMARY:Leave: passive on plan.example.org');
  const uids = [...text.matchAll(/UID:authorization_\S+-never-\d{8}T2200@/g)].map(([uid]) => uid);
  expect(new Set(uids).size).toBe(uids.length);
  // Seven nights, and the one that lies across the beginning or the end.
  expect([7, 8]).toContain(uids.length);
});

test('code needs no leave, a live system that nobody opened does', async () => {
  const read = await by(finder, 'may', 'pkg:npm/flat', '--method', 'fuzz');
  expect([read.code, read.out]).toEqual([0, expect.stringContaining('without leave')]);
  const scan = await by(finder, 'may', 'other.example.org', '--method', 'active', '--json');
  expect([scan.code, scan.json()]).toMatchObject([1, { allowed: false }]);
});

describe('hours of a week', () => {
  test.each([
    ['mon-fri 08:00-18:00', [1, 2, 3, 4, 5]],
    ['sat,sun 00:00-00:00', [6, 7]],
    ['fri-mon 22:00-06:00', [1, 5, 6, 7]],
    ['Daily 01:00-02:00', [1, 2, 3, 4, 5, 6, 7]],
    ['mon,mon 01:00-02:00', [1]],
  ])('%s', (text, days) => {
    expect(weeklyOf(text).days).toEqual(days);
  });

  test.each(['', 'mon', 'noday 08:00-09:00', 'mon 8-9', 'mon-noday 08:00-09:00'])(
    'not %j',
    (text) => {
      expect(() => weeklyOf(text)).toThrow('days and hours such as');
    },
  );

  test('a span of two moments', () => {
    expect(spanOf('2026-12-24T18:00:00Z/2027-01-02T06:00:00Z')).toEqual({
      from: '2026-12-24T18:00:00.000Z',
      until: '2027-01-02T06:00:00.000Z',
    });
    expect(() => spanOf('2026-12-24')).toThrow('two moments such as');
  });
});
