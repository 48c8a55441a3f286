import { claims } from '@breakwater/contract';
import { addMilliseconds, toInstant } from '@breakwater/kernel';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passTime } from '../../apps/server/src/slices/index.ts';
import { type NameServer, startNameServer } from '../../apps/server/test/name-server.ts';
import { startWebServer, type WebServer } from '../../apps/server/test/web-server.ts';
import { axe } from './axe.ts';
import { noBrowser, type Opened, openWindow, startChromium } from './chromium.ts';
import {
  atContent,
  claimForm,
  everyTab,
  hears,
  patience,
  slowDown,
  still,
  words,
} from './deconflict-steps.ts';
import type { LivingWorld } from './living-world.ts';
import { joinBy, startLivingWorld } from './living-world.ts';

const desk = { width: 1280, scheme: 'light' } as const;
const phone = { width: 390, scheme: 'dark' } as const;
const libmspack = 'github.com/kyz/libmspack';

type Who = 'finder' | 'otherFinder' | 'owner' | 'operator' | 'coordinator';

describe.skipIf(noBrowser !== null)(`who looks at what${noBrowser ?? ''}`, () => {
  let names: NameServer;
  let site: WebServer;
  let world: LivingWorld;
  let browser: Browser;
  let lab: Page;
  let otherLab: Page;
  let owner: Page;
  let operator: Page;
  let coordinator: Page;
  let labHeard: () => Promise<string>;
  let otherLabHeard: () => Promise<string>;
  const objections: string[] = [];

  beforeAll(async () => {
    [names, site] = await Promise.all([startNameServer(), startWebServer(['*.pier.example'])]);
    [world, browser] = await Promise.all([
      startLivingWorld({
        BREAKWATER_RESOLVER: names.address,
        BREAKWATER_LOCAL_TARGETS: '127.0.0.1/32',
        BREAKWATER_TARGETS_CA: site.authorityFile,
      }),
      startChromium(),
    ]);
    const open = async (who: Who, name: string): Promise<Page> => {
      const window: Opened = await openWindow(browser, desk, objections);
      await joinBy(window.page, await world.link(world[who]), name);
      return window.page;
    };
    lab = await open('finder', 'Lena Ruiz');
    otherLab = await open('otherFinder', 'Mina Okafor');
    [labHeard, otherLabHeard] = [hears(lab), hears(otherLab)];
    owner = await open('owner', 'Max Weber');
    operator = await open('operator', 'Iris Alder');
    coordinator = await open('coordinator', 'Ada Reyes');
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await world[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
    await names[Symbol.asyncDispose]();
  });

  test('a lab claims what it looks at, in plain words, and sees how long it holds', async () => {
    await lab.getByRole('link', { name: 'Your claims' }).click();
    await lab.getByRole('heading', { name: 'You hold no claim' }).waitFor();
    expect(await axe(lab)).toEqual([]);
    await lab.getByRole('link', { name: 'Claim something' }).click();
    await lab.getByLabel('Where').fill(`https://GitHub.com/Kyz/libmspack.git`);
    await lab.getByText('Understood as repo:github.com/kyz/libmspack').waitFor();
    await lab.getByLabel('Static analysis').uncheck();
    await lab.getByLabel('Classes of weakness').fill('CWE-119');
    await lab.getByText('CWE-119 Improper Restriction').waitFor();
    await lab.getByRole('radio', { name: /^Alone/ }).check();
    expect(await axe(lab)).toEqual([]);
    await lab.getByRole('button', { name: 'Claim', exact: true }).click();
    await lab.getByText('Nobody else is there').waitFor();
    await lab.getByRole('main').getByRole('link', { name: 'Your claims' }).click();
    const claim = lab.getByRole('article', { name: /libmspack/ });
    expect(await words(claim)).toContain('2 days 23 hours left');
    expect(await words(claim)).toContain('CWE-119');
  });

  test('another lab asks for more, is told what is covered and never by whom, and takes the part that is left', async () => {
    await claimForm(otherLab, { where: libmspack });
    await otherLab.getByRole('button', { name: 'Claim', exact: true }).click();
    await otherLab.getByText('Not free').waitFor();
    const answer = otherLab.locator('.claim-answer');
    expect(await words(answer)).toContain('CWE-119');
    expect(await words(answer)).not.toContain('Tidewater');
    expect(await axe(otherLab)).toEqual([]);
    await answer.getByRole('button', { name: /^1\. Take this part/ }).click();
    await otherLab.waitForURL('**/claims');
    const claim = otherLab.getByRole('article', { name: /libmspack/ });
    await claim.waitFor();
    expect(await words(otherLab.getByRole('main'))).not.toContain('Tidewater');
  });

  test('neither learns of the other, and the map shows both parts to each', async () => {
    for (const page of [lab, otherLab]) {
      await page.getByRole('link', { name: 'Coverage' }).click();
      await page.getByLabel('Of what?').fill(libmspack);
      const table = page.getByRole('table', { name: /What is covered of/ });
      await expect.poll(() => table.getByRole('row').count(), patience).toBe(3);
      expect(await words(page.getByRole('main'))).not.toMatch(/Tidewater|Okafor/);
      await page.locator('.coverage-bars rect').first().waitFor();
      expect(await axe(page)).toEqual([]);
    }
    // Not on the pages, since it never came to them.
    expect(await labHeard()).toContain('CWE-119');
    expect(await labHeard()).not.toContain('Okafor');
    expect(await otherLabHeard()).toContain('CWE-119');
    expect(await otherLabHeard()).not.toContain('Tidewater');
  });

  test('a click on what is covered leads to a claim of what is not', async () => {
    const row = otherLab.getByRole('row', { name: /CWE-119/ }).filter({ hasNotText: 'without' });
    await row.getByRole('link', { name: /Claim the rest/ }).click();
    await otherLab.waitForURL(/\/claims\/new\?/);
    expect(await otherLab.getByLabel('Where').inputValue()).toBe('repo:github.com/kyz/libmspack');
    expect(await otherLab.getByLabel('Not these classes').inputValue()).toBe('CWE-119');
    await otherLab.goBack();
    await otherLab.locator('.coverage-bars rect').first().click();
    await otherLab.waitForURL(/\/claims\/new\?/);
  });

  test('a claim is renewed in one act, and given back with what it covered', async () => {
    await lab.getByRole('link', { name: 'Your claims' }).click();
    const claim = lab.getByRole('article', { name: /libmspack/ });
    await claim.getByRole('button', { name: 'I work with it' }).click();
    await lab.getByText('Noted: it is in use.').waitFor();
    await claim.getByRole('button', { name: 'Renew' }).click();
    await lab.getByText(/^Renewed\./).waitFor();
    await claim.getByRole('button', { name: 'Give back' }).click();
    await lab.getByRole('dialog').getByRole('radio', { name: 'Nothing found' }).waitFor();
    expect(await axe(lab)).toEqual([]);
    await lab.getByRole('dialog').getByRole('button', { name: 'Give back' }).click();
    await lab.getByText('What you covered is on the map.').waitFor();
    await atContent(lab);
    await otherLab.goto(new URL(`/coverage?target=${libmspack}`, otherLab.url()).href);
    await otherLab.getByRole('row', { name: /Nothing found/ }).waitFor();
  });

  test('who is refused asks to be let in, and each learns of the other once both agree', async () => {
    await claimForm(lab, { where: 'pkg:npm/lodash' });
    await lab.getByRole('radio', { name: /^Alone/ }).check();
    await lab.getByRole('button', { name: 'Claim', exact: true }).click();
    await lab.getByText('Nobody else is there').waitFor();
    await claimForm(otherLab, { where: 'pkg:npm/lodash' });
    await otherLab.getByRole('button', { name: 'Only ask' }).click();
    await otherLab.getByRole('button', { name: /Stand in line/ }).click();
    const line = otherLab.getByRole('table', { name: 'What you stand in line for' });
    await line.getByRole('button', { name: 'Leave the line' }).click();
    await line.getByText('Left').waitFor();
    await claimForm(otherLab, { where: 'pkg:npm/lodash' });
    await otherLab.getByRole('button', { name: 'Only ask' }).click();
    await otherLab.getByRole('button', { name: /Ask to be let in/ }).click();
    await otherLab.getByText('without an answer yet').waitFor();
    await lab.goto(new URL('/claims', lab.url()).href);
    await lab.getByText('Somebody wants in beside your claim').waitFor();
    expect(await words(lab.getByRole('main'))).not.toContain('Okafor');
    expect(await axe(lab)).toEqual([]);
    await lab.getByRole('button', { name: 'Let them in' }).click();
    await lab.getByText('You let M. Okafor in.').waitFor();
    await otherLab.reload();
    await otherLab.getByText('By Tidewater Labs').waitFor();
    expect(await axe(otherLab)).toEqual([]);
  });

  test('a domain is proven by a DNS record, word for word as the page says', async () => {
    await owner.getByRole('link', { name: 'Your targets' }).click();
    await owner.getByRole('heading', { name: 'No target yet' }).waitFor();
    expect(await axe(owner)).toEqual([]);
    await owner.getByRole('button', { name: 'Add a target' }).first().click();
    await owner.getByLabel('What is yours?').fill('*.Harbor.example.');
    await owner.getByText('every host below a name').waitFor();
    await owner.getByRole('button', { name: 'Go on' }).click();
    await owner.getByRole('heading', { level: 1, name: '*.harbor.example' }).waitFor();
    const [name = '', value = ''] = await owner
      .locator('.control-how .command code')
      .allInnerTexts();
    expect(name).toBe('_breakwater-challenge.harbor.example');
    await owner.getByRole('button', { name: 'Check now' }).click();
    await owner.getByRole('alert').waitFor();
    names.set(name, { txt: [[value]] });
    await owner.getByRole('button', { name: 'Check now' }).click();
    await owner.getByText('Found: your control is proven.').waitFor();
    await expect.poll(() => words(owner.locator('.page-head')), patience).toContain('Proven');
    expect(await axe(owner)).toEqual([]);
  });

  test('a third party proves an address by a file on its web server', async () => {
    await operator.getByRole('link', { name: 'Your targets' }).click();
    await operator.getByRole('button', { name: 'Add a target' }).first().click();
    await operator.getByLabel('What is yours?').fill(`https://shop.pier.example:${site.port}/`);
    await operator.getByRole('radio', { name: /A file on the web server/ }).check();
    await operator.getByRole('button', { name: 'Go on' }).click();
    await operator.getByRole('heading', { level: 1, name: /shop\.pier\.example/ }).waitFor();
    const [address = '', text = ''] = await operator
      .locator('.control-how .command code')
      .allInnerTexts();
    names.set('shop.pier.example', { addresses: ['127.0.0.1'] });
    site.set(new URL(address).pathname, `${text}\n`);
    await operator.getByRole('button', { name: 'Check now' }).click();
    await operator.getByText('Found: your control is proven.').waitFor();
  });

  test('an owner writes who may do what, with hours at which nothing runs, and sees them held', async () => {
    await owner.getByRole('button', { name: 'Write an authorization' }).click();
    const dialog = owner.getByRole('dialog');
    await dialog.getByLabel('Active scan').check();
    await dialog.getByLabel('Every finder who takes part here').check();
    await dialog.getByRole('button', { name: 'Add a weekly time' }).click();
    await dialog.getByLabel('Sat').check();
    await dialog.getByLabel('Sun').check();
    const time = dialog.getByRole('group', { name: 'Weekly time' });
    await time.getByLabel('From').fill('00:00');
    await time.getByLabel('To').fill('00:00');
    await time.getByText('All day.').waitFor();
    await dialog.getByLabel(/How you are reached/).fill('The desk, at all hours.');
    expect(await axe(owner)).toEqual([]);
    await dialog.getByRole('button', { name: 'Write it' }).click();
    // The server's clock stands since the world began, and the authorization begins now.
    world.server.clock.set(toInstant(new Date()));
    const card = owner.getByRole('article', { name: /Authorization for/ });
    await card.getByText('Held now.').waitFor();
    expect(await words(card)).toContain('every day all day');
    expect(await axe(owner)).toEqual([]);
  });

  test('a lab is told so before it claims, and refused when it claims all the same', async () => {
    await claimForm(lab, { where: 'www.harbor.example', methods: ['Active scan'] });
    const says = lab.locator('.publish-beside');
    await says.getByText('It is a time at which nothing may run.').waitFor();
    expect(await words(says)).toContain('No Active scan.');
    await lab.getByRole('button', { name: 'Claim', exact: true }).click();
    await lab.getByRole('alert').filter({ hasText: 'leave' }).waitFor();
    expect(await axe(lab)).toEqual([]);
  });

  test('with the hours taken out the lab begins, and the owner sees what is looked at, never who', async () => {
    const card = owner.getByRole('article', { name: /Authorization for/ });
    await card.getByRole('button', { name: 'Change' }).click();
    const dialog = owner.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove this weekly time' }).click();
    // A colleague is faster; the page behind the form has long read it.
    await slowDown(world.owner);
    await owner.locator('.authorization-card', { hasText: 'at most 2 requests' }).waitFor();
    await dialog.getByRole('button', { name: 'Change it' }).click();
    const changed = dialog.getByRole('alert').filter({ hasText: 'changed while you were writing' });
    await changed.getByText('at most 2 requests a second').waitFor();
    await dialog.getByRole('button', { name: 'Change it all the same' }).click();
    await card.getByText('no never-time is set').waitFor();
    await claimForm(lab, { where: 'www.harbor.example', methods: ['Active scan'] });
    await lab.locator('.publish-beside').getByText('Yes', { exact: true }).waitFor();
    await lab.getByRole('button', { name: 'Claim', exact: true }).click();
    await lab.getByText('Nobody else is there').waitFor();
    await owner.reload();
    const now = owner.getByRole('table', { name: 'What is looked at' });
    await now.waitFor();
    expect(await words(now)).toContain('www.harbor.example');
    expect(await words(owner.getByRole('main'))).not.toContain('Tidewater');
  });

  test('the stop switch ends it in one act, tells the lab, and is lifted with a reason', async () => {
    await owner.getByRole('button', { name: 'Stop everything here' }).click();
    await owner.getByText('Every claim on it').waitFor();
    expect(await axe(owner)).toEqual([]);
    await owner.getByRole('button', { name: 'Stop it now' }).click();
    await owner.getByRole('heading', { name: /^Stopped:/ }).waitFor();
    expect(await words(owner.locator('.stop-on'))).toContain('1 claim ended');
    expect(await axe(owner)).toEqual([]);
    // On whatever page the lab is, without a touch.
    await lab.getByText(/^Stopped by the owner\. www\.harbor\.example/).waitFor();
    await lab.getByRole('navigation').getByRole('link', { name: 'Your claims' }).click();
    await lab.getByText('The owner stopped it').waitFor();
    expect(await axe(lab)).toEqual([]);
    await owner.getByRole('button', { name: 'Let work begin again' }).click();
    await owner.getByLabel('Why').fill('It was our own test.');
    await owner.getByRole('button', { name: 'Lift the stop' }).click();
    await owner.getByRole('button', { name: 'Stop everything here' }).waitFor();
  });

  test('wishes are stated, read by who begins, and kept to', async () => {
    await owner.getByRole('button', { name: 'Say what you wish' }).click();
    const dialog = owner.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Add days of each year' }).click();
    await dialog.getByLabel('First day').fill('01-01');
    await dialog.getByLabel('Last day').fill('12-31');
    await dialog.getByLabel('Threat model').fill('We defend the booking of berths.');
    expect(await axe(owner)).toEqual([]);
    await dialog.getByRole('button', { name: 'Keep these wishes' }).click();
    await owner.getByText('Quiet now').waitFor();
    await claimForm(lab, { where: 'www.harbor.example', methods: ['Active scan'] });
    await lab.locator('.publish-beside').getByText('Quiet now').waitFor();
    await lab.getByRole('button', { name: 'Claim', exact: true }).click();
    await lab.getByRole('alert').filter({ hasText: 'quiet' }).waitFor();
    const held = await world.finder.client.call(claims.list, { query: { show: 'live' } });
    expect(JSON.stringify(held.items)).not.toContain('harbor.example');
    await owner.getByText('Nobody says that they look at it now.').waitFor();
  });

  test('a claim that soon ends says so on whatever page is open, and on its card', async () => {
    await claimForm(lab, { where: 'pkg:npm/express' });
    await lab.getByLabel('For how long').selectOption('8 hours');
    await lab.getByRole('button', { name: 'Claim', exact: true }).click();
    await lab.getByText('Nobody else is there').waitFor();
    await lab.getByRole('navigation').getByRole('link', { name: 'Coverage' }).click();
    const later = addMilliseconds(toInstant(new Date()), 5 * 3_600_000);
    await lab.clock.setFixedTime(later);
    world.server.clock.set(later);
    await passTime(world.server.services);
    await lab.getByText(/^Ends in 2 hours 5\d minutes: pkg:npm\/express/).waitFor();
    await lab.getByRole('navigation').getByRole('link', { name: 'Your claims' }).click();
    const claim = lab.getByRole('article', { name: /express/ });
    await claim.getByText('Ends soon').waitFor();
    await claim.getByRole('button', { name: 'Renew' }).click();
    await claim.getByText('7 hours 59 minutes left').or(claim.getByText('8 hours left')).waitFor();
  });

  test('two who prove one place are both shown to the coordinator, who decides with a reason', async () => {
    await operator.getByRole('navigation').getByRole('link', { name: 'Your targets' }).click();
    await operator.getByRole('button', { name: 'Add a target' }).first().click();
    await operator.getByLabel('What is yours?').fill('www.harbor.example');
    await operator.getByRole('button', { name: 'Go on' }).click();
    await operator.getByRole('heading', { level: 1, name: 'www.harbor.example' }).waitFor();
    const [name = '', value = ''] = await operator
      .locator('.control-how .command code')
      .allInnerTexts();
    names.set(name, { txt: [[value]] });
    await operator.getByRole('button', { name: 'Check now' }).click();
    await operator.getByText('Somebody else proved control of the same place').waitFor();
    await coordinator.getByRole('link', { name: 'Conflicts' }).click();
    await coordinator.getByRole('tab', { name: 'Whose target' }).click();
    const contest = coordinator.getByRole('article', { name: /^Two claim/ });
    await contest.waitFor();
    expect(await axe(coordinator)).toEqual([]);
    await contest.getByRole('button', { name: 'Believe cJSON maintainers' }).click();
    const dialog = coordinator.getByRole('dialog');
    await dialog.getByLabel('Why').fill('The registry names them.');
    await dialog.getByRole('button', { name: 'Believe cJSON maintainers' }).click();
    await coordinator.getByText('No target is claimed twice').waitFor();
  });

  test('the coordinator sees who was refused because of whom, and ends a claim with a reason', async () => {
    await coordinator.getByRole('tab', { name: 'Refused' }).click();
    const refused = coordinator.getByRole('table', { name: 'Who was refused what' });
    expect(await words(refused)).toContain('M. Okafor');
    await refused
      .getByRole('button', { name: /in the way of/ })
      .first()
      .click();
    const dialog = coordinator.getByRole('dialog');
    await dialog.getByRole('article', { name: 'Claim of Tidewater Labs' }).waitFor();
    expect(await axe(coordinator)).toEqual([]);
    await coordinator.keyboard.press('Escape');
    await coordinator.getByRole('tab', { name: 'All claims' }).click();
    await coordinator
      .getByRole('button', { name: 'End it: the claim of M. Okafor' })
      .first()
      .click();
    await coordinator.getByLabel('Why').fill('A patch is being tested there.');
    await coordinator.getByRole('button', { name: 'End it', exact: true }).last().click();
    await coordinator.getByText('The claim is ended.').waitFor();
    await otherLab.getByRole('navigation').getByRole('link', { name: 'Your claims' }).click();
    await otherLab.getByText('A coordinator ended a claim').waitFor();
    expect(await words(otherLab.getByRole('main'))).toContain('A patch is being tested there.');
    expect(await axe(otherLab)).toEqual([]);
  });

  for (const window of [desk, phone]) {
    test(`every page at ${window.width} px, ${window.scheme}`, async () => {
      const pages: readonly (readonly [Page, readonly string[]])[] = [
        [lab, ['/claims', '/claims?show=ended', '/claims/new', '/coverage', '/precheck']],
        [owner, ['/targets', new URL(owner.url()).pathname]],
        [coordinator, everyTab],
      ];
      for (const [page, paths] of pages) {
        await using own = await openWindow(browser, window, objections);
        await own.context.addCookies(await page.context().cookies());
        for (const path of paths) await still(own.page, new URL(path, page.url()).href);
      }
    }, 180_000);
  }

  test('no page asked for more than the policy allows, and nothing broke on the way', () => {
    expect(objections).toEqual([]);
    expect(world.server.errors).toEqual([]);
  });
});
