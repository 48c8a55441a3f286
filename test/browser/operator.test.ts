import { distribute } from '@breakwater/contract';
import { queryWithSources } from '@breakwater/formats/dpkg';
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
    await page
      .getByLabel('Drop the file here, or choose it')
      .setInputFiles({ name: 'desk.txt', mimeType: 'text/plain', buffer: Buffer.from(list) });
    const preview = page.getByRole('region', { name: 'What was understood' });
    await preview.getByText('2 programs understood').waitFor();
    await preview.getByText('Not everything can be judged').waitFor();
    await preview.getByText('Of 1 of them an advisory is out').waitFor();
    expect(await axe(page)).toEqual([]);
    // Chosen after the file: it is read again, and what was said without it is gone.
    await page.getByLabel('For a package list: of which system?').selectOption('12');
    await preview.getByText('1 of our advisories affect it').waitFor();
    expect(await preview.getByText('Not everything can be judged').count()).toBe(0);
    await preview.getByText('2 from Debian:12').waitFor();
    await preview.getByText('What was not understood, and why').click();
    await preview.getByText('line 3').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('What is this list called?').fill('Front desk');
    await page.getByRole('button', { name: 'Keep this list' }).click();
    await page.getByRole('rowheader', { name: 'Front desk' }).waitFor();
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

  test('a list without its release is no all-clear: the page says so, and takes the release', async () => {
    await page.getByRole('link', { name: 'What to do' }).first().click();
    await page.getByText('Nothing is left to do. Everything we know of was reported.').waitFor();
    await page.getByRole('link', { name: 'What you run' }).first().click();
    await page.getByRole('button', { name: 'Add a list' }).click();
    const command = await page.getByText(/dpkg-query -W -f/).textContent();
    expect(command).toBe(`${queryWithSources} > packages.txt`);
    const told = 'libcjson1\t1.7.15-1\tcjson\t1.7.15-1\nhello\t2.10-3\thello\t2.10-3\n';
    await page
      .getByLabel('Drop the file here, or choose it')
      .setInputFiles({ name: 'ward.txt', mimeType: 'text/plain', buffer: Buffer.from(told) });
    await page.getByRole('button', { name: 'Keep this list' }).click();
    await page.getByRole('link', { name: '2 without release' }).click();
    await page.getByText('We cannot say everything about ward').waitFor();
    await page.getByText(/^2 programs could not be judged: .* it may be affected\.$/).waitFor();
    await page.getByText('Every card was reported. What could not be judged has none.').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('Which release is ward?').selectOption('12');
    await page.getByRole('button', { name: 'Give the release' }).click();
    const task = page.getByRole('listitem').filter({ hasText: 'ward' });
    await task.getByRole('link', { name: /cjson/ }).waitFor();
    expect(await page.getByText('We cannot say everything').count()).toBe(0);
  });

  test('a list that is kept is renamed, given another release, and removed with its cards', async () => {
    await page.getByRole('link', { name: 'What you run' }).first().click();
    const choose = async (list: string, act: string) => {
      await page.getByRole('button', { name: `Change ${list}` }).click();
      await page.getByRole('menuitem', { name: act }).click();
    };
    await choose('ward', 'Rename');
    await page.getByLabel('What is it called?').fill('Ward 3');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await choose('Ward 3', 'Debian release');
    await page.getByLabel('Ward 3 is of').selectOption('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: '2 without release' }).waitFor();
    await choose('Ward 3', 'Remove');
    await page.getByText('This cannot be taken back.').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove the list' }).click();
    await expect.poll(() => page.getByRole('rowheader', { name: 'Ward 3' }).count()).toBe(0);
    await page.getByRole('rowheader', { name: 'Front desk' }).waitFor();
    await page.getByRole('link', { name: 'What to do' }).first().click();
    await page.getByText('Nothing is left to do. Everything we know of was reported.').waitFor();
    await expect.poll(() => page.getByRole('main').getByText('Ward 3').count()).toBe(0);
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
