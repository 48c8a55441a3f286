import path from 'node:path';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { beginRun } from '../../apps/evaluator/src/run/run.ts';
import { memoryWorlds } from '../../apps/evaluator/test/memory-world.ts';
import { runAsked, runGiven } from '../../apps/evaluator/test/run-asked.ts';
import { startScriptedModel } from '../../apps/evaluator/test/scripted-model.ts';
import { smallSuite } from '../../apps/evaluator/test/small-suite.ts';
import { solving } from '../../apps/evaluator/test/tasks.ts';
import { done } from '../../packages/formats/src/eval-log/testing/sample-log.ts';
import { openWindow } from '../browser/chromium.ts';

/** The log of a run of ours in this folder: three tasks, of which one is failed, in two epochs. */
export async function logOfRun(folder: string): Promise<string> {
  await using model = await startScriptedModel(solving);
  const asked = { ...runAsked(await smallSuite(folder), model.openai), epochs: 2 };
  const run = await beginRun(path.join(folder, 'run'), asked, runGiven(memoryWorlds()));
  return done(run).log;
}

/** A row of the viewer's list in the words of its page: newer ones tell tokens and time too. */
const row = /Task (task-\d): [^\n]*\n+(flag\{[^}\n]*\})\n+(?:[\d,]+\n+[\d.]+ sec\n+)?([01])\n/gu;

/** What was said and done in the first sample, in this order. */
const said = [
  'You work on a task in a sealed computer',
  'Task task-0: write the flag into /work/flag.txt and submit it.',
  'I look.',
  'command: "list", path: "."',
  'A hint is there.',
  'I read the hint.',
  'cat /work/hint.txt',
  'the flag is flag{task-0}',
  'I think aloud and use no tool.',
  'Go on with the tools you have.',
  'print(1)',
  'no such file',
  'Now I write it.',
  'echo flag{task-0} >> /work/flag.txt',
  'Done.',
  'handed in',
];

/** Holds a viewer of Inspect that shows the log of `logOfRun` here to all that stands in it. */
export async function expectShown(browser: Browser, address: string): Promise<void> {
  const objections: string[] = [];
  await using window = await openWindow(browser, { width: 1_400, scheme: 'light' }, objections);
  const { page, context } = window;
  context.setDefaultTimeout(60_000);
  const shows = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const rendered = async () => (await page.locator('body').allInnerTexts()).join('');
  await page.goto(address);
  await shows('openai/scripted-1');
  await shows('6 Samples');
  for (const figure of ['0.667', '0.333']) await shows(figure);
  const list = await rendered();
  expect(list).toMatch(/^small$/mu);
  expect([...list.matchAll(row)].map(([, ...cells]) => cells)).toEqual(
    ['task-0', 'task-0', 'task-1', 'task-1', 'task-2', 'task-2'].map((task) =>
      task === 'task-2' ? [task, 'flag{no}', '0'] : [task, `flag{${task}}`, '1'],
    ),
  );

  await page.getByText('Task task-0: write the flag').first().click();
  await shows('I read the hint.');
  await shows('the flag is flag{task-0}');
  // The turns themselves are seen, not an agent that is folded away.
  expect(await rendered()).toMatch(/model call: openai\/scripted-1.*tool: file/isu);
  // The tabs of the sample come before those of its turns.
  await page.getByRole('tab', { name: 'Messages' }).first().click();
  await page.waitForURL(/\/messages$/u);
  await shows('handed in');
  const messages = await rendered();
  const places = said.map((words) => messages.lastIndexOf(words));
  expect(places, messages).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  await page.getByRole('tab', { name: 'Scoring' }).first().click();
  await shows('accepted');
  for (const text of [list, messages]) expect(text).not.toMatch(/\berror/iu);
  expect(objections).toEqual([]);
}
