import { designate, earlyAccess, engage, terms } from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engaged, engageModel, openWindow } from '../../apps/server/test/accessing.ts';
import type { SignedIn, TestParty } from '../../apps/server/test/harness.ts';
import { noBrowser, openWindow as openPage, startChromium } from './chromium.ts';
import { still, words } from './deconflict-steps.ts';
import { type LivingWorld, startLivingWorld } from './living-world.ts';

const cadence = { BREAKWATER_LOG_CADENCE_SECONDS: '60' };
const desk = { width: 1280, scheme: 'light' } as const;
const phone = { width: 390, scheme: 'dark' } as const;

describe.skipIf(noBrowser !== null)(`the voluntary framework${noBrowser ?? ''}`, () => {
  let world: LivingWorld;
  let browser: Browser;
  let developer: TestParty;
  let liaison: TestParty;
  let evaluator: TestParty;
  let engaged: Engaged;
  const objections: string[] = [];

  beforeAll(async () => {
    [world, browser] = await Promise.all([startLivingWorld(cadence), startChromium()]);
    const { server } = world;
    developer = await server.party('developer', 'Tidewater Models');
    liaison = await server.party('liaison', 'Framework Office');
    evaluator = await server.party('evaluator', 'Harbor Evaluations');
    engaged = await engageModel({ developer, liaison });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await world[Symbol.asyncDispose]();
  });

  const at = (path: string) => new URL(path, world.server.address).href;

  /** A window of a person's own, signed in. */
  async function window(person: SignedIn, size: typeof desk | typeof phone = desk) {
    const opened = await openPage(browser, size, objections);
    const [name = '', value = ''] = person.cookie.split('=');
    await opened.context.addCookies([{ name, value, url: world.server.address }]);
    return opened;
  }

  test('a codename opens an engagement; leaving and releasing work while nothing else is answered', async () => {
    await using own = await window(await world.server.signIn(developer, 'Ada Reyes'), phone);
    const { page } = own;
    await page.goto(at('/engagements/new'));
    await page.getByLabel('Codename').fill('Sandpiper');
    await page.getByRole('button', { name: 'Open it' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sandpiper' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    // From now on every read of it is refused or never answered: two acts are there all the same.
    await page.route(/[/]v1[/](engagements|windows|determinations)/, async (route) => {
      if (route.request().method() === 'POST') return await route.continue();
      const { pathname } = new URL(route.request().url());
      if (pathname.endsWith(id)) await route.fulfill({ status: 503, body: 'no' });
    });
    await page.reload();
    for (const [act, done] of [
      ['Release now', 'Released'],
      ['Leave', 'Left'],
    ] as const) {
      const press = page.getByRole('main').getByRole('button', { name: act });
      expect(await press.isEnabled()).toBe(true);
      await press.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('This is what follows, at once:').waitFor();
      await dialog.getByRole('button', { name: act }).click();
      await page.getByLabel('Always yours to do').getByText(done, { exact: true }).waitFor();
    }
    const { items } = await developer.client.call(engage.list, {});
    const told = items.find((each) => each.id === id);
    expect(told?.releasedAt).not.toBeNull();
    expect(told?.leftAt).not.toBeNull();
  });

  test('counsel reads what changed, and signs the text that was shown', async () => {
    const { engagement } = engaged;
    const propose = (by: TestParty, text: string) =>
      by.client.call(terms.propose, { params: { engagement }, body: { kind: 'agreement', text } });
    await propose(liaison, 'Copies are kept for 30 days.');
    const { terms: version } = await propose(developer, 'Copies are kept for 14 days.');
    await using own = await window(await world.server.signIn(liaison, 'Ben Osei'));
    const { page } = own;
    await page.goto(at(`/engagements/${engagement}`));
    await page.getByRole('link', { name: 'Sign the terms: the agreement' }).first().click();
    await expect.poll(() => words(page.getByRole('deletion'))).toBe('30');
    expect(await words(page.getByRole('insertion'))).toBe('14');
    await page.getByRole('button', { name: 'Sign this version' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your name').fill('Ben Osei');
    await dialog.getByLabel('Your title').fill('Counsel');
    await dialog.getByRole('button', { name: 'Sign it' }).click();
    await page.getByText('Counsel, Framework Office').waitFor();
    const { items } = await developer.client.call(terms.list, { params: { engagement } });
    const signed = items.find(({ id }) => id === version);
    expect(signed?.signatures).toMatchObject([{ side: 'government', name: 'Ben Osei' }]);
  });

  test('a person accepts six protections one by one, and the developer ends the window in one act', async () => {
    const { window: id } = await openWindow(engaged);
    const person = await world.server.signIn(evaluator, 'Dana Whitfield');
    const { grant } = await liaison.client.call(earlyAccess.addPerson, {
      params: { window: id },
      body: { member: person.member },
    });
    await using own = await window(person);
    await own.page.goto(at('/access'));
    await own.page.getByRole('link', { name: 'You', exact: true }).click();
    await own.page.getByRole('heading', { name: 'Not active' }).waitFor();
    const accept = own.page.getByRole('button', { name: /^Accept: / });
    for (let left = 6; left > 0; left -= 1) {
      await expect.poll(() => accept.count(), { timeout: 30_000 }).toBe(left);
      await accept.first().click();
    }
    await own.page.getByRole('heading', { name: 'Active now' }).waitFor();
    await own.page.getByRole('button', { name: 'State a purpose and begin' }).click();
    await own.page.getByLabel('What do you use the model for?').fill('Look for heap bugs.');
    await own.page.getByRole('button', { name: 'Begin the session' }).click();
    await own.page.getByRole('table', { name: 'Sessions of use' }).waitFor();
    await using other = await window(await world.server.signIn(developer, 'Ada Reyes'), phone);
    await other.page.goto(at(`/windows/${id}`));
    await other.page.getByText('active now').waitFor();
    await other.page.getByRole('button', { name: 'End the window now' }).click();
    await other.page
      .getByRole('dialog')
      .getByRole('button', { name: 'End the window now' })
      .click();
    await other.page.getByText('You ended it').waitFor();
    await own.page.reload();
    await own.page.getByRole('button', { name: 'Attest return or destruction' }).click();
    await own.page.getByLabel('In your words').fill('Two copies, both wiped.');
    await own.page.getByRole('button', { name: 'Attest it' }).click();
    await own.page.getByText('attested as destroyed').waitFor();
    await everyPageStands(other.page, { window: id, grant });
  });

  test('the official reads the rule as committed, and enters the determination after three consultations', async () => {
    const { server } = world;
    const official = await server.party('official', 'Office of the Director');
    const { engagement } = engaged;
    const { rule } = await liaison.client.call(designate.registerRule, {
      body: { document: ruleDocument, seers: [official.id] },
    });
    await signed(rule);
    const { file } = await liaison.client.call(designate.openFile, {
      body: { engagement, rule, official: official.id, seers: [] },
    });
    const date = new Date(server.clock.now()).toISOString().slice(0, 10);
    for (const office of ['ncd', 'apst'] as const) {
      await liaison.client.call(designate.consult, {
        params: { file },
        body: { office, date, reference: 'EOP-2026-12' },
      });
    }
    await using own = await window(await server.signIn(official, 'Chris Vale'));
    const { page } = own;
    await page.goto(at('/'));
    await page.getByRole('table', { name: 'Files' }).getByRole('link').first().click();
    await page.getByText('Three consultations come first.').waitFor();
    await page.getByRole('button', { name: 'Check it in the log' }).click();
    await page.getByText('It names this rule, word for word').waitFor();
    await page.getByRole('button', { name: 'Record: Director of CISA' }).click();
    await paper(page, { date, reference: 'CISA-2026-3', act: 'Record it' });
    await page.getByRole('button', { name: 'Enter the determination' }).click();
    await page.getByRole('radio', { name: /^Covered/ }).check();
    await paper(page, { date, reference: 'NSA-2026-0117', act: 'Enter it' });
    await page.getByText('The model is a covered frontier model.').waitFor();
    await still(page, page.url());
    await using other = await window(await server.signIn(developer, 'Ada Reyes'), phone);
    await other.page.goto(at(`/engagements/${engagement}`));
    await other.page.getByText('NSA-2026-0117').waitFor();
    expect(await other.page.getByRole('button', { name: 'Release now' }).isEnabled()).toBe(true);
  });

  /** A batch of the log takes the oldest of what waits, one a minute: until the rule is among them. */
  async function signed(rule: Id<'rule'>): Promise<void> {
    const { clock, services } = world.server;
    for (let batches = 0; batches < 50; batches += 1) {
      clock.set(addMilliseconds(clock.now(), 60_000));
      await services.sequencer.tick();
      const proof = liaison.client.call(designate.ruleProof, { params: { rule } });
      if (await proof.then(Boolean, () => false)) return;
    }
    throw new Error('expected the rule under a checkpoint');
  }

  async function everyPageStands(
    page: Page,
    { window: id, grant }: { readonly window: Id<'window'>; readonly grant: Id<'grant'> },
  ): Promise<void> {
    const { engagement } = engaged;
    for (const path of [`/engagements/${engagement}`, `/windows/${id}`, `/access/${grant}`]) {
      await still(page, at(path));
    }
    expect(objections).toEqual([]);
    expect(world.server.errors).toEqual([]);
  }
});

const ruleDocument = {
  format: 'breakwater-threshold-rule/1',
  suite: 'a'.repeat(64),
  measure: 'accuracy',
  budget: { tokens: 200_000 },
  repetitions: 3,
  level: 0.95,
  threshold: 0.6,
  counts: 'without-invalid',
} as const;

interface Paper {
  readonly date: string;
  readonly reference: string;
  /** What the button says. */
  readonly act: string;
}

async function paper(page: Page, { date, reference, act }: Paper): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Date').fill(date);
  await dialog.getByLabel('Reference').fill(reference);
  await dialog.getByRole('button', { name: act }).click();
  await dialog.waitFor({ state: 'detached' });
}
