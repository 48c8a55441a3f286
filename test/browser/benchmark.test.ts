import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writtenLog } from '../../packages/formats/src/eval-log/testing/sample-log.ts';
import { axe } from './axe.ts';
import { noBrowser, openWindow, startChromium } from './chromium.ts';
import { type Fixture, startFixture } from './fixture-server.ts';

describe.skipIf(noBrowser !== null)(`benchmark${noBrowser ?? ''}`, () => {
  let fixture: Fixture;
  let browser: Browser;
  let folder: string;
  const objections: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'breakwater-browser-'));
    await writeFile(join(folder, 'log.eval'), await writtenLog('whole'));
    [fixture, browser] = await Promise.all([startFixture(), startChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await fixture[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test('a transcript on a phone: read, searched, linked to, and sent nowhere', async () => {
    await using opened = await openWindow(browser, { width: 390, scheme: 'dark' }, objections);
    const { page } = opened;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
    await page.goto(`${fixture.address}/benchmark?log=log.eval&sample=web&epoch=2&at=1`);
    await page.getByText('Open that file to go there').waitFor();
    await page.locator('input[type=file]').setInputFiles(join(folder, 'log.eval'));
    const looked = page.locator('.entry-looked');
    await looked.getByText('I look around').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('j');
    await looked.getByText('flag.txt').waitFor();
    await page.keyboard.press('e');
    await page.getByRole('searchbox', { name: 'Search the events' }).fill('cut');
    await page.getByRole('link', { name: '#4 Note breakwater' }).click();
    await looked.getByText('Note breakwater').waitFor();
    expect(new URL(page.url()).search).toBe('?log=log.eval&sample=web&epoch=2&list=events&at=3');
    await page.getByRole('link', { name: 'All samples of capture' }).click();
    await page.getByText('match accuracy 0.75').waitFor();
    expect(await axe(page)).toEqual([]);
    // The page's own files and who is signed in: nothing else is asked for, and nothing is posted.
    expect(
      asked.filter((each) => !/^GET \S+\/(assets\/|benchmark\b|v1\/session$)/.test(each)),
    ).toEqual([]);
    expect(objections).toEqual([]);
  });

  test('figures of a table at a desk, and a plan', async () => {
    const head = 'model,task,family,outcome,human_minutes,total_tokens\n';
    const rows = ['a', 'b', 'c'].flatMap((model, skill) =>
      Array.from({ length: 12 }, (_, task) =>
        [
          model,
          `t${task}`,
          `f${task % 4}`,
          task < 4 + 3 * skill !== (task % 5 === skill) ? 1 : 0,
          2 ** task,
          100 + task,
        ].join(),
      ),
    );
    await writeFile(join(folder, 'runs.csv'), head + rows.join('\n'));
    await writeFile(join(folder, 'wrong.csv'), 'a,b\n1,2\n');
    await using opened = await openWindow(browser, { width: 1280, scheme: 'light' }, objections);
    const { page } = opened;
    await page.goto(`${fixture.address}/benchmark?show=figures`);
    const files = [join(folder, 'runs.csv'), join(folder, 'wrong.csv')];
    await page.locator('input[type=file]').setInputFiles(files);
    await page.getByText('wrong.csv was not opened').waitFor();
    for (const chart of ['Accuracy', 'Side by side', 'Horizon curve', 'Score against budget']) {
      await page.getByRole('img', { name: `${chart}: ` }).waitFor();
    }
    await page.getByRole('img', { name: /^Models by ability/ }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Plan' }).click();
    await page.getByLabel('Tasks', { exact: true }).fill('100');
    await page.getByText('± 8 %').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(objections).toEqual([]);
  });
});
