import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exemptions, permissionFaults, wordsOfPermission } from './words-of-permission.ts';

const slice = 'apps/server/src/slices/frontier';
const words = (text: string, path = `${slice}/engage/decide.ts`) =>
  wordsOfPermission(path, text, true).map((found) => found.words);

describe('a word of permission is found', () => {
  test.each([
    ['prose', '// The Government approves it.', ['approves']],
    ['prose over two lines', '// may hold\n// back a release', ['hold back a release']],
    ['camelCase', 'const isApprovedNow = 1;', ['approved']],
    ['PascalCase', 'interface WindowDenial {}', ['denial']],
    ['snake_case', 'create table engage.pending_models ();', ['pending']],
    ['kebab-case', "'not-licensed'", ['licensed']],
    ['SCREAMING_CASE', 'const RELEASE_PERMIT = 1;', ['permit']],
    ['a state of its own', "z.enum(['pass', 'fail'])", ["'pass'", "'fail'"]],
    [
      'a compound',
      'modelPassed; releaseBlocked; clearModel()',
      ['model passed', 'release blocked', 'clear model'],
    ],
    ['letters in a row', 'API_authorized, URLDenied', ['authorized', 'denied']],
    ['British letters', 'unauthorised, licence', ['unauthorised', 'licence']],
    ['markdown', '**not** `certified`', ['certified']],
  ])('in %s', (_, text, found) => {
    expect(words(text)).toEqual(found);
  });

  test.each(
    [
      'approve approved approval deny denied denial pending license licensed permit permitted',
      'permission clearance authorize authorized authorization certify reject rejected allow',
      'allowed withhold withheld preclearance disallow',
    ]
      .join(' ')
      .split(' '),
  )('%s', (word) => {
    expect(words(`the ${word} of it`)).toEqual([word]);
  });

  test('with its line', () => {
    expect(wordsOfPermission('a.md', 'one\ntwo\n  allowed\n', true)).toEqual([
      { line: 3, words: 'allowed' },
    ]);
  });
});

describe('a word that means no permission is not', () => {
  test.each([
    'authority, gateway, certificate, identity, suspending, deniable',
    'holds the row; the transaction holds; clear the cache; pass the text on; it failed to read',
    "display: block; const held = rows; 'held-by-law'",
    'a key that is blocked by nobody; the call fails',
  ])('%s', (text) => {
    expect(words(text)).toEqual([]);
  });

  test('elsewhere, unless it stands beside a model or its release', () => {
    const elsewhere = (text: string) => wordsOfPermission('apps/cli/src/a.ts', text, false).length;
    expect(elsewhere('// The scan is authorized, the claim pending.')).toBe(0);
    expect(elsewhere('// The approval of a model.')).toBe(1);
    expect(elsewhere('const model_denied = 1;')).toBe(1);
    expect(elsewhere('clearedForRelease, licensedModel')).toBe(2);
    expect(elsewhere('// It blocks the release.')).toBe(1);
  });

  test.each(exemptions)('$phrase, because: $reason', ({ phrase, where }) => {
    expect(phrase.global).toBe(true);
    // A whole folder is no name.
    expect(where === undefined || phrase.source.length > 8).toBe(true);
  });
});

describe('in a checkout', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'breakwater-words-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each([
    [`${slice}/engage/terms/decide.ts`, 'const approval = 1;'],
    [`${slice}/designate/store.ts`, "const sql = 'pending';"],
    [`${slice}/early-access/README.md`, 'A person is allowed in.'],
    ['apps/server/migrations/0099-later.sql', 'create table early_access.windows (denied int);'],
    ['apps/web/src/slices/engage/page.tsx', '<p>Your license</p>'],
    ['apps/web/src/slices/benchmark/page.tsx', '<p>Approved model</p>'],
    ['packages/contract/src/designate.ts', "z.enum(['pass'])"],
    ['apps/cli/src/api/window/command.ts', "'window permit'"],
    ['docs/rules/early-access.md', 'It is authorized.'],
    ['docs/operate/models.md', 'before the model is approved'],
    ['README.md', 'It may block a release.'],
  ])('%s is read', async (path, text) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    expect(permissionFaults(folder)).toEqual([expect.stringContaining(`${path}:1 says`)]);
  });

  test('there is no such word here', () => {
    expect(permissionFaults(resolve(import.meta.dirname, '..'))).toEqual([]);
  });
});
