import { authorizations } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../../../server/test/harness.ts';
import { runCli } from '../../../test/run-cli.ts';

let server: TestServer;
let owner: TestParty;
let coordinator: TestParty;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.party('owner', 'Harbor Inc');
  coordinator = await server.party('coordinator');
  finder = await server.party('finder');
  const { id } = await owner.client.call(authorizations.openControl, {
    body: { target: 'pkg:npm/quay', way: 'statement', statement: 'Ours.' },
  });
  await coordinator.client.call(authorizations.ruleControl, {
    params: { control: id },
    body: { stands: true, reason: 'They are known.' },
  });
});
afterAll(async () => await server[Symbol.asyncDispose]());

const by = (party: TestParty, words: readonly string[], stdin = '') =>
  runCli(words, { server: server.address, key: party.key, stdin });

test('an owner says what it wishes, a finder reads it, and it is withdrawn', async () => {
  const options = [
    ...['--opt-out', 'We rewrite it.', '--quiet', 'sat,sun 00:00-00:00', '--zone', 'Europe/Berlin'],
    ...['--quiet-yearly', '12-20/01-06', '--channel', 'mail:security@example.org'],
    ...['--not-a-vulnerability', 'CWE-400 tests/** It is a test.', '--threat-model', '-'],
  ];
  const set = await by(
    owner,
    ['wishes', 'set', 'pkg:npm/quay', ...options, '--json'],
    'Trust no one.',
  );
  expect([set.code, set.err]).toEqual([0, '']);
  const { out } = await by(finder, ['wishes', 'show', 'pkg:npm/quay']);
  expect(out).toContain('OPT-OUT');
  expect(out).toContain('| We rewrite it.');
  expect(out).toContain('quiet      sat, sun 00:00 to 00:00 (Europe/Berlin)');
  expect(out).toContain('quiet      each year 12-20 to 01-06 (Europe/Berlin)');
  expect(out).toContain('reach      mail security@example.org');
  expect(out).toContain('is none    CWE-400 tests/** It is a test.');
  expect(out).toContain('| Trust no one.');
  const id = /wishes_[0-9a-z]{26}/.exec(out)?.[0] ?? '';
  expect((await by(owner, ['wishes', 'list'])).out).toContain(id);
  expect((await by(owner, ['wishes', 'withdraw', id, '--reason', 'Done.'])).code).toBe(0);
  const after = await by(finder, ['wishes', 'show', 'pkg:npm/quay', '--json']);
  expect(after.json()).toMatchObject({ items: [] });
});

test('a coordinator says that a repository moved and how its commits lie; everybody reads it', async () => {
  const moved = ['repository', 'rename', 'github.com/quay/old', 'github.com/quay/new'];
  const renamed = await by(coordinator, [...moved, '--reason', 'Its page says so.', '--json']);
  expect([renamed.code, renamed.err]).toEqual([0, '']);
  const commits = ['a', 'b', 'c'].map((digit) => digit.repeat(40)).join('\n');
  const told = ['repository', 'order', 'github.com/quay/new', '-'];
  expect((await by(coordinator, told, `${commits}\n`)).code).toBe(0);
  const { out } = await by(finder, ['repository', 'show', 'github.com/quay/old']);
  expect(out).toContain('repo:github.com/quay/old\nrepo:github.com/quay/new\n');
  expect(out).toContain('| Its page says so.');
  expect(out).toContain('commits    3, aaaaaaaaaaaa to cccccccccccc');
  const back = ['repository', 'withdraw-rename', 'github.com/quay/old', '--reason', 'It did not.'];
  expect((await by(coordinator, back)).code).toBe(0);
  const after = await by(finder, ['repository', 'show', 'github.com/quay/old', '--json']);
  expect(after.json()).toMatchObject({ names: ['repo:github.com/quay/old'], order: null });
});

test('a file that an owner publishes is shown first and kept once a target is named', async () => {
  const file = 'Contact: mailto:security@example.org\nExpires: 2027-01-01T00:00:00Z\n';
  const from = [
    '--form',
    'security-txt',
    '--from',
    'https://quay.example.org/.well-known/security.txt',
  ];
  const shown = await by(coordinator, ['wishes', 'import', '-', ...from, '--json'], file);
  expect(shown.json()).toMatchObject({
    channels: [{ kind: 'mail', address: expect.stringContaining('security@example.org') }],
  });
  const target = ['--target', 'quay.example.org'];
  const kept = await by(coordinator, ['wishes', 'import', '-', ...from, ...target], file);
  expect([kept.code, kept.err]).toEqual([0, '']);
  const { out } = await by(finder, ['wishes', 'show', 'quay.example.org']);
  expect(out).toContain('security@example.org');
});

test('a directory of programs is taken in', async () => {
  const file = JSON.stringify([
    {
      program_name: 'Harbor',
      policy_url: 'https://harbor.example.org/policy',
      contact_url: 'https://harbor.example.org/report',
      safe_harbor: 'full',
    },
  ]);
  const options = ['--format', 'disclose-io', '--source', 'disclose.io', '--license', 'CC0-1.0'];
  const at = ['--at', '2026-02-01T00:00:00Z'];
  const words = ['programs', 'import', '-', ...options, ...at, '--json'];
  const { code, json } = await by(coordinator, words, file);
  expect([code, json()]).toMatchObject([0, { programs: 1, added: 1 }]);
  expect((await by(coordinator, words, file)).json()).toMatchObject({ added: 0, unchanged: 1 });
});

test.each([
  ['a channel there is not', ['--channel', 'pigeon:x']],
  ['hours that are none', ['--quiet', 'often']],
  ['a policy without https', ['--policy', 'http://example.org']],
])('refused before anything is sent: %s', async (_, options) => {
  const { code } = await runCli(['wishes', 'set', 'pkg:npm/quay', ...options], {
    server: 'http://127.0.0.1:9',
  });
  expect(code).toBe(2);
});
