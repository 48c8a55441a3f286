import path from 'node:path';
import { commitmentTo, readSuite, sealSuite as seal } from '@breakwater/benchmark';
import { runs, suites } from '@breakwater/contract';
import { suiteFolder } from '@breakwater/evaluator/files';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginRun, bringRun, sealSuite } from '../../apps/server/test/evaluating.ts';
import type { TestParty } from '../../apps/server/test/harness.ts';
import { axe } from './axe.ts';
import { noBrowser, openWindow, startChromium } from './chromium.ts';
import { patience, still, words } from './deconflict-steps.ts';
import { joinBy, type LivingWorld, startLivingWorld } from './living-world.ts';

const desk = { width: 1280, scheme: 'light' } as const;
const phone = { width: 390, scheme: 'dark' } as const;

describe.skipIf(noBrowser !== null)(`sealed suites and runs${noBrowser ?? ''}`, () => {
  let world: LivingWorld;
  let browser: Browser;
  let keeper: TestParty;
  let reviewer: TestParty;
  let page: Page;
  let other: Page;
  let suite: Awaited<ReturnType<typeof sealSuite>>;
  let brought: Pick<Awaited<ReturnType<typeof bringRun>>, 'run' | 'samples'>;
  const objections: string[] = [];

  beforeAll(async () => {
    [world, browser] = await Promise.all([startLivingWorld(), startChromium()]);
    const { server } = world;
    keeper = await server.party('evaluator', 'Harbor Evaluations');
    suite = await sealSuite(keeper, ['web', 'crypto'], 'Harbor tasks');
    // The first batch of the log takes few entries: the seal has to be among them.
    await server.services.sequencer.tick();
    await keeper.client.call(suites.sealProof, { params: { suite: suite.suite } });
    reviewer = await server.party('evaluator', 'Second Reader');
    const open = async (party: TestParty, name: string): Promise<Page> => {
      const { page: opened } = await openWindow(browser, desk, objections);
      await joinBy(opened, await world.link(party), name);
      return opened;
    };
    [page, other] = [await open(keeper, 'Ada Reyes'), await open(reviewer, 'Ben Osei')];
    const worker = await server.party('evaluator', 'Model Works');
    await keeper.client.call(suites.allow, {
      params: { suite: suite.suite },
      body: { party: worker.id, right: 'run' },
    });
    const { run } = await bringRun(worker, { suite: suite.suite, items: suite.items });
    const seen = await keeper.client.call(runs.samples, { params: { run } });
    brought = { run, samples: seen.items };
    await keeper.client.call(suites.keepItem, {
      params: { item: suite.items[0]?.id ?? fail() },
      body: { salt: suite.items[0]?.salt ?? '', item: suite.items[0]?.item ?? '' },
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await world[Symbol.asyncDispose]();
  });

  test('a keeper checks the seal, opens an item, and lets another see what none saw before', async () => {
    await other.getByRole('heading', { name: 'No suite that you may know of' }).waitFor();
    await page.reload();
    const young = await sealSuite(keeper, ['later'], 'Sealed a moment ago');
    await page.goto(new URL(`/suites/${young.suite}`, page.url()).href);
    await page.getByRole('button', { name: 'Check it in the log' }).click();
    await page.getByRole('status').getByText('Not signed yet').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.goto(new URL(`/suites/${suite.suite}`, page.url()).href);
    await page.getByRole('button', { name: 'Check it in the log' }).click();
    await page.getByText('It names this suite, its root and its count').waitFor();
    for (const right of ['See items', 'See results']) {
      await page.getByRole('button', { name: 'Give a right' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('To whom').fill(reviewer.id);
      await dialog.getByRole('radio', { name: right }).check();
      await dialog.getByRole('button', { name: 'Give it' }).click();
      await dialog.waitFor({ state: 'detached' });
    }
    expect(await words(page.getByRole('table', { name: 'Who may what' }))).toContain(
      'Second Reader',
    );
    await page.getByRole('table', { name: 'Items' }).getByRole('link').first().click();
    await page.getByText('This is what was sealed').waitFor();
    await page.getByRole('button', { name: 'Open it for good' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Open it for good' }).click();
    await page.getByText('It is open to all who know of it.').waitFor();
    await other.reload();
    await other.getByRole('link', { name: 'Harbor tasks' }).click();
    await other.getByRole('heading', { level: 1, name: 'Harbor tasks' }).waitFor();
    expect(await words(other.getByRole('main'))).not.toContain('Who may what');
  });

  test('a run moves by itself, and two review its sample blind to each other', async () => {
    const live = await beginRun(keeper, suite.suite, 'scripted/live');
    await page.goto(new URL(`/runs/${live}`, page.url()).href);
    await page.getByText('not told').waitFor();
    await keeper.client.call(runs.progress, {
      params: { run: live },
      body: { samples: 3, turns: 40 },
    });
    await page.getByText('3 samples, 40 turns').waitFor();
    for (const reader of [page, other]) {
      await reader.goto(new URL(`/runs/${brought.run}`, page.url()).href);
      await reader.getByRole('link', { name: 'Review samples' }).click();
      await reader.getByRole('heading', { name: 'Sample 1, epoch 1' }).waitFor();
      await reader.getByText('I look around').first().waitFor();
    }
    await page.getByRole('radio', { name: /^Invalid/ }).check();
    await page.getByRole('radio', { name: /^Reward hack/ }).check();
    await page.getByLabel('In words').fill('It read the scorer.');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Give the review' }).click();
    await page.getByText('you see once two are in').waitFor();
    await other.reload();
    await other.getByRole('radio', { name: /^Valid/ }).waitFor();
    expect(await words(other.getByRole('main'))).not.toMatch(/Reward hack|read the scorer/);
    await other.getByRole('radio', { name: /^Valid/ }).check();
    await other.getByRole('button', { name: 'Give the review' }).click();
    await other.getByText('It read the scorer.').waitFor();
    await other.getByText('Disputed').waitFor();
    await other.getByRole('link', { name: 'Next sample to review' }).click();
    await other.getByRole('heading', { name: 'Sample 2, epoch 2' }).waitFor();
  });

  test('a keeper seals what commit wrote, bodies too, and begins a run of it by a command', async () => {
    const folder = path.resolve(import.meta.dirname, '../../suites/first-light');
    const read = await readSuite(suiteFolder(folder));
    const tasks = read.ok ? read.value.items.slice(0, 2) : fail();
    const sealed = seal(tasks, [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]);
    const file = (name: string, value: unknown) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(value)),
    });
    await page.goto(new URL('/suites', page.url()).href);
    await page.getByRole('link', { name: 'Seal a suite' }).click();
    const drop = page.getByLabel('Drop its commitment here, or choose it');
    await drop.setInputFiles(file('x.json', { ...commitmentTo(sealed), root: 'a'.repeat(64) }));
    await page.getByText('This is not what commit wrote').waitFor();
    await drop.setInputFiles(file('first.commitment.json', commitmentTo(sealed)));
    await page.getByText('What will be told, and nothing else').waitFor();
    expect(await page.getByLabel('Keep here what is in its items').count()).toBe(0);
    await drop.setInputFiles(file('first.sealed.json', sealed));
    await page.getByLabel('Keep here what is in its items').check();
    await page.getByLabel('Title').fill('First light');
    await page.getByRole('button', { name: 'Seal it for good' }).click();
    await page.getByText('What is in its 2 items is kept here').waitFor();
    await page.getByRole('link', { name: 'See the suite' }).click();
    await page.getByRole('heading', { level: 1, name: 'First light' }).waitFor();
    await page.getByRole('link', { name: 'Begin a run' }).click();
    await page.getByLabel('Model', { exact: true }).fill('scripted-1');
    await page.getByLabel('Endpoint', { exact: true }).fill('https://host/v1');
    await page.getByLabel('Turns at most').fill('9');
    await page.getByRole('button', { name: 'Begin it here' }).click();
    await page.getByText('It is begun here').waitFor();
    const command = await words(page.getByText('breakwater benchmark run'));
    // By its name: the clock stands, so that no run is newer than another.
    const all = (await keeper.client.call(runs.runs)).items;
    const begun = all.find(({ model }) => model === 'openai/scripted-1');
    expect(begun).toMatchObject({ limits: { turns: 9 } });
    expect(command).toContain(`--limit-turns 9 --sealed my-suite.sealed.json`);
    expect(command).toContain(`--run-id ${begun?.id}`);
  });

  test('every page stands on a phone and is read by a machine; nothing broke on the way', async () => {
    const second = await bringRun(keeper, { suite: suite.suite, items: suite.items });
    await using own = await openWindow(browser, phone, objections);
    await own.context.addCookies(await page.context().cookies());
    const paths = [
      `/suites/${suite.suite}`,
      '/runs',
      '/suites/new',
      `/runs/new?suite=${suite.suite}`,
      `/runs/${brought.run}`,
      `/samples/${brought.samples[0]?.id}`,
      `/suites/${suite.suite}/compare?a=${brought.run}&b=${second.run}`,
    ];
    for (const each of paths) await still(own.page, new URL(each, page.url()).href);
    const table = own.page.getByRole('table', { name: 'Item by item' });
    await expect.poll(() => table.getByRole('row').count(), patience).toBe(3);
    expect(objections).toEqual([]);
    expect(world.server.errors).toEqual([]);
  });
});

function fail(): never {
  throw new Error('expected it to be there');
}
