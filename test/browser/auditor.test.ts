import type { Disclosure } from '@breakwater/contract';
import { record } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { addMilliseconds } from '@breakwater/kernel';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe } from './axe.ts';
import type { Opened, Window } from './chromium.ts';
import { noBrowser, openWindow, startChromium } from './chromium.ts';
import type { LivingWorld } from './living-world.ts';
import { handIn, joinBy, startLivingWorld } from './living-world.ts';

const desk = { width: 1280, scheme: 'light' } as const;
const phone = { width: 390, scheme: 'dark' } as const;

describe.skipIf(noBrowser !== null)(`the auditor${noBrowser ?? ''}`, () => {
  let world: LivingWorld;
  let browser: Browser;
  const windows: Opened[] = [];
  let auditor: Page;
  let about: Id<'case'>;
  let disclosure: Disclosure;
  let entry: Id<'entry'>;
  const objections: string[] = [];

  async function open(window: Window): Promise<Page> {
    const opened = await openWindow(browser, window, objections);
    windows.push(opened);
    return opened.page;
  }

  beforeAll(async () => {
    [world, browser] = await Promise.all([
      startLivingWorld({ BREAKWATER_LOG_CADENCE_SECONDS: '3600' }),
      startChromium(),
    ]);
    about = await handIn(world, world.finder, { title: 'Over-read', at: 'a.c' });
    await world.server.services.sequencer.tick();
    const client = world.coordinator.client;
    const { items } = await client.call(record.timeline, { params: { case: about } });
    entry = items.find(({ act }) => act === 'correlate.opened')?.entry ?? entry;
    disclosure = await client.call(record.disclose, { params: { entry } });
    auditor = await open(phone);
    const party = await world.server.party('auditor', 'Alder Audit Office');
    await joinBy(auditor, await world.link(party), 'Noor Haddad');
  });
  afterAll(async () => {
    await browser.close();
    await world[Symbol.asyncDispose]();
  });

  test('the log’s signed state is checked here and kept for the next look', async () => {
    await auditor.getByRole('heading', { name: 'The record', level: 1 }).waitFor();
    await auditor.getByText('this is the first look of this browser').waitFor();
    await auditor
      .getByRole('region', { name: 'What this browser saw' })
      .getByText('Save it')
      .waitFor();
    expect(await axe(auditor)).toEqual([]);
    await auditor.reload();
    await auditor.getByText(/^Then as now: \d+ entries with the same root\.$/).waitFor();
    await handIn(world, world.finder, { title: 'Another', at: 'b.c' });
    // A batch is fixed once in a cadence, an hour here, and not as often as it is asked for.
    world.server.clock.set(addMilliseconds(world.server.clock.now(), 50 * 60_000));
    await world.server.services.sequencer.tick();
    await auditor.reload();
    await auditor.getByText(/^From \d+ to \d+ entries; nothing before was changed\.$/).waitFor();
    const seen = auditor.getByRole('region', { name: 'What this browser saw' });
    await expect.poll(() => seen.getByRole('link', { name: 'Save it' }).count()).toBe(2);
  });

  test('an entry is found by its number: its proof holds, its content stays unsaid', async () => {
    await auditor.getByLabel('Find an entry').fill('somewhere');
    await auditor.getByRole('button', { name: 'Find', exact: true }).click();
    await auditor.getByText('Expected a number such as 42').waitFor();
    await auditor.getByLabel('Find an entry').fill(String(disclosure.index));
    await auditor.getByRole('button', { name: 'Find', exact: true }).click();
    await auditor.getByRole('heading', { name: `Log entry ${disclosure.index}` }).waitFor();
    await auditor.getByText('The log holds it').waitFor();
    expect(await axe(auditor)).toEqual([]);
    expect(await auditor.getByRole('main').textContent()).not.toContain(about);
    await auditor.goto(`${new URL(auditor.url()).origin}/record/99999`);
    await auditor.getByText('The log has no such entry yet').waitFor();
  });

  test('of a case or an entry by id the auditor is told nothing', async () => {
    await auditor.goto(`${new URL(auditor.url()).origin}/record?case=${about}`);
    await auditor.getByText('is told to its participants alone').waitFor();
    await auditor.goto(`${new URL(auditor.url()).origin}/record/${entry}`);
    await auditor.getByText('is told to its participants alone').waitFor();
    expect(await axe(auditor)).toEqual([]);
  });

  test('a disclosed file is checked and told in words; a changed one is not believed', async () => {
    await auditor.goto(`${new URL(auditor.url()).origin}/record`);
    const drop = auditor.getByLabel('Drop the disclosure here, or choose it');
    const file = (name: string, value: Disclosure) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(value)),
    });
    await drop.setInputFiles(file('true.disclosure.json', disclosure));
    await auditor.getByText('The proof holds').waitFor();
    await auditor.getByText('opened the case').waitFor();
    expect(await axe(auditor)).toEqual([]);
    const content = { ...disclosure.content, act: 'distribute.published' };
    await drop.setInputFiles(file('changed.disclosure.json', { ...disclosure, content }));
    await auditor.getByText('The proof does not hold').waitFor();
    expect(await auditor.getByText('published the advisory').count()).toBe(0);
  });

  test('a coordinator finds the entries about a case and opens one with its proof', async () => {
    const coordinator = await open(desk);
    await joinBy(coordinator, await world.link(world.coordinator), 'Ada Reyes');
    await coordinator.getByRole('link', { name: 'Record', exact: true }).click();
    await coordinator.getByText('Nothing failed.').waitFor();
    await coordinator.getByLabel('Find an entry').fill(about);
    await coordinator.getByRole('button', { name: 'Find', exact: true }).click();
    await coordinator.getByRole('link', { name: `log entry ${disclosure.index}` }).click();
    await coordinator.waitForURL(`**/record/${entry}`);
    await coordinator.getByText('The proof holds').waitFor();
    await coordinator.getByRole('link', { name: /the case/ }).waitFor();
    expect(await axe(coordinator)).toEqual([]);
    const download = coordinator.waitForEvent('download');
    await coordinator.getByRole('link', { name: 'Save the disclosure' }).click();
    expect((await download).suggestedFilename()).toBe(`${entry}.disclosure.json`);
    expect(objections).toEqual([]);
  });

  test('who is not signed in finds the advisories and the way in', async () => {
    const stranger = await open(phone);
    await stranger.goto(`${world.server.address}/advisories`);
    const main = stranger.getByRole('navigation', { name: 'Main' });
    await main.getByRole('link', { name: 'Sign in' }).click();
    await stranger.waitForURL('**/sign-in');
    await main.getByRole('link', { name: 'Advisories' }).click();
    await stranger.getByRole('heading', { name: 'Advisories', level: 1 }).waitFor();
    expect(await axe(stranger)).toEqual([]);
  });

  test('who is not signed in checks the log too, and is told of no entry what it says', async () => {
    const stranger = await open(phone);
    await stranger.goto(`${world.server.address}/advisories`);
    const main = stranger.getByRole('navigation', { name: 'Main' });
    await main.getByRole('link', { name: 'Record' }).click();
    await stranger.getByText('this is the first look of this browser').waitFor();
    expect(await axe(stranger)).toEqual([]);
    await stranger.getByLabel('Find an entry').fill('0');
    await stranger.getByRole('button', { name: 'Find', exact: true }).click();
    await stranger.getByText('The log holds it').waitFor();
    await stranger.goto(`${world.server.address}/record/${entry}`);
    await stranger.getByText('What an entry says is told to its participants alone').waitFor();
    expect(objections).toEqual([]);
  });

  test('who was refused at its organization is told so, and of the other ways in', async () => {
    const stranger = await open(phone);
    await stranger.goto(`${world.server.address}/sign-in?refused=organization`);
    await stranger.getByText('Your organization’s sign-in did not let you in').waitFor();
    await stranger.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    expect(await axe(stranger)).toEqual([]);
  });
});
