import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const bench = path.join(import.meta.dirname, 'run.ts');

test('the short form measures, and prints a row with its peer', async () => {
  const { code, out } = await run('=log', '--short');
  expect(code, out).toBe(0);
  expect(out).toMatch(/^log$/m);
  expect(out).toMatch(/^ {2}\S.* \d[\d.,]* \S+ .*x the peer$/m);
});

test('a short look is refused for the page, and a name that nothing has', async () => {
  const short = await run('=log', '--short', '--page');
  expect([short.code, short.out]).toEqual([1, expect.stringContaining('no figures for a page')]);
  const none = await run('nothing-of-that-name');
  expect([none.code, none.out]).toEqual([1, expect.stringContaining('nothing-of-that-name')]);
});

function run(...words: string[]): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [bench, ...words], (_, out, said) => {
      done({ code: child.exitCode ?? -1, out: out + said });
    });
  });
}
