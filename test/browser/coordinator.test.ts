import { coordinate } from '@breakwater/contract';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe } from './axe.ts';
import type { Opened } from './chromium.ts';
import { noBrowser, openWindow, startChromium } from './chromium.ts';
import type { LivingWorld } from './living-world.ts';
import { handIn, joinBy, patched, startLivingWorld } from './living-world.ts';

const desk = { width: 1280, scheme: 'light' } as const;
const phone = { width: 390, scheme: 'dark' } as const;

describe.skipIf(noBrowser !== null)(`the coordinator${noBrowser ?? ''}`, () => {
  let world: LivingWorld;
  let browser: Browser;
  let window: Opened;
  let page: Page;
  const objections: string[] = [];

  beforeAll(async () => {
    [world, browser] = await Promise.all([startLivingWorld(), startChromium()]);
    window = await openWindow(browser, desk, objections);
    page = window.page;
    await joinBy(page, await world.link(world.coordinator), 'Ada Reyes');
  });
  afterAll(async () => {
    await browser.close();
    await world[Symbol.asyncDispose]();
  });

  test('an empty installation says what comes here, and offers two ways to see it', async () => {
    await page.getByRole('heading', { name: 'No case yet' }).waitFor();
    expect(await page.getByRole('link', { name: 'Check a file of mine' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Load the example' }).waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test('the example is loaded, and taken away again after a question', async () => {
    await page.getByRole('button', { name: 'Load the example' }).click();
    const remove = page.getByRole('button', { name: 'Remove the example' });
    await remove.waitFor({ timeout: 60_000 });
    expect(await axe(page)).toEqual([]);
    await remove.click();
    await page.getByText('Its content is erased.').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the example' }).click();
    await page.getByRole('heading', { name: 'No case yet' }).waitFor();
  }, 90_000);

  test('each count of the funnel leads to the cases it counts', async () => {
    await handIn(world, world.finder, {
      title: 'Over-read in parse_string',
      at: 'a.c',
      proof: true,
    });
    await handIn(world, world.otherFinder, { title: 'Stack overflow in print', at: 'b.c' });
    await page.reload();
    await page.getByRole('link', { name: /1\s*Reproduced/ }).click();
    await page.waitForURL('**/cases?stage=reproduced');
    await expect.poll(() => titles(page)).toEqual(['Over-read in parse_string']);
    await page.goBack();
    await page.getByRole('link', { name: /the coordinator\s*2/ }).click();
    await expect.poll(() => titles(page)).toHaveLength(2);
    expect(await axe(page)).toEqual([]);
  });

  test('the list is narrowed by words and kept in the address; j, k and Enter walk it', async () => {
    await page.goto(new URL('/cases', page.url()).href);
    await expect.poll(() => titles(page)).toHaveLength(2);
    await page.getByLabel('Words').fill('stack overflow');
    await page.waitForURL('**/cases?text=stack+overflow');
    await expect.poll(() => titles(page)).toEqual(['Stack overflow in print']);
    await page.getByRole('link', { name: 'Clear' }).click();
    await expect.poll(() => titles(page)).toHaveLength(2);
    await page.getByRole('heading', { name: 'Cases' }).click();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/cases/case_*');
  });

  test('the palette finds what was mistyped, and opens it', async () => {
    await page.goto(new URL('/cases', page.url()).href);
    await page.getByRole('heading', { name: 'Cases' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and go' }).fill('parze_strng');
    await page
      .getByRole('option', { name: /Over-read in parse_string/ })
      .first()
      .waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /Over-read in parse_string/ }).waitFor();
  });

  test('the embargo’s hour is shown as it will be before it is set', async () => {
    await page.getByRole('button', { name: 'Act on this case' }).click();
    await page.getByRole('menuitem', { name: 'Set the embargo’s hour' }).click();
    await page.getByLabel('Day and hour').fill('2031-01-31T17:00');
    await page.getByLabel('Zone').selectOption('Europe/Berlin');
    const shown = page.getByRole('region', { name: 'The clock will show' });
    expect(await words(shown)).toContain('17:00 Fri 31 Jan 2031Europe/Berlin, UTC+01:00');
    expect(await words(shown)).toContain('10:00 Fri 31 Jan 2031America/Chicago, UTC−06:00');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set the hour' }).click();
    const clock = page.getByRole('region', { name: 'Embargo' });
    await expect.poll(() => words(clock)).toContain('Europe/Berlin');
  });

  test('when somebody else was faster nothing is lost, and what stands now is shown', async () => {
    await page.getByRole('button', { name: 'Act on this case' }).click();
    await page.getByRole('menuitem', { name: 'End the embargo' }).click();
    await page.getByLabel('Where it is public').fill('https://example.org/talk');
    const id = /case_\w+/.exec(page.url())?.[0] as never; // the case this page shows
    await world.coordinator.client.call(coordinate.setEmbargo, {
      params: { case: id },
      body: { endsAt: '2032-02-01T00:00:00Z' as never, zone: 'UTC' }, // parsed by the server
    });
    await page.getByRole('button', { name: 'End the embargo' }).last().click();
    await page.getByText('This changed while you were writing').waitFor();
    expect(await page.getByLabel('Where it is public').inputValue()).toBe(
      'https://example.org/talk',
    );
    await expect.poll(() => words(page.getByRole('alert').last())).toContain('1 Feb 2032');
    await page.keyboard.press('Escape');
  });

  test('a case is merged with a reason and a preview, and the merge undone', async () => {
    await page.getByRole('button', { name: 'Act on this case' }).click();
    await page.getByRole('menuitem', { name: 'Merge into another case' }).click();
    await page.getByRole('button', { name: /Stack overflow in print/ }).click();
    await page.getByText('New there: Tidewater Labs').waitFor();
    await page.getByLabel('Why it is the same root cause').fill('The same loop.');
    await page.getByRole('button', { name: 'Merge', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /Stack overflow in print/ }).waitFor();
    await page.getByRole('button', { name: 'Undo this merge' }).click();
    await page.getByLabel('Why', { exact: true }).fill('Two loops after all.');
    await page.getByRole('button', { name: 'Undo the merge' }).click();
    await page.getByText('Two loops after all.').waitFor();
  });

  test('the advisory is previewed before it goes out, and goes out when it is sure', async () => {
    const id = await handIn(world, world.finder, {
      title: 'Double free in delete_item',
      at: 'c.c',
      proof: true,
    });
    await patched(world, id);
    await page.goto(new URL(`/cases/${id}`, page.url()).href);
    await page.getByRole('link', { name: 'Publish' }).click();
    await page.getByText('Give the details.').waitFor();
    await page.getByLabel('Details').fill('An item deleted twice is freed twice.');
    await page.getByLabel('First fixed version').fill('1.7.18-1');
    await page.getByText('The record in OSV form').waitFor();
    expect(await words(page.getByRole('region', { name: 'What would go out' }))).toContain(
      'Tidewater Labs',
    );
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('button', { name: 'Yes, publish now' }).click();
    await page.getByRole('heading', { level: 1, name: /Double free/ }).waitFor();
    await expect.poll(() => words(page.locator('[aria-current=step]'))).toBe('Published');
  });

  test('somebody is invited by a link that works once', async () => {
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByLabel('Name of the new party').fill('North Lab');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await words(page.locator('.dialog code').first());
    await page.getByText('It opens on this machine only').waitFor();
    await page.keyboard.press('Escape');
    expect(await axe(page)).toEqual([]);
    await using other = await openWindow(browser, phone, objections);
    await joinBy(other.page, link, 'Bo Lind');
    await using late = await openWindow(browser, phone, objections);
    await late.page.goto(link);
    await late.page.getByRole('alert').waitFor();
    expect(await words(late.page.getByRole('main'))).toContain('Ask for a new link');
    expect(await axe(late.page)).toEqual([]);
  });

  test('the account: a passkey is added, used to sign in, and a session cut', async () => {
    const authenticator = await window.context.newCDPSession(page);
    await authenticator.send('WebAuthn.enable');
    await authenticator.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.goto(new URL('/account', page.url()).href);
    await page.getByLabel('Name of the new passkey').fill('work laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('rowheader', { name: 'work laptop' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: /^Ada Reyes/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('button', { name: /^Ada Reyes/ }).waitFor();
    await page.goto(new URL('/account', page.url()).href);
    expect(await words(page.getByRole('table', { name: 'Sessions' }))).toContain('a passkey');
  });

  for (const window of [desk, phone, { ...desk, scheme: 'dark' as const }]) {
    test(`every page of a coordinator at ${window.width} px, ${window.scheme}`, async () => {
      const { origin } = new URL(page.url());
      const state = await page.context().storageState();
      const context = await browser.newContext({
        storageState: state,
        colorScheme: window.scheme,
        viewport: { width: window.width, height: 844 },
      });
      const own = await context.newPage();
      for (const path of everyPage) {
        await own.goto(origin + path);
        await own.getByRole('heading', { level: 1 }).waitFor();
        await expect.poll(() => own.getByText(/^Loading/).count()).toBe(0);
        expect(await axe(own), path).toEqual([]);
        const wider = await own.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(wider, `${path} scrolls sideways`).toBe(0);
      }
      await context.close();
    });
  }

  test('no page asked for more than the policy allows, and nothing broke on the way', () => {
    expect(objections).toEqual([]);
    expect(world.server.errors).toEqual([]);
  });
});

const everyPage = [
  '/',
  '/cases',
  '/people',
  '/recipes',
  '/advisories',
  '/record',
  '/account',
  '/account/mail',
  '/account/leave',
];

/** The titles of the cases in the list, in order. */
async function titles(page: Page): Promise<string[]> {
  const links = page.getByRole('table', { name: 'Cases' }).getByRole('link');
  return (await links.allInnerTexts()).map((text) => text.replaceAll(/[“”]/g, ''));
}

async function words(place: Locator): Promise<string> {
  return ((await place.textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
}
