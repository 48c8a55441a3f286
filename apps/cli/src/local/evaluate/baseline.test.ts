import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownFolder } from '../../../../evaluator/test/run-in-memory.ts';
import { smallSuite } from '../../../../evaluator/test/small-suite.ts';
import { runCli } from '../../../test/run-cli.ts';
import { typedLines } from './typed-lines.ts';

const hasSandbox = existsSync('/usr/bin/bwrap');
const main = path.resolve(import.meta.dirname, '../../main.ts');

test.skipIf(!hasSandbox)('killed, gone on with, shown and taken (needs bwrap)', async () => {
  await using folder = await ownFolder();
  const suite = await smallSuite(folder.path);
  const session = path.join(folder.path, 'session');
  const words = ['benchmark', 'baseline', suite, 'task-0', '--out', session, '--person', 'p-1'];
  const child = spawn(process.execPath, [main, ...words], {
    env: { ...process.env, XDG_DATA_HOME: folder.path },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let out = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
    if (out.includes('paused 00:00')) child.kill('SIGKILL');
  });
  child.stdin.write("cut -d' ' -f4 hint.txt > flag.txt; printf '\\033[31mred'\n:time\n");
  expect((await once(child, 'exit'))[1]).toBe('SIGKILL');
  expect(out).toContain('Task task-0: write the flag');
  expect(out).toContain('\\u001b[31mred');
  const mine = path.join(folder.path, 'mine');
  const options = { localDirectory: path.join(folder.path, 'breakwater') };
  const stdin = `cat flag.txt\n:get flag.txt ${mine}\n:nonsense\n:submit flag{task-0}\n`;
  const done = await runCli(words, { ...options, stdin });
  expect(done.code, done.err).toBe(0);
  expect(done.out).toContain('flag{task-0}\n');
  expect(done.out).toMatch(/outcome {3}solved, score 1[\s\S]*program killed[\s\S]*1, the first/u);
  const shown = await runCli(['benchmark', 'baselines', folder.path, '--json']);
  expect(shown.json()).toMatchObject({
    records: 1,
    tasks: [{ task: 'task-0', n: 1, successes: 1, interrupted: 1, interval: null }],
  });
  const runs = path.join(folder.path, 'runs.csv');
  const rows = Array.from({ length: 8 }, (_, i) => `m,t-${i},${i % 2},${i + 1},estimate`);
  const head = 'model,task,outcome,human_minutes,human_time_source';
  await writeFile(runs, [head, ...rows, 'm,small/task-0,1,9,estimate', ''].join('\n'));
  const fit = ['benchmark', 'fit', '--runs', runs, '--replicates', '0', '--json'];
  const fitted = await runCli([...fit, '--human-times', session]);
  const counts = { completion: 1, expert_estimate: 8 };
  expect(fitted.json()).toMatchObject({ fits: [{ circumstances: { humanTime: counts } }] });
  expect(fitted.err).toContain('human times of 1 of 9 tasks');
});

test('lines are cut where they end, whatever the chunks, and never grow without bound', async () => {
  async function* stream() {
    yield* ['a\r\nb', 'c\n\nd', 'x'.repeat(200_000), '\n', 'e'].map((text) => Buffer.from(text));
  }
  const lines: string[] = [];
  for await (const line of typedLines(stream())) lines.push(line);
  expect(lines.map((line) => line.slice(0, 3))).toEqual(['a', 'bc', '', 'dxx', 'e']);
  expect(Math.max(...lines.map((line) => line.length))).toBe(64 * 1024);
});
