import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSuite } from '@breakwater/benchmark';
import { suiteFolder } from '@breakwater/evaluator/files';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../../test/run-cli.ts';

let root: string;
let suite: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'breakwater-suite-'));
  suite = path.join(root, 'my-suite');
});
afterEach(async () => await rm(root, { recursive: true }));

const benchmark = async (...words: string[]) => await runCli(['benchmark', ...words]);
const inRoot = (name: string) => path.join(root, name);

test('a new suite is committed to, one item of it opened, and the opening checked', async () => {
  expect(await benchmark('new', suite)).toMatchObject({
    code: 0,
    out: `made ${suite} with the tasks read-note, mend-greeting\n`,
  });
  const committed = await benchmark('commit', suite);
  expect([committed.code, committed.err]).toEqual([
    0,
    `keep ${suite}.sealed.json safe and to yourself: without it nothing can be opened\n`,
  ]);
  const rootHash = /root {5}([0-9a-f]{64})\n/.exec(committed.out)?.[1] ?? '';
  expect((await stat(`${suite}.sealed.json`)).mode & 0o777).toBe(0o600);
  const published = await readFile(`${suite}.commitment.json`, 'utf8');
  expect(published).not.toMatch(/note|greet|my-suite/);

  const opening = inRoot('opening.json');
  expect((await benchmark('open', suite, 'mend-greeting', '--to', opening)).code).toBe(0);
  const checked = await benchmark('check', opening, `${suite}.commitment.json`);
  expect([checked.code, checked.err]).toEqual([0, '']);
  expect(checked.out.split('\n')).toEqual([
    `holds    item 1 of 2 under ${rootHash}`,
    expect.stringMatching(/^item {5}[0-9a-f]{64}$/),
    'suite    my-suite 1',
    'task     mend-greeting 1: Mend the greeting',
    expect.stringMatching(/^file {5}[0-9a-f]{64} {2}files\/greet.sh$/),
    expect.stringMatching(/^file {5}[0-9a-f]{64} {2}private\/score.sh$/),
    expect.stringMatching(/solutions\/right.sh$/),
    expect.stringMatching(/solutions\/wrong-untouched.sh$/),
    '',
  ]);
});

test('a hidden proof shows that an item belongs to the suite, and nothing of it', async () => {
  await benchmark('new', suite);
  await benchmark('commit', suite);
  const hidden = await benchmark('open', `${suite}.sealed.json`, '0', '--hidden');
  expect(hidden.out).not.toMatch(/note|salt|my-suite/);
  await writeFile(inRoot('hidden.json'), hidden.out);
  const words = ['check', inRoot('hidden.json'), `${suite}.commitment.json`, '--json'];
  expect((await benchmark(...words)).json()).toMatchObject({ holds: true, place: 0, item: null });
});

test('what was changed does not hold, and what is no proof is refused', async () => {
  await benchmark('new', suite);
  await benchmark('commit', suite);
  const published = `${suite}.commitment.json`;
  const opening = (await benchmark('open', suite, 'read-note')).out;
  const changed = inRoot('changed.json');
  await writeFile(changed, opening.replace('Find the token', 'Find a token'));
  const answer = await benchmark('check', changed, published);
  expect([answer.code, answer.out]).toEqual([1, expect.stringMatching(/^does not hold: /)]);
  expect((await benchmark('check', changed, published, '--json')).json()).toMatchObject({
    holds: false,
    refusal: { code: 'item-changed' },
  });
  await writeFile(inRoot('other'), '{}');
  expect((await benchmark('check', inRoot('other'), published)).code).toBe(2);
  expect((await benchmark('check', changed, inRoot('other'))).code).toBe(2);
  expect((await benchmark('open', suite, 'no-such-task')).err).toMatch(/item-unknown/);
});

test('nothing that is there is overwritten, and a failed beginning leaves nothing', async () => {
  await benchmark('new', suite);
  expect((await benchmark('new', suite)).err).toMatch(/file-not-written/);
  await benchmark('commit', suite);
  const before = await readFile(`${suite}.sealed.json`);
  expect((await benchmark('commit', suite)).err).toMatch(/file-not-written/);
  expect(await readFile(`${suite}.sealed.json`)).toEqual(before);
  await rm(`${suite}.sealed.json`);
  expect((await benchmark('commit', suite)).err).toMatch(/commitment.json: it is there already/);
  await expect(stat(`${suite}.sealed.json`)).rejects.toThrow('ENOENT');
  expect((await benchmark('new', inRoot('No Suite'))).err).toMatch(/name-malformed/);
});

test('a link in a suite is refused, and never read', async () => {
  await benchmark('new', suite);
  await symlink('/etc/hostname', path.join(suite, 'tasks/read-note/private'));
  expect((await benchmark('commit', suite)).err).toMatch(
    /file-unknown.*tasks\/read-note\/private/s,
  );
  expect((await benchmark('commit', root)).err).toMatch(/suite.json: there is none/);
});

test('the first suite conforms', async () => {
  const folder = path.join(import.meta.dirname, '../../../../../suites/first-light');
  const read = await readSuite(suiteFolder(folder));
  expect(read.ok ? read.value.items.length : read.refusal).toBe(12);
});
