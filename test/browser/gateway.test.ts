import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { earlyAccess, gateway, gatewayJobs, gatewayRecord } from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeIntervals } from '../../apps/server/src/slices/frontier/gateway/record/close.ts';
import { raiseIncidents } from '../../apps/server/src/slices/frontier/gateway/watch/raise.ts';
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

const settings = {
  BREAKWATER_LOG_CADENCE_SECONDS: '60',
  BREAKWATER_GATEWAY_LISTEN: '127.0.0.1:0',
  BREAKWATER_GATEWAY_UPSTREAMS: '127.0.0.1',
  BREAKWATER_GATEWAY_URL: 'https://gateway.example.org',
};
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
  let maker: SignedIn;
  let id: Id<'gkey'>;
  let secret: string;
  const objections: string[] = [];

  beforeAll(async () => {
    [world, browser, upstream] = await Promise.all([
      startLivingWorld(settings),
      startChromium(),
      // A stream goes on until somebody ends it.
      fakeUpstream(({ body }) => (body['stream'] === true ? { breaks: 'hangs' } : {})),
    ]);
    const { server } = world;
    developer = await server.party('developer', 'Tidewater Models');
    const liaison = await server.party('liaison', 'Framework Office');
    evaluator = await server.party('evaluator', 'Harbor Evaluations');
    engaged = await engageModel({ developer, liaison });
    scope = (await openWindow(engaged)).window;
    person = await server.signIn(evaluator, 'Dana Whitfield');
    maker = await server.signIn(developer, 'Ada Reyes');
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

  /** Calls the model by a key, as a program does. */
  async function call(more: object = {}): Promise<Response> {
    return await fetch(`http://127.0.0.1:${world.server.gatewayPort}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'bluefin', max_tokens: 50, messages: [], ...more }),
    });
  }

  /** Two calls, one of them with what looks like a secret; stored, entered in the log and watched. */
  async function use(): Promise<void> {
    const { services, clock } = world.server;
    for (const content of ['Explain this alert.', `Is ${lookedLikeSecret} of any use?`]) {
      const answer = await call({ messages: [{ role: 'user', content }] });
      expect(await answer.json()).toMatchObject({ object: 'chat.completion' });
    }
    const requests = async () =>
      (await person.client.call(gateway.usage, { params: { gkey: id } })).spent.requests;
    await expect.poll(requests, { timeout: 30_000 }).toBe(2);
    await closeIntervals(services);
    await raiseIncidents(services);
    const { items } = await person.client.call(gatewayRecord.requests, {});
    const params = { request: items[0]?.id ?? expect.fail('expected a request') };
    // A batch of the log takes the oldest of what waits, one a minute.
    for (let batches = 0; batches < 50; batches += 1) {
      clock.set(addMilliseconds(clock.now(), 61_000));
      await services.sequencer.tick();
      const proof = person.client.call(gatewayRecord.proof, { params });
      if (await proof.then(Boolean, () => false)) return;
    }
    throw new Error('expected the requests under a checkpoint');
  }

  test('a developer names an endpoint and limits; a key is shown once', async () => {
    await using own = await window(maker);
    const { page } = own;
    await page.goto(at('/gateway?show=endpoints'));
    await inDialog(page, 'Add an endpoint', (dialog) => fillEndpoint(dialog, upstream.baseUrl));
    await page.getByRole('table', { name: 'Endpoints' }).waitFor();
    await page.getByRole('tab', { name: 'Limits' }).click();
    await inDialog(page, 'State limits', (dialog) => fillLimits(dialog, scope));
    await page.getByText('1,000 requests a day').waitFor();

    await using other = await window(person);
    secret = await issueThrough(other.page, at('/keys'));
    await other.page.getByRole('link', { name: 'Alert triage' }).click();
    await other.page.getByText('Works', { exact: true }).waitFor();
    await other.page.getByText('https://gateway.example.org/v1/chat').waitFor();
    expect(await other.page.content()).not.toContain(secret);
    const { items } = await person.client.call(gateway.keys, {});
    id = items[0]?.id ?? expect.fail('expected a key');
    await everyPage(page, 'developer', { endpoints: tabs.endpoints, limits: tabs.limits });
    await everyPage(other.page, 'partner', { keys: '/keys' });
  });

  test('what a key used is told to both sides, and proven in the browser', async () => {
    await use();
    await using other = await window(person);
    await other.page.goto(at(`/keys/${id}`));
    await other.page.getByText('2 requests so far: 22 tokens in, 10 out').waitFor();
    await other.page.getByText('49,990 left of 50,000').waitFor();
    const recorded = other.page.getByRole('table', { name: 'Requests' }).getByRole('link').first();
    await recorded.click();
    await other.page.getByText('The proof holds').waitFor();
    await everyPage(other.page, 'partner', {
      key: `/keys/${id}`,
      request: new URL(other.page.url()).pathname,
    });
    await using own = await window(maker);
    const { traffic, requests, incidents } = tabs;
    await everyPage(own.page, 'developer', { traffic, requests, incidents });
    await own.page.getByText('what looks like a secret in a request').waitFor();
  });

  test('a template is run on what a partner hands in, and the result comes back alone', async () => {
    await using own = await window(maker);
    const { page } = own;
    await using other = await window(person);
    await page.goto(at('/gateway?show=jobs'));
    await inDialog(page, 'State a template', async (dialog) => {
      await dialog.getByLabel('For which window or tier').selectOption(scope);
      await dialog.getByLabel('Name').fill('Explain an alert');
      await dialog.getByLabel('What it is for').fill('For whoever watches at night.');
      await dialog.getByLabel('Instructions').fill('Say in plain words what the alert means.');
      await dialog.getByLabel('What to give').fill('The alert, as your system shows it');
      await dialog.getByLabel('Tokens of the result at most').fill('64');
      return 'State it';
    });
    await page.getByRole('heading', { name: 'Explain an alert' }).waitFor();
    await other.page.goto(at(`/keys/${id}`));
    await other.page.getByLabel('What can be run').selectOption({ label: 'Explain an alert' });
    await inDialog(other.page, 'Hand something in', async (dialog) => {
      await dialog.getByLabel('The alert, as your system shows it').fill('ET SCAN 22/tcp');
      return 'Hand it in';
    });
    const ended = async () =>
      (await person.client.call(gatewayJobs.jobs, {})).items[0]?.endedAs ?? 'under way';
    await expect.poll(ended, { timeout: 30_000 }).toBe('answered');
    await other.page.getByRole('button', { name: 'Open Explain an alert' }).click();
    await other.page.getByText('word0 word1').waitFor();
  });

  test('a cut-off says first what it stops, and ends what is under way', async () => {
    await using own = await window(maker);
    const { page } = own;
    // Under way while it is cut off.
    const stream = await call({ stream: true });
    const broken = stream.text().then(
      () => 'ended',
      () => 'broken off',
    );
    await page.goto(at('/gateway?show=cut'));
    await page.getByLabel('Which').selectOption({ label: 'Alert triage, Harbor Evaluations' });
    await page.getByText('1 key of 1 person at 1 partner stops working.').first().waitFor();
    await bigActWith(page, 'The key was found in a public repository.');
    expect(await broken).toBe('broken off');
    expect((await call()).status).toBe(401);
    await using pocket = await window(person, phone);
    await pocket.page.goto(at(`/keys/${id}`));
    await pocket.page.getByText('Cut off', { exact: true }).waitFor();
    await pocket.page.getByText('The key was found in a public repository.').waitFor();
    await everyPage(pocket.page, 'partner-phone', { key: `/keys/${id}` });
    await using small = await window(maker, phone);
    const { cut, jobs } = tabs;
    await everyPage(small.page, 'developer-phone', { cut, jobs });
    expect(objections).toEqual([]);
    expect(world.server.errors).toEqual([]);
  });
});

/** In the form of an access key, and of nobody. */
const lookedLikeSecret = `AKIA${'Q3EGRIZXH5VMTLWO'}`;

async function fillEndpoint(dialog: Locator, address: string): Promise<string> {
  await dialog.getByLabel('Model', { exact: true }).selectOption({ label: 'Bluefin' });
  await dialog.getByLabel('Address').fill(address);
  await dialog.getByLabel('What the model is called there').fill('bluefin-7b');
  await dialog.getByLabel('Its key').fill('sk-upstream-1');
  await dialog.getByLabel('Tokens of input and output at most').fill('200,000');
  await dialog.getByLabel('Tokens of output at most').fill('8192');
  await dialog.getByLabel('Price of input', { exact: true }).fill('2.5');
  await dialog.getByLabel('Price of output').fill('10');
  return 'Add it';
}

async function fillLimits(dialog: Locator, scope: string): Promise<string> {
  const atMost = (span: string) => dialog.getByRole('group', { name: `At most ${span}` });
  await dialog.getByLabel('Of which window or tier').selectOption(scope);
  await dialog.getByLabel('What clients say for the model').fill('bluefin');
  await atMost('a minute').getByLabel('Requests').fill('60');
  await atMost('a day of UTC').getByLabel('Requests').fill('1,000');
  await atMost('a day of UTC').getByLabel('Output tokens').fill('50000');
  await atMost('in all').getByLabel('Money, in USD').fill('25');
  return 'State it';
}

/** Issues a key, and takes what is shown this once. */
async function issueThrough(page: Page, address: string): Promise<string> {
  await page.goto(address);
  await page.getByRole('button', { name: 'Issue a key for bluefin' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Alert triage');
  await dialog.getByRole('button', { name: 'Issue the key' }).click();
  await dialog.getByText('It is shown this once.').waitFor();
  const secret = await words(dialog.locator('.command code'));
  expect(secret).toMatch(/^bwg_/);
  await dialog.getByRole('button', { name: 'I have it' }).click();
  return secret;
}

const tabs = {
  traffic: '/gateway',
  requests: '/gateway?show=requests',
  incidents: '/gateway?show=incidents',
  cut: '/gateway?show=cut',
  limits: '/gateway?show=limits',
  jobs: '/gateway?show=jobs',
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
