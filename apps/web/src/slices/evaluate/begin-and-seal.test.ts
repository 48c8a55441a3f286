import { execFileSync } from 'node:child_process';
import { commitmentTo, type Item, sealSuite } from '@breakwater/benchmark';
import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { type RunWords, runCommand } from './run-command.ts';
import { readToSeal } from './what-is-told.ts';

const item: Item = {
  format: 'breakwater-item/1',
  suite: { name: 'small', version: '1' },
  task: {
    format: 'breakwater-task/1',
    name: 'one',
    title: 'One',
    version: '1',
    discipline: 'other',
    stance: 'offense',
    prompt: 'Say the secret word.',
    files: [],
    scorer: { kind: 'answer', accept: ['harbor'], caseSensitive: true },
    humanTime: { minutes: 5, source: 'timed baseline' },
    weight: 1,
    variants: [],
    limits: {},
  },
  files: [],
};
const sealed = sealSuite([item], [new Uint8Array(32).fill(3)]);
const [only] = sealed.items;
const bytesOf = (value: unknown) => utf8(JSON.stringify(value));

test('what is told of a suite holds no salt and nothing of an item', () => {
  const { commitment = '', salt = '', item: text = '' } = only ?? {};
  const published = readToSeal(bytesOf(commitmentTo(sealed)));
  expect(published).toEqual({
    ok: true,
    value: { root: sealed.root, items: [{ commitment }], bodies: null },
  });
  const secret = readToSeal(bytesOf(sealed));
  const items = [{ commitment, humanTime: 'completion' }];
  const bodies = [{ salt, item: text }];
  expect(secret).toEqual({ ok: true, value: { root: sealed.root, items, bodies } });
  if (!secret.ok) return;
  expect(JSON.stringify(secret.value.items)).not.toMatch(/harbor|secret|salt/u);
});

test('a file that does not lead to its root is not sealed', () => {
  const other = { ...commitmentTo(sealed), root: 'a'.repeat(64) };
  expect(readToSeal(bytesOf(other))).toMatchObject({ refusal: { code: 'commitment-differs' } });
  const salted = { ...sealed, items: [{ ...only, salt: `${'A'.repeat(43)}=` }] };
  expect(readToSeal(bytesOf(salted))).toMatchObject({ refusal: { code: 'commitment-differs' } });
  expect(readToSeal(utf8('{}'))).toMatchObject({ refusal: { code: 'malformed' } });
});

const words: RunWords = {
  folder: 'my suite/',
  isSealed: true,
  api: 'openai',
  endpoint: 'https://host/v1?a=$HOME&b',
  model: "it's; rm -rf `x`",
  keyVariable: '',
  epochs: '2',
  limits: { tokens: 9_000 },
  server: 'https://breakwater.example.org',
  run: 'run_1',
};

test('the command is one for a shell, whatever was typed', () => {
  const command = runCommand(words).replace(/^breakwater/u, 'printf "%s\\n"');
  const read = execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' });
  expect(read.split('\n')).toEqual([
    ...['benchmark', 'run', 'my suite', '--api', 'openai', '--endpoint', words.endpoint],
    ...['--model', words.model, '--epochs', '2', '--limit-tokens', '9000'],
    ...['--sealed', 'my suite.sealed.json', '--server', words.server, '--run-id', 'run_1', ''],
  ]);
  expect(runCommand({ ...words, folder: '--json', isSealed: false })).toContain('run ./--json ');
});
