import { coordinate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { makeId } from '@breakwater/kernel';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openWindow, startChromium } from './chromium.ts';
import type { LivingWorld } from './living-world.ts';
import { handIn, joinBy, startLivingWorld } from './living-world.ts';

const desk = { width: 1280, scheme: 'light' } as const;
const title = 'Use after free in walk_tree';

describe.skipIf(noBrowser !== null)(`two browsers${noBrowser ?? ''}`, () => {
  let world: LivingWorld;
  let browser: Browser;
  let id: Id<'case'>;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startLivingWorld(), startChromium()]);
    id = await handIn(world, world.finder, { title, at: 'walk.c' });
  });
  afterAll(async () => {
    await browser.close();
    await world[Symbol.asyncDispose]();
  });

  async function enter(party: 'finder' | 'otherFinder') {
    const window = await openWindow(browser, desk);
    await joinBy(window.page, await world.link(world[party]), 'Somebody');
    return window;
  }

  test('one sees the case; to the other it is as if there were none', async () => {
    await using mine = await enter('finder');
    await using theirs = await enter('otherFinder');
    await mine.page.goto(caseAt(mine.page, id));
    await mine.page.getByRole('heading', { level: 1, name: new RegExp(title) }).waitFor();

    const { page } = theirs;
    const invented = makeId('case', new Uint8Array(26).fill(7));
    const told = await refusalAt(page, id);
    // The very same words for what exists and what does not: only the id that was asked differs.
    expect(told).toBe((await refusalAt(page, invented)).replaceAll(invented, id));
    expect(told).not.toContain('walk_tree');

    await page.goto(new URL('/cases', page.url()).href);
    await page.getByRole('heading', { name: 'No case yet' }).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Search and go' }).fill('walk_tree');
    await page.getByText('Nothing that you may see holds these words.').waitFor();
    expect(await page.getByRole('option').count()).toBe(0);
  });

  test('what is written in the case appears without a reload', async () => {
    await using coordinator = await openWindow(browser, desk);
    await joinBy(coordinator.page, await world.link(world.coordinator), 'Ada Reyes');
    const { page } = coordinator;
    await page.goto(caseAt(page, id));
    await page.getByText('Nobody has written yet.').waitFor();
    await world.coordinator.client.call(coordinate.say, {
      params: { case: id },
      body: { text: 'The sanitizer report is enough.' },
    });
    await page.getByText('The sanitizer report is enough.').waitFor();
  });
});

function caseAt(page: Page, id: string): string {
  return new URL(`/cases/${id}`, page.url()).href;
}

async function refusalAt(page: Page, id: string): Promise<string> {
  await page.goto(caseAt(page, id));
  const main = page.getByRole('main');
  await main.getByRole('alert').waitFor();
  return words(main);
}

async function words(place: Locator): Promise<string> {
  return ((await place.textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
}
