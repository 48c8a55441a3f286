import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { earlyAccess, gateway } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  acceptAll,
  type Engaged,
  engageModel,
  openWindow,
} from '../../apps/server/test/accessing.ts';
import { type FakeUpstream, fakeUpstream } from '../../apps/server/test/fake-upstream.ts';
import type { SignedIn, TestParty } from '../../apps/server/test/harness.ts';
import { noBrowser, openWindow as openPage, startChromium } from './chromium.ts';
import { still, words } from './deconflict-steps.ts';
import { inDialog } from './framework-steps.ts';
import { type LivingWorld, startLivingWorld } from './living-world.ts';

const cadence = { BREAKWATER_LOG_CADENCE_SECONDS: '60' };
const desk = { width: 1280, scheme: 'light' } as const;
const phone = { width: 390, scheme: 'dark' } as const;
/** A folder to look at the pages in; none is written unless it is named. */
const shots = process.env['BREAKWATER_SCREENSHOTS'];

describe.skipIf(noBrowser !== null)(`the gateway${noBrowser ?? ''}`, () => {
  let world: LivingWorld;
  let browser: Browser;
  let upstream: FakeUpstream;
  let developer: TestParty;
  let evaluator: TestParty;
  let engaged: Engaged;
  let scope: Id<'window'>;
  let person: SignedIn;
  const objections: string[] = [];

  beforeAll(async () => {
    [world, browser, upstream] = await Promise.all([
      startLivingWorld(cadence),
      startChromium(),
      fakeUpstream(),
    ]);
    const { server } = world;
    developer = await server.party('developer', 'Tidewater Models');
    const liaison = await server.party('liaison', 'Framework Office');
    evaluator = await server.party('evaluator', 'Harbor Evaluations');
    engaged = await engageModel({ developer, liaison });
    scope = (await openWindow(engaged)).window;
    person = await server.signIn(evaluator, 'Dana Whitfield');
    const { grant } = await liaison.client.call(earlyAccess.addPerson, {
      params: { window: scope },
      body: { member: person.member },
    });
    await acceptAll(person, grant);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await upstream.close();
    await world[Symbol.asyncDispose]();
  });

  const at = (path: string) => new URL(path, world.server.address).href;

  async function window(who: SignedIn, size: typeof desk | typeof phone = desk) {
    const opened = await openPage(browser, size, objections);
    const [name = '', value = ''] = who.cookie.split(/=(.*)/s);
    await opened.context.addCookies([{ name, value, url: world.server.address }]);
    opened.page.setDefaultTimeout(30_000);
    return opened;
  }

  /** Each page holds to axe and its width; kept as a picture where a folder is named. */
  async function everyPage(page: Page, name: string, paths: Readonly<Record<string, string>>) {
    for (const [key, path] of Object.entries(paths)) {
      await still(page, at(path));
      if (shots === undefined) continue;
      await mkdir(shots, { recursive: true });
      await page.screenshot({ path: join(shots, `${name}-${key}.png`), fullPage: true });
    }
  }

  test('an endpoint, limits, a key, its use, and the cut-off that ends it', async () => {
    const { server } = world;
    await using own = await window(await server.signIn(developer, 'Ada Reyes'));
    const { page } = own;
    await page.goto(at('/gateway?show=endpoints'));
    await inDialog(page, 'Add an endpoint', async (dialog) => {
      await dialog.getByLabel('Model', { exact: true }).selectOption({ label: 'Bluefin' });
      await dialog.getByLabel('Address').fill(upstream.baseUrl);
      await dialog.getByLabel('What the model is called there').fill('bluefin-7b');
      await dialog.getByLabel('Its key').fill('sk-upstream-1');
      await dialog.getByLabel('Tokens of input and output at most').fill('200,000');
      await dialog.getByLabel('Tokens of output at most').fill('8192');
      await dialog.getByLabel('Price of input', { exact: true }).fill('2.5');
      await dialog.getByLabel('Price of output').fill('10');
      return 'Add it';
    });
    await page.getByRole('table', { name: 'Endpoints' }).waitFor();
    await page.getByRole('tab', { name: 'Limits' }).click();
    await inDialog(page, 'State limits', async (dialog) => {
      await dialog.getByLabel('Of which window or tier').selectOption(scope);
      await dialog.getByLabel('What clients say for the model').fill('bluefin');
      const aDay = dialog.getByRole('group', { name: 'At most a day of UTC' });
      await aDay.getByLabel('Requests').fill('1,000');
      await aDay.getByLabel('Output tokens').fill('50000');
      await dialog
        .getByRole('group', { name: 'At most in all' })
        .getByLabel('Money, in USD')
        .fill('25');
      await dialog
        .getByRole('group', { name: 'At most a minute' })
        .getByLabel('Requests')
        .fill('60');
      return 'State it';
    });
    await page.getByText('1,000 requests a day').waitFor();

    await using other = await window(person);
    await other.page.goto(at('/keys'));
    await other.page.getByRole('button', { name: 'Issue a key for bluefin' }).click();
    const dialog = other.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Alert triage');
    await dialog.getByRole('button', { name: 'Issue the key' }).click();
    await dialog.getByText('It is shown this once.').waitFor();
    const secret = await words(dialog.locator('.command code'));
    expect(secret).toMatch(/^bwg_/);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await other.page.getByRole('link', { name: 'Alert triage' }).click();
    await other.page.getByText('Works', { exact: true }).waitFor();
    expect(await other.page.content()).not.toContain(secret);
    const { items } = await person.client.call(gateway.keys, {});
    const id = items[0]?.id ?? expect.fail('expected a key');

    await everyPage(other.page, 'partner-desk', { keys: '/keys', key: `/keys/${id}` });

    await page.goto(at('/gateway?show=cut'));
    await page.getByLabel('Which').selectOption({ label: 'Alert triage, Harbor Evaluations' });
    await page.getByText('1 key of 1 person at 1 partner stops working.').first().waitFor();
    await bigActWith(page, 'The key was found in a public repository.');
    await other.page.goto(at(`/keys/${id}`));
    await other.page.getByText('Cut off', { exact: true }).waitFor();
    await other.page.getByText('The key was found in a public repository.').waitFor();
    await everyPage(page, 'developer-desk', tabs);
    await using small = await window(await server.signIn(developer, 'Bo Reyes'), phone);
    await everyPage(small.page, 'developer-phone', tabs);
    await using pocket = await window(person, phone);
    await everyPage(pocket.page, 'partner-phone', { keys: '/keys', key: `/keys/${id}` });
    expect(objections).toEqual([]);
    expect(server.errors).toEqual([]);
  });
});

const tabs = {
  traffic: '/gateway',
  keys: '/gateway?show=keys',
  requests: '/gateway?show=requests',
  incidents: '/gateway?show=incidents',
  cut: '/gateway?show=cut',
  limits: '/gateway?show=limits',
  endpoints: '/gateway?show=endpoints',
} as const;

/** Presses the big act, says why, and presses it once more. */
async function bigActWith(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Cut off now' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why').fill(reason);
  await dialog.getByRole('button', { name: 'Cut off now' }).click();
  await dialog.waitFor({ state: 'detached' });
}
