import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { downloadGit } from './git.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'git-test-'));
  await mkdir(join(folder, 'into'));
  // the host of the test is a folder: git's own settings say so, and let it be read
  vi.stubEnv('GIT_CONFIG_COUNT', '1');
  vi.stubEnv('GIT_CONFIG_KEY_0', `url.file://${folder}/.insteadOf`);
  vi.stubEnv('GIT_CONFIG_VALUE_0', 'https://git.invalid/');
  vi.stubEnv('GIT_ALLOW_PROTOCOL', 'file');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const git = (...words: string[]) => {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  const at = ['-C', join(folder, 'upstream')];
  return execFileSync('git', [...who, ...at, ...words], { encoding: 'utf8' }).trim();
};

async function commitTwice(): Promise<string> {
  await mkdir(join(folder, 'upstream'));
  git('init', '--quiet');
  await writeFile(join(folder, 'upstream/file'), 'first');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  const commit = git('rev-parse', 'HEAD');
  await writeFile(join(folder, 'upstream/file'), 'second');
  git('commit', '--quiet', '-am', 'second');
  return commit;
}

test('exactly the pinned commit comes, as an archive with one leading folder', async () => {
  const commit = await commitTwice();
  const source = { kind: 'git', url: 'https://git.invalid/upstream', commit } as const;
  const download = await downloadGit(source, join(folder, 'into'));
  if ('problem' in download) throw new Error(download.problem);
  const show = (...words: string[]) => execFileSync('tar', words, { encoding: 'utf8' });
  expect(show('-tf', download.file)).toBe('source/\nsource/file\n');
  expect(show('-xOf', download.file, 'source/file')).toBe('first');
});

test('a commit that is not there is a problem in git’s words', async () => {
  await commitTwice();
  const source = {
    kind: 'git',
    url: 'https://git.invalid/upstream',
    commit: 'c'.repeat(40),
  } as const;
  const download = await downloadGit(source, join(folder, 'into'));
  expect(download).toMatchObject({ problem: expect.stringContaining('git fetch: ') });
});
