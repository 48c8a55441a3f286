import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe } from './axe.ts';
import type { Opened } from './chromium.ts';
import { noBrowser, openWindow, startChromium } from './chromium.ts';
import type { LivingWorld } from './living-world.ts';
import { joinBy, startLivingWorld, targetPackage } from './living-world.ts';

const desk = { width: 1280, scheme: 'dark' } as const;
const diff = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';

/** What a fuzzer's sanitizer wrote, in the form of AddressSanitizer. */
const report = `=================================================================
==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000011 at pc 0x0000004dc4b3
READ of size 1 at 0x602000000011 thread T0
    #0 0x4dc4b2 in parse_string /src/cjson/cJSON.c:790:15
    #1 0x4dd1a2 in parse_value /src/cjson/cJSON.c:1362:16
    #2 0x4db7f1 in cJSON_ParseWithLengthOpts /src/cjson/cJSON.c:1112:10
SUMMARY: AddressSanitizer: heap-buffer-overflow /src/cjson/cJSON.c:790:15 in parse_string
`;

describe.skipIf(noBrowser !== null)(`a finder and an owner${noBrowser ?? ''}`, () => {
  let world: LivingWorld;
  let browser: Browser;
  const windows: Opened[] = [];
  let finder: Page;
  let owner: Page;
  let coordinator: Page;
  const objections: string[] = [];

  beforeAll(async () => {
    [world, browser] = await Promise.all([startLivingWorld(), startChromium()]);
    const open = async (who: 'finder' | 'owner' | 'coordinator', name: string) => {
      const window = await openWindow(browser, desk, objections);
      windows.push(window);
      await joinBy(window.page, await world.link(world[who]), name);
      return window.page;
    };
    finder = await open('finder', 'Lena Ruiz');
    owner = await open('owner', 'Max Weber');
    coordinator = await open('coordinator', 'Ada Reyes');
  });
  afterAll(async () => {
    await browser.close();
    await world[Symbol.asyncDispose]();
  });

  test('a finder drops a report, sees what was understood, and learns at once that it is new', async () => {
    await finder.getByRole('heading', { name: 'Nothing handed in yet' }).waitFor();
    expect(await axe(finder)).toEqual([]);
    await finder.getByRole('link', { name: 'Hand in the first' }).click();
    await finder
      .getByLabel('Drop the report here, or choose it')
      .setInputFiles({ name: 'asan.log', mimeType: 'text/plain', buffer: Buffer.from(report) });
    await finder
      .getByText(/parse_string/)
      .first()
      .waitFor();
    await finder.getByLabel('Package').fill(targetPackage);
    await finder.getByLabel('Version').fill('1.7.15-1');
    await finder.getByLabel('Title').fill('Over-read in parse_string');
    await finder.getByLabel('Recipe').selectOption('cjson');
    await finder.getByLabel('The input that makes it crash').setInputFiles({
      name: 'crash-1',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('"'),
    });
    expect(await axe(finder)).toEqual([]);
    await finder.getByRole('button', { name: 'Hand it in' }).click();
    await finder.getByText('Nobody reported this to us before.').waitFor();
    await finder.getByRole('link', { name: 'All you handed in' }).click();
    await finder.getByText('Over-read in parse_string').waitFor();
    await finder.getByText('Reproduced').first().waitFor();
    expect(await axe(finder)).toEqual([]);
  });

  test('a finder chooses how to be credited', async () => {
    await finder.getByRole('textbox', { name: 'As', exact: true }).fill('Tidewater Fuzzing Team');
    await finder.getByRole('button', { name: 'Keep it' }).click();
    await finder.getByText('Your credit is kept.').waitFor();
  });

  test('a finder sees what is in a report of many before it is handed in', async () => {
    const result = (text: string, more = {}) => ({ ruleId: 'r', message: { text }, ...more });
    const results = [
      ...['One', 'Two', 'Three'].map((text) => result(text)),
      result('Known', { suppressions: [{ kind: 'inSource' }] }),
      {},
    ];
    const log = { version: '2.1.0', runs: [{ tool: { driver: { name: 'scan' } }, results }] };
    await finder.goto(new URL('/submit', finder.url()).href);
    await finder.getByLabel('Drop the report here, or choose it').setInputFiles({
      name: 'a.sarif',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(log)),
    });
    const seen = finder.getByRole('region', { name: 'What is in it' });
    await seen.waitFor();
    expect(await seen.locator('dt').allInnerTexts()).toEqual([
      ...['Results', 'Findings', 'Suppressed, kept', 'Unreadable'],
    ]);
    expect(await seen.locator('dd').allInnerTexts()).toEqual(['5', '3', '1', '1']);
    await seen.getByText('4 name no package: refused unless you say it below').waitFor();
    await finder.getByLabel('Package').fill(targetPackage);
    await expect.poll(() => seen.getByText('no package').count()).toBe(0);
    expect(await axe(finder)).toEqual([]);
  });

  test('a finder makes a key for an agent that may do little and ends by itself', async () => {
    await finder.goto(new URL('/account', finder.url()).href);
    await finder.getByLabel('Name of the new key').fill('an agent');
    await finder.getByLabel('Ends').selectOption('7');
    await finder.getByRole('button', { name: 'Make a key' }).click();
    await finder.getByText('Here is the key').waitFor();
    const key = await finder.getByText(/^bw_/).textContent();
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(new URL(path, finder.url()), { ...init, headers: { authorization: `Bearer ${key}` } });
    expect((await ask('/v1/me/findings')).status).toBe(200);
    expect((await ask('/v1/me/credit')).status).toBe(403);
    await finder.getByRole('button', { name: 'I have it' }).click();
    const row = finder.getByRole('row', { name: /an agent/ });
    await row.getByText('what agents need').waitFor();
    expect(await row.textContent()).toMatch(/in 6 days/);
  });

  test('a finder makes a key that speaks for a service account, which is added with it', async () => {
    await finder.getByLabel('Name of the new key').fill('nightly');
    await finder.getByLabel('Speaks for').selectOption('a new service account');
    await finder.getByLabel('Name of the service').fill('Night scans');
    await finder.getByRole('button', { name: 'Make a key' }).click();
    await finder.getByText('Here is the key').waitFor();
    const key = await finder.getByText(/^bw_/).textContent();
    const headers = { authorization: `Bearer ${key}` };
    const findings = await fetch(new URL('/v1/me/findings', finder.url()), { headers });
    expect(findings.status).toBe(200);
    await finder.getByRole('button', { name: 'I have it' }).click();
    const speaks = finder.getByLabel('Speaks for');
    await expect.poll(() => speaks.locator('option').allTextContents()).toContain('Night scans');
    expect(await axe(finder)).toEqual([]);
  });

  test('an owner sets its pace, and gets the case with its reproducer first', async () => {
    await owner.getByRole('heading', { name: 'Nothing to answer' }).waitFor();
    await owner.getByRole('link', { name: 'Set your pace' }).first().click();
    await owner.getByLabel('Not more than a number').check();
    await owner.getByLabel('Cases a week').fill('3');
    expect(await axe(owner)).toEqual([]);
    await owner.getByRole('button', { name: 'Keep this pace' }).click();
    await owner.getByText('Your pace is kept.').waitFor();

    await coordinator.getByRole('link', { name: 'Cases', exact: true }).click();
    await coordinator.getByRole('link', { name: 'Over-read in parse_string' }).click();
    await coordinator.getByRole('button', { name: 'Invite the owner' }).click();
    const dialog = coordinator.getByRole('dialog');
    await dialog.getByLabel('Owner').selectOption({ label: 'cJSON maintainers' });
    await dialog.getByRole('button', { name: 'Invite the owner' }).click();
    await coordinator.getByText('The owner has the case.').waitFor();

    await owner.getByRole('link', { name: 'Back to the inbox' }).click();
    await owner.getByText('1 of 3 this week.').waitFor();
    expect(await axe(owner)).toEqual([]);
    await owner.getByRole('link', { name: 'Over-read in parse_string' }).click();
    await owner.getByRole('heading', { name: 'See it yourself' }).waitFor();
    const download = owner.waitForEvent('download');
    await owner.getByRole('button', { name: 'Download the reproducer' }).click();
    expect((await download).suggestedFilename()).toMatch(/-reproducer\.tar$/);
    expect(await axe(owner)).toEqual([]);
  });

  test('the owner takes note, gives its verdict and proposes a patch, which is tried', async () => {
    await owner.getByRole('button', { name: 'I took note' }).click();
    await owner.getByText('Took note').waitFor();
    await owner.getByRole('button', { name: 'Act on this case' }).click();
    await owner.getByRole('menuitem', { name: 'Give your verdict' }).click();
    await owner.getByRole('radio', { name: /^Affected/ }).check();
    await owner.getByLabel('Why').fill('It reads one byte too far.');
    await owner.getByRole('button', { name: 'Give the verdict' }).click();
    await owner.getByText('Your verdict is given.').waitFor();
    await owner.getByRole('button', { name: 'Propose a patch' }).click();
    await owner
      .getByLabel('Drop the diff here, or choose it')
      .setInputFiles({ name: 'fix.patch', mimeType: 'text/x-diff', buffer: Buffer.from(diff) });
    await owner.getByLabel('What it does, in a line').fill('Check the length first');
    expect(await axe(owner)).toEqual([]);
    await owner.getByRole('button', { name: 'Propose it' }).click();
    await owner.getByText('Verified', { exact: true }).waitFor();
    expect(objections).toEqual([]);
  });
});
