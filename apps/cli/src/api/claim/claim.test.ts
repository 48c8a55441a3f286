import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claims } from '@breakwater/contract';
import { toInstant } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passTime } from '../../../../server/src/slices/index.ts';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../../../server/test/harness.ts';
import { type RunOptions, runCli } from '../../../test/run-cli.ts';

let server: TestServer;
let folder = '';
beforeAll(async () => {
  // The terminal reads the clock of its machine.
  server = await startTestServer({ at: toInstant(new Date()) });
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-claim-'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface Person {
  readonly party: TestParty;
  readonly run: (...words: string[]) => ReturnType<typeof runCli>;
}

async function person(name: string): Promise<Person> {
  const party = await server.party('finder', name);
  const options: RunOptions = {
    server: server.address,
    key: party.key,
    localDirectory: path.join(folder, party.id),
  };
  return { party, run: (...words) => runCli(['claim', ...words], options) };
}

const idIn = (text: string) => /claim_[0-9a-z]{26}/.exec(text)?.[0] ?? '';

describe('claim', () => {
  test('grants what nobody holds, in plain words, and lists, uses, renews and releases it', async () => {
    const { run } = await person('One');
    const { code, out } = await run(
      'https://github.com/One/Repo.git',
      '--path',
      'src',
      '--cwe',
      '125',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^granted\n {2}asked {6}repo:github.com\/one\/repo#src\n/);
    expect(out).toContain('read, static, fuzz; CWE-125');
    expect(out).toContain('nobody else has claimed any of it');
    expect(out).toMatch(/until {6}\d{4}-\d\d-\d\d \d\d:\d\d \(.+\), in 1 d\n/);
    const id = idIn(out);
    const listed = await run('list');
    expect(listed.out).toContain(id);
    expect((await run('use', id)).out).toContain('unless it is used again');
    expect((await run('renew', id, '--for', '2d')).out).toMatch(
      /^renewed until .* in 2 d\n5 more times\n$/,
    );
    const released = await run('release', id, '--covered', 'nothing-found');
    expect(released.out).toContain('1 recorded as covered');
    const gone = await run('show', id);
    expect([gone.code, gone.out]).toEqual([
      7,
      expect.stringContaining('released: it was given back'),
    ]);
    const lost = await run('use', id, '--json');
    expect([lost.code, lost.json()]).toMatchObject([2, { refusal: { code: 'claim-lost' } }]);
    const map = await run('map', 'repo:github.com/one/repo');
    expect(map.out).toContain(': nothing found');
    expect(map.out).not.toContain('One');
  });

  test('a conflict has an exit code of its own, and what is offered instead is taken by its number', async () => {
    const first = await person('First');
    const second = await person('Second');
    const target = 'https://github.com/two/split';
    await first.run(target, '--path', 'lib', '--alone', '--for', '6h');
    const refused = await second.run(target, '--path', 'lib', '--path', 'src', '--alone');
    expect(refused.code).toBe(6);
    expect(refused.out).toMatch(/^conflict until .*in 6 h; nothing was claimed\n/);
    expect(refused.out).toContain('held alone until');
    expect(refused.out).not.toContain('First');
    const part = /(\d)\. the part that is free/.exec(refused.out)?.[1] ?? '';
    const taken = await second.run('--take', part);
    expect([taken.code, taken.out]).toEqual([
      0,
      expect.stringContaining('repo:github.com/two/split#src'),
    ]);
    const page = await second.party.client.call(claims.list);
    expect(page.items.map(({ scope }) => scope.targets)).toEqual([
      ['repo:github.com/two/split#src'],
    ]);
    const beyond = await second.run('--take', '40', '--json');
    expect(beyond.json()).toMatchObject({ refusal: { code: 'no-such-alternative' } });
  });

  test('beside others is said with what they cover, and a free part takes its place', async () => {
    const first = await person('First');
    const second = await person('Second');
    await first.run('pkg:npm/beside', '--cwe', '79', '--method', 'static');
    const { code, out } = await second.run(
      'pkg:npm/beside',
      '--cwe',
      '79,89',
      '--method',
      'static',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^granted beside others\n/);
    expect(out).toContain('what of it nobody else covers');
    const part = /(\d)\. the part that is free/.exec(out)?.[1] ?? '';
    const taken = await second.run('--take', part);
    expect([taken.code, taken.err]).toEqual([0, `in place of ${idIn(out)}, which is given back\n`]);
    const { items } = await second.party.client.call(claims.list);
    expect(items.map(({ scope }) => scope.weaknesses)).toEqual([['CWE-89']]);
  });

  test('a preview takes nothing', async () => {
    const { run, party } = await person('Careful');
    const { code, out } = await run('preview', 'pkg:npm/preview');
    expect([code, out]).toEqual([0, expect.stringMatching(/^would be granted\n/)]);
    expect((await party.client.call(claims.list)).items).toEqual([]);
  });

  test('JSON is the answer as the server gave it', async () => {
    const { run } = await person('Program');
    const { json } = await run('pkg:npm/json@1.0.0', '--json');
    expect(json()).toMatchObject({ answer: 'granted', held: [], alternatives: [] });
  });

  test('an offer is made, shown and accepted; a wish to join is asked and agreed', async () => {
    const giver = await person('Giver');
    const taker = await person('Taker');
    const id = idIn((await giver.run('pkg:npm/given', '--alone')).out);
    await giver.run('hand-over', id, '--to', taker.party.id);
    const requests = await taker.run('requests');
    expect(requests.out).toContain('offered by Giver');
    const accepted = await taker.run('answer', id, '--yes');
    expect(accepted.out).toMatch(/^yours now: claim_/);
    await giver.run('join', 'pkg:npm/given');
    const wish = await taker.run('requests');
    expect(wish.out).toMatch(/somebody wants in beside/);
    expect(wish.out).not.toContain('Giver');
    const join = /joining_[0-9a-z]{26}/.exec(wish.out)?.[0] ?? '';
    expect((await taker.run('answer', join, '--yes')).out).toBe('beside you now: Giver\n');
    expect((await giver.run('requests')).out).toContain('let in by Taker');
    expect((await giver.run('answer', join)).code).toBe(2);
  });

  test('stands in line, stays until it is granted, and shows the line', async () => {
    const holder = await person('Holder');
    const waiter = await person('Waiter');
    const id = idIn((await holder.run('pkg:npm/line', '--alone')).out);
    const waiting = waiter.run('pkg:npm/line', '--alone', '--wait', '1h', '--json');
    await waitUntil(async () => {
      const { items } = await waiter.party.client.call(claims.listWaits);
      return items.some(({ state }) => state === 'waiting');
    });
    expect((await waiter.run('waits')).out).toContain('waiting');
    await holder.run('release', id);
    await passTime(server.services);
    const { code, json } = await waiting;
    expect([code, json()]).toMatchObject([0, { state: 'granted', claim: expect.any(String) }]);
  });

  test('writes the windows of what is held for a calendar', async () => {
    const { run } = await person('Planner');
    const none = await run('calendar', '--json');
    expect(none.json()).toMatchObject({ refusal: { code: 'calendar-empty' } });
    const { out } = await run('pkg:npm/calendar', '--for', '3d');
    const file = path.join(folder, 'claims.ics');
    expect((await run('calendar', '--out', file)).code).toBe(0);
    const text = (await readFile(file, 'utf8')).replaceAll('\r\n ', '');
    expect(text).toContain(`UID:${idIn(out)}@${new URL(server.address).host}\r\n`);
    expect(text).toContain(
      'SUMMARY:Claimed: pkg:npm/calendar\\; read\\, static\\, fuzz\\; every weakness',
    );
  });
});

describe('what is refused before anything is sent', () => {
  test.each([
    ['no target', [], 'target-missing'],
    ['a word that is no target', ['lst!'], 'host-malformed'],
    ['a live system without a method', ['*.example.org'], 'method-missing'],
    [
      'a path of a host',
      ['a.example.org', '--method', 'passive', '--path', 'x'],
      'path-out-of-place',
    ],
    ['both sharings', ['pkg:npm/a', '--alone', '--beside'], 'option-malformed'],
    ['both ends', ['pkg:npm/a', '--for', '1d', '--until', '2030-01-01'], 'option-malformed'],
    ['a length that is none', ['pkg:npm/a', '--for', 'long'], 'option-malformed'],
    ['a day that is none', ['pkg:npm/a', '--until', '2026-02-30'], 'option-malformed'],
    ['a class that is none', ['pkg:npm/a', '--cwe', 'overflow'], 'option-malformed'],
    ['an alternative of nothing', ['--take', '1'], 'nothing-to-take'],
  ])('%s', async (_, words, code) => {
    const { code: exit, json } = await runCli(['claim', ...words, '--json'], {
      server: 'http://127.0.0.1:9',
    });
    expect([exit, json()]).toMatchObject([2, { refusal: { code } }]);
  });
});

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
