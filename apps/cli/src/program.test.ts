import { spawn } from 'node:child_process';
import path from 'node:path';
import { operations } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { runCli } from '../test/run-cli.ts';
import { operationCommands } from './api/operation-commands.ts';
import { sliceNames } from './program.ts';

/** All but streams, which pages keep open and no command waits for. */
const callable = operations.filter(({ stream }) => stream !== true);

test('the first words are those of the contract', () => {
  const slices = new Set(callable.map(({ id }) => id.split('.')[0]));
  expect(new Set<string>(sliceNames)).toEqual(new Set([...slices]));
});

test('every operation of the contract is a command, with each argument of its path', () => {
  const commands = sliceNames.flatMap((slice) =>
    operationCommands(slice).map(({ name, args }) => [
      `${slice}.${name}`,
      Object.keys(args ?? {}).length,
    ]),
  );
  const wanted = callable.map((o) => [o.id, Object.keys(o.params.shape).length]);
  expect(new Map(commands as [string, number][])).toEqual(new Map(wanted as [string, number][])); // pairs, as made above
});

test.each(sliceNames)('every command of %s can be asked for its help', async (slice) => {
  for (const { name } of operationCommands(slice)) {
    const { code, out } = await runCli([slice, name, '--help']);
    expect([name, code]).toEqual([name, 0]);
    expect(out).toContain(`Usage: breakwater ${slice} ${name}`);
  }
});

test('help names the exit codes', async () => {
  const { code, out } = await runCli(['--help']);
  expect(code).toBe(0);
  expect(out).toContain('3 no sandbox on this machine');
});

test.each([
  [['affcted'], 'Did you mean affected?'],
  [['log', 'chekc'], 'Did you mean check?'],
  [['crash', 'x', '--jsn'], 'Did you mean --json?'],
  [['verify', 'a', 'b'], "option '--proof <file...>' is needed"],
  [['validate', 'a'], "missing required argument 'proof-file'"],
])('%j is wrong usage, and says what was meant', async (words, said) => {
  const { code, out, err } = await runCli(words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(said);
});

test('what one command needs is not asked of the commands beside it', async () => {
  const { code, err } = await runCli(['verify', 'list', 'case_x', '--server', 'http://127.0.0.1']);
  expect(code).toBe(2);
  expect(err).toContain('an argument in the published form');
});

test('a reader that leaves early is no fault', async () => {
  const main = path.join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const errors: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => errors.push(part));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, Buffer.concat(errors).toString()]).toEqual([0, '']);
});

test('Ctrl-C ends a command that waits for its input, with an exit code of its own', async () => {
  const main = path.join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, 'crash', '-', '--json'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  const ended = new Promise((resolve) => child.on('close', resolve));
  // It has installed its handlers and reads once it takes what is written.
  await new Promise<void>((resolve) => child.stdin.write('x'.repeat(1 << 20), () => resolve()));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(JSON.parse(Buffer.concat(out).toString())).toMatchObject({
    refusal: { code: 'interrupted' },
  });
});
