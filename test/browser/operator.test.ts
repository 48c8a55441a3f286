import { distribute } from '@breakwater/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe } from './axe.ts';
import type { Opened } from './chromium.ts';
import { noBrowser, openWindow, startChromium } from './chromium.ts';
import type { LivingWorld } from './living-world.ts';
import { handIn, joinBy, patched, startLivingWorld } from './living-world.ts';

const desk = { width: 1280, scheme: 'light' } as const;
const phone = { width: 390, scheme: 'dark' } as const;
const list =
  'ii  cjson:amd64  1.7.15-1  amd64  JSON\nii  hello:amd64  2.10-3  amd64  greeting\nnonsense\n';

describe.skipIf(noBrowser !== null)(`the operator${noBrowser ?? ''}`, () => {
  let world: LivingWorld;
  let browser: Browser;
  let window: Opened;
  let page: Page;
  const objections: string[] = [];

  beforeAll(async () => {
    [world, browser] = await Promise.all([startLivingWorld(), startChromium()]);
    window = await openWindow(browser, desk, objections);
    page = window.page;
    const id = await handIn(world, world.finder, {
      title: 'Over-read in parse_string',
      at: 'a.c',
      proof: true,
    });
    await patched(world, id);
    await world.coordinator.client.call(distribute.publish, {
      params: { case: id },
      body: {
        summary: 'Over-read in cJSON on input without a terminator',
        details: 'A crafted text makes the parser read beyond its end.',
        affected: [
          { ecosystem: 'Debian:12', package: 'cjson', introduced: '0', fixed: '1.7.15-1+deb12u2' },
        ],
        aliases: ['CVE-2026-1000'],
        references: [],
        creditFinders: true,
      } as never, // binaries have a default
    });
    await joinBy(page, await world.link(world.operator), 'Kim Ortiz');
  });
  afterAll(async () => {
    await browser.close();
    await world[Symbol.asyncDispose]();
  });

  test('who has given no list is asked for one, and sees what it was understood as before it is kept', async () => {
    await page.getByRole('heading', { name: 'First: what do you run?' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('link', { name: 'Add a list of what you run' }).click();
    await page.getByRole('button', { name: 'Add the first list' }).click();
    await page.getByLabel('For a Debian package list: which release?').selectOption('12');
    await page
      .getByLabel('Drop the file here, or choose it')
      .setInputFiles({ name: 'desk.txt', mimeType: 'text/plain', buffer: Buffer.from(list) });
    const preview = page.getByRole('region', { name: 'What was understood' });
    await preview.getByText('2 programs').waitFor();
    await preview.getByText('1 of our advisories affect it').waitFor();
    await preview.getByText('What was not understood, and why').click();
    await preview.getByText('line 3').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('What is this list called?').fill('Front desk');
    await page.getByRole('button', { name: 'Keep this list' }).click();
    await page
      .getByRole('cell', { name: 'Front desk' })
      .or(page.getByRole('rowheader', { name: 'Front desk' }))
      .waitFor();
  });

  test('a card appears, says what to do, and can be reported done and taken back', async () => {
    await page.getByRole('link', { name: 'What to do' }).first().click();
    const task = page.getByRole('link', { name: /cjson/i }).first();
    await expect.poll(() => task.count()).toBe(1);
    await task.click();
    await page.waitForURL('**/notices/notice_*');
    await page.getByRole('heading', { name: 'What to do', exact: true, level: 3 }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'It is done' }).click();
    await page.getByText('You reported: Done').waitFor();
    await page.getByRole('button', { name: 'That was a mistake: take it back' }).click();
    await page.getByRole('button', { name: 'It is done' }).waitFor();
  });

  test('it is handed on by a link that opens this card and no other, and reported from there', async () => {
    await page.getByRole('button', { name: 'Hand it on' }).click();
    await page.getByLabel('Who is it for?').fill('Sam from the IT company');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByText(/\/help#/).textContent();
    await page.getByRole('button', { name: 'Close', exact: true }).last().click();
    await using theirs = await openWindow(browser, phone, objections);
    await theirs.page.goto(link ?? '');
    await theirs.page.getByRole('button', { name: 'Open the card' }).waitFor();
    expect(theirs.page.url()).not.toContain('#');
    expect(await axe(theirs.page)).toEqual([]);
    await theirs.page.getByRole('button', { name: 'Open the card' }).click();
    await theirs.page.getByRole('button', { name: 'It is done' }).click();
    await theirs.page.getByText('Reported: Done.').waitFor();
    expect(await axe(theirs.page)).toEqual([]);
    await page.reload();
    await page
      .getByText(/reported/)
      .first()
      .waitFor();
    await page.getByText('You reported: Done').waitFor();
  });

  test('anybody reads what was published, without an account', async () => {
    await using theirs = await openWindow(browser, phone, objections);
    await theirs.page.goto(`${world.server.address}/advisories?package=cjson`);
    await theirs.page.getByRole('link', { name: /Over-read in cJSON/ }).click();
    await theirs.page.getByRole('heading', { name: 'What is affected' }).waitFor();
    await theirs.page.getByText('Tidewater Labs').waitFor();
    expect(await axe(theirs.page)).toEqual([]);
    expect(objections).toEqual([]);
  });
});
