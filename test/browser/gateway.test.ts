import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { earlyAccess, gateway, gatewayJobs, gatewayRecord } from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tarOf } from '../../apps/server/src/slices/clearinghouse/validate/tar.ts';
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
import { still } from './deconflict-steps.ts';
import { inDialog } from './framework-steps.ts';
import {
  bigActWith,
  fillEndpoint,
  fillLimits,
  fillScan,
  issueThrough,
  lookedLikeSecret,
  tabs,
  tooLate,
} from './gateway-steps.ts';
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
      fakeUpstream(({ body }) => ({
        ...(body['stream'] === true ? { breaks: 'hangs' } : {}),
        usage: body['user'] !== 'untold',
      })),
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

  async function window(who: SignedIn, size: typeof desk | typeof phone = desk, deaf = false) {
    const opened = await openPage(browser, size, objections);
    // One that is deaf hears of no change: what others do meanwhile is not on its pages.
    if (deaf) await opened.context.route('**/v1/events', (route) => route.abort());
    const [name = '', value = ''] = who.cookie.split(/=(.*)/s);
    await opened.context.addCookies([{ name, value, url: world.server.address }]);
    opened.page.setDefaultTimeout(30_000);
    return opened;
  }

  /** Each page holds to axe and its width; kept as a picture where a folder is named. */
  async function everyPage(page: Page, name: string, paths: Readonly<Record<string, string>>) {
    for (const [key, path] of Object.entries(paths)) {
      await still(page, at(path));
      await picture(page, `${name}-${key}`);
    }
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (shots === undefined) return;
    await mkdir(shots, { recursive: true });
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }

  /** Calls the model by a key, as a program does. */
  async function call(more: object = {}, key = secret): Promise<Response> {
    return await fetch(`http://127.0.0.1:${world.server.gatewayPort}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
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
    await other.page.goto(at('/keys'));
    const share = 'Half of it';
    secret = await issueThrough(other.page, { name: 'Alert triage', share, thumbprint: null });
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
    await other.page.getByText('24,990 left of 25,000').waitFor();
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

  test('a repository is read in parts, and what each read and what was left out is told', async () => {
    await using own = await window(maker);
    await own.page.goto(at(tabs.jobs));
    await inDialog(own.page, 'State a template', async (dialog) => {
      await fillScan(dialog, scope);
      await picture(own.page, 'developer-template');
      return 'State it';
    });
    await own.page.getByText('.c, Makefile; up to 4 calls of 1,000 characters').waitFor();
    await using other = await window(person);
    const { page } = other;
    await page.goto(at(`/keys/${id}`));
    await page.getByLabel('What can be run').selectOption({ label: 'Scan a repository' });
    const file = { name: 'cjson.tar', mimeType: 'application/x-tar' };
    const give = async (dialog: Locator, bytes: Uint8Array) => {
      const buffer = Buffer.from(bytes);
      await dialog.locator('input[type=file]').setInputFiles({ ...file, buffer });
      await dialog.getByText('cjson.tar, or another instead').waitFor();
    };
    await page.getByRole('button', { name: 'Hand something in' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Give the archive first.').waitFor();
    await give(dialog, Buffer.from('no archive'));
    await dialog.getByRole('button', { name: 'Hand it in' }).click();
    await dialog.getByText('a zip, tar or tar.gz of files', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await inDialog(page, 'Hand something in', async (open) => {
      await give(open, tarOf(scanned));
      await picture(page, 'partner-archive');
      return 'Hand it in';
    });
    await page.getByText('2 of 2 calls made').waitFor();
    await page.getByRole('button', { name: 'Open Scan a repository' }).click();
    const second = page.getByRole('region', { name: 'Part 2 of 2' });
    await second.getByText('src/b.c').waitFor();
    await second.getByText('word0 word1').waitFor();
    await page.getByText('Files read: 2').click();
    await page.getByText('Left out: 1').click();
    await page.getByText('README.md (of another ending)').waitFor();
    await picture(page, 'partner-scanned');
    await using pocket = await window(person, phone);
    await pocket.page.goto(at(`/keys/${id}`));
    await pocket.page.getByRole('button', { name: 'Open Scan a repository' }).click();
    await pocket.page.getByRole('region', { name: 'Part 2 of 2' }).waitFor();
    await picture(pocket.page, 'partner-phone-scanned');
  });

  test('a key that is bound is taken with its proof alone, and ended for good', async () => {
    await using other = await window(person);
    const { page } = other;
    await page.goto(at('/keys'));
    const share = 'All that is left';
    const bound = await issueThrough(page, { name: 'Night desk', share, thumbprint });
    await page.getByText('Nothing is left for another key. End one first.').waitFor();
    expect((await call({}, bound)).status).toBe(401);
    await page.getByRole('link', { name: 'Night desk' }).click();
    await page.getByText(thumbprint).waitFor();
    const [{ id: second } = expect.fail('expected two keys')] = (
      await person.client.call(gateway.keys, {})
    ).items;
    await using late = await window(person, desk, true);
    await late.page.goto(at(`/keys/${second}`));
    await late.page.getByRole('button', { name: 'End this key' }).click();
    await inDialog(page, 'End this key', async () => 'End it');
    await page.getByText('It opens nothing any more.').waitFor();
    await page.getByText('The key does not work now.').waitFor();
    await tooLate(late.page, 'End it', 'already-ended');
    await everyPage(page, 'partner', { ended: `/keys/${second}` });
  });

  test('a canary is watched for, an incident closed, a settlement corrected downwards', async () => {
    await using own = await window(maker);
    const { page } = own;
    await page.goto(at(tabs.incidents));
    await page.getByLabel('In requests and answers of').selectOption({ label: 'Bluefin' });
    await page.getByLabel('A string that should').fill('breakwater-canary-7f3a');
    await page.getByRole('button', { name: 'Watch for it' }).click();
    const canaries = page.getByRole('table', { name: 'Canaries' });
    await canaries.getByText('Bluefin').waitFor();
    await everyPage(page, 'developer', { canaries: tabs.incidents });
    await canaries.getByRole('button', { name: /^Remove/ }).click();
    await page.getByText('None is watched for.').waitFor();

    await using late = await window(maker, desk, true);
    await late.page.goto(at(tabs.incidents));
    for (const each of [late.page, page]) {
      await each.getByRole('button', { name: /^Close the incident/ }).click();
      await each.getByRole('dialog').getByLabel('Mistaken').check();
      await each.getByRole('dialog').getByLabel('Why').fill('It is an example of a handbook.');
    }
    await page.getByRole('button', { name: 'Close it' }).click();
    await page.getByText('It is an example of a handbook.').waitFor();
    await tooLate(late.page, 'Close it', 'already-closed');

    expect((await call({ user: 'untold' })).status).toBe(200);
    const untold = async () =>
      (
        await maker.client.call(gatewayRecord.requests, { query: { side: 'developer' } })
      ).items.find(({ figures }) => figures === 'none')?.id;
    await expect.poll(untold, { timeout: 30_000 }).toBeDefined();
    await page.goto(at(`/requests/${await untold()}`));
    await page.getByRole('button', { name: 'Correct what was counted' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('By our own logs.');
    await dialog.getByLabel('Tokens in').fill('900000');
    await tooLate(page, 'Correct it', 'beyond-settled');
    await dialog.getByLabel('Tokens in').fill('20');
    await dialog.getByLabel('Tokens out').fill('6');
    await dialog.getByRole('button', { name: 'Correct it' }).click();
    await page.getByText('By our own logs.').waitFor();
    await everyPage(page, 'developer', { corrected: new URL(page.url()).pathname });
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
    const { cut, incidents, requests, endpoints } = tabs;
    await everyPage(small.page, 'developer-phone', { cut, incidents, requests, endpoints });
  });

  test('a cut-off is taken back, a template withdrawn; who comes second is told so', async () => {
    await using own = await window(maker);
    await using late = await window(maker, desk, true);
    const acts = [
      [tabs.cut, /^Take it back: the cut-off of Alert triage/, 'Take it back', 'already-lifted'],
      [tabs.jobs, 'Withdraw Explain an alert', 'Withdraw it', 'already-withdrawn'],
    ] as const;
    for (const [tab, button, does, code] of acts) {
      await late.page.goto(at(tab));
      await late.page.getByRole('button', { name: button }).click();
      await own.page.goto(at(tab));
      await inDialog(own.page, button, async () => does);
      await tooLate(late.page, does, code);
    }
    await own.page.getByText('Withdrawn', { exact: true }).waitFor();
    expect((await call()).status).toBe(200);
    await everyPage(own.page, 'developer', { lifted: tabs.cut, withdrawn: tabs.jobs });
    expect(objections).toEqual([]);
    expect(world.server.errors).toEqual([]);
  });
});

const scanned = [
  { name: 'src/a.c', bytes: Buffer.alloc(700, 'int a;\n') },
  { name: 'src/b.c', bytes: Buffer.alloc(700, 'int b;\n') },
  { name: 'README.md', bytes: Buffer.from('# cJSON') },
];

/** Of a key pair that nobody here has. */
const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
