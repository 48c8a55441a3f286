import { authorizations } from '@breakwater/contract';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { TestParty } from '../../apps/server/test/harness.ts';
import { axe } from './axe.ts';

/** The machine of a test may be busy; a page is not slow for it. */
export const patience = { timeout: 30_000 };

/** Every tab of the coordinator's view. */
export const everyTab = [
  '/conflicts',
  ...['unused', 'live', 'owners', 'stops', 'askers', 'precheck', 'programs'].map(
    (show) => `/conflicts?show=${show}`,
  ),
];

/** Opens a page and holds it to the eye of axe and to its width. */
export async function still(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect.poll(() => page.getByText(/^Loading/).count(), patience).toBe(0);
  expect(await axe(page), address).toEqual([]);
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wider, `${address} scrolls sideways`).toBe(0);
}

interface Wish {
  readonly where: string;
  readonly methods?: readonly string[];
}

/** Fills the form of a claim; with `methods` those alone. */
export async function claimForm(page: Page, { where, methods }: Wish): Promise<void> {
  await page.goto(new URL('/claims/new', page.url()).href);
  await page.getByLabel('Where').fill(where);
  await page.getByText(/^Understood as/).waitFor();
  if (methods === undefined) return;
  for (const method of ['Static analysis', 'Local fuzzing']) {
    await page.getByLabel(method).uncheck();
  }
  for (const method of methods) await page.getByLabel(method).check();
}

/** What stands there, as one line. */
export async function words(place: Locator): Promise<string> {
  return ((await place.textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** Keeps every answer of the server that reaches a page; answers with all of them so far. */
export function hears(page: Page): () => Promise<string> {
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    // The stream of hints does not end, and has ids alone.
    if (!pathname.startsWith('/v1/') || pathname === '/v1/events') return;
    bodies.push(response.text().catch(() => ''));
  });
  return async () => (await Promise.all(bodies)).join('\n');
}

/** Somebody of the owner's party allows less at once, in the authorization that stands. */
export async function slowDown({ client }: TestParty): Promise<void> {
  const { items } = await client.call(authorizations.authorizations, { query: { which: 'mine' } });
  const [standing] = items;
  if (standing === undefined) throw new Error('expected an authorization');
  const { id, targets, except, methods, roles, from, until, never } = standing;
  const pace = { requestsPerSecond: 2, connections: 1 };
  const body = {
    targets,
    except,
    methods,
    parties: [],
    roles: roles ?? [],
    from,
    until,
    pace,
    never,
  };
  await client.call(authorizations.reviseAuthorization, { params: { authorization: id }, body });
}

/** Waits until the keyboard is at the content: what it was on is gone, and it did not fall out. */
export async function atContent(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.id), patience)
    .toBe('content');
}
