import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Window } from './chromium.ts';
import { noBrowser, openWindow, startChromium } from './chromium.ts';
import type { Fixture } from './fixture-server.ts';
import { keys, startFixture } from './fixture-server.ts';
import { cases, hostileTitle } from './world.ts';

const desk = { width: 1280, scheme: 'light' } as const;
const phone = { width: 390, scheme: 'dark' } as const;

describe.skipIf(noBrowser !== null)(`the pages in a browser${noBrowser ?? ''}`, () => {
  let fixture: Fixture;
  let browser: Browser;
  beforeAll(async () => {
    [fixture, browser] = await Promise.all([startFixture(), startChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await fixture[Symbol.asyncDispose]();
  });

  /** A page that notes everything a strict policy or a careful reader would object to. */
  async function open(path: string, window: Window, who: keyof typeof keys): Promise<Opened> {
    const objections: string[] = [];
    const opened = await openWindow(browser, window, objections);
    const { page } = opened;
    page.on('request', (request) => {
      const asked = request.url();
      const own = asked.startsWith(fixture.address) || /^(data|blob):/.test(asked);
      if (!own) objections.push(`request to ${asked}`);
    });
    const session = { name: 'breakwater-local', value: keys[who], url: fixture.address };
    await opened.context.addCookies([session]);
    await page.goto(fixture.address + path);
    return { ...opened, objections };
  }

  test('a link is followed without a reload, and signing out leaves nothing to see', async () => {
    await using opened = await open('/cases', desk, 'coordinator');
    const { page } = opened;
    await page.getByRole('link', { name: /Heap buffer over-read/ }).click();
    await page.waitForURL(`${fixture.address}/cases/${cases.published}`);
    await wholeCase(page);
    await page.getByRole('button', { name: /coordinator/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    expect(await page.getByText('Heap buffer').count()).toBe(0);
    expect(opened.objections).toEqual([]);
  });

  for (const window of [desk, phone, { ...desk, scheme: 'dark' }, { ...phone, scheme: 'light' }]) {
    test(`the case at ${window.width} px, ${window.scheme}`, async () => {
      await using opened = await open(`/cases/${cases.published}`, window as Window, 'coordinator');
      const { page } = opened;
      await wholeCase(page);
      expect(await headings(page)).toEqual([
        'See it yourself',
        'Evidence',
        'Validation',
        'Stack trace',
        'Score',
        'Patches',
        'Affected operators',
        'Timeline',
        'Messages',
        'Embargo',
        'Participants',
      ]);
      expect(await sideways(page)).toBe(0);
      expect(await tooFaint(page)).toEqual([]);
      expect(opened.objections).toEqual([]);
    });
  }

  test('the case says what was found, in words', async () => {
    await using opened = await open(`/cases/${cases.published}`, desk, 'coordinator');
    const { page } = opened;
    await wholeCase(page);
    const text = await words(page.getByRole('main'));
    for (const told of [
      'Joined by itself: the same crash signature',
      '5 of 5',
      '95 % interval 57 % to 100 %',
      'denied, and proven so inside every run',
      'Missing; assumed yes',
      '14 days',
      '2 of 3 proofs still fire with the patch.',
      'waiting for the next signed batch',
      'Erased. That it was written stays in the log.',
    ]) {
      expect(text).toContain(told);
    }
    const step = page.getByRole('list', { name: 'How far the case has come' });
    expect(await words(step.locator('[aria-current=step]'))).toBe('Published');
  });

  test('each figure of the operators shows the rows it is made of', async () => {
    await using opened = await open(`/cases/${cases.published}`, desk, 'coordinator');
    const { page } = opened;
    const rows = page.getByRole('table', { name: 'Affected operators' }).locator('tbody tr');
    await page.getByRole('button', { name: /reported done/ }).click();
    expect(await rows.count()).toBe(2);
    await page.getByRole('button', { name: /5\s*affected/ }).click();
    expect(await rows.count()).toBe(5);
  });

  test('who may not see the operators sees no trace of them', async () => {
    await using opened = await open(`/cases/${cases.published}`, desk, 'finder');
    const { page } = opened;
    await wholeCase(page);
    expect(await page.getByText('operators', { exact: false }).count()).toBe(0);
  });

  test('who sees only a part is told so, and is never told that the rest does not exist', async () => {
    await using opened = await open(`/cases/${cases.ownPart}`, phone, 'finder');
    const { page } = opened;
    await page.getByText('You see your own part of this case').waitFor();
    await page.getByText('log entry 1041', { exact: true }).waitFor();
    const shown = await headings(page);
    expect(shown).toContain('Evidence');
    expect(shown).not.toContain('Score');
    expect(shown).not.toContain('Messages');
    expect(await page.getByLabel('Write to the case room').count()).toBe(0);
    expect(await sideways(page)).toBe(0);
  });

  test('text from outside is shown and never interpreted', async () => {
    await using opened = await open(`/cases/${cases.embargoed}`, desk, 'coordinator');
    const { page } = opened;
    const title = page.getByRole('heading', { level: 1 });
    await title.waitFor();
    expect(await words(title)).toContain(hostileTitle);
    expect(await page.locator('h1 img').count()).toBe(0);
    expect(await page.title()).toBe(`${hostileTitle} · Breakwater`);
    expect(await page.getByText(/days \d hours left/).count()).toBe(1);
    expect(await page.getByText('America/Chicago, UTC−06:00').count()).toBe(1);
  });

  test('a log proof is checked in the browser, and a flipped byte is seen', async () => {
    await using opened = await open(`/cases/${cases.published}`, desk, 'coordinator');
    const { page } = opened;
    await page.getByRole('button', { name: 'Check the proof of log entry 1037' }).click();
    await page.getByText('The proof holds').waitFor();
    expect(await page.getByText('This script came from the same server').count()).toBe(1);
    expect(await page.getByText(fixture.checkerSha256).count()).toBe(1);
    await page.getByRole('button', { name: 'Check the proof of log entry 1038' }).click();
    await page.getByText('Then as now: 1043 entries with the same root.').waitFor();
    await page.getByRole('button', { name: 'Close the proof of log entry 1038' }).click();
    await page.getByRole('button', { name: 'Close the proof of log entry 1037' }).click();
    fixture.flipDisclosures = true;
    await page.getByRole('button', { name: 'Check the proof of log entry 1037' }).click();
    await page.getByText('The proof does not hold').waitFor();
    fixture.flipDisclosures = false;
    const failed = page.getByRole('listitem').filter({ hasText: 'Fails' });
    expect(await words(failed)).toContain('The entry is in the log the checkpoint signs');
    expect(opened.objections).toEqual([]);
  });

  test('everything that acts is reached by keyboard, and the focus is seen', async () => {
    await using opened = await open(`/cases/${cases.published}`, desk, 'coordinator');
    const { page } = opened;
    await wholeCase(page);
    const actors = await page
      .locator('a[href]:visible, button:visible:enabled, summary:visible, textarea:visible')
      .count();
    const seen = new Set<string>();
    for (let press = 0; press < actors; press += 1) {
      await page.keyboard.press('Tab');
      seen.add(await focused(page));
    }
    expect([...seen].filter((place) => place.includes('no outline'))).toEqual([]);
    expect(seen.size).toBe(actors);
  });

  test('the checker works from a file, without any request', async () => {
    await using opened = await openWindow(browser, desk);
    const { page } = opened;
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`file://${fixture.directory}/checker.html`);
    const disclosure = await fixture.log.disclose(0);
    await page.getByLabel('Disclosure', { exact: true }).fill(disclosure);
    await page.getByLabel('Verification key of the log').fill(fixture.log.vkey);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('The proof holds').waitFor();
    await page
      .getByLabel('Disclosure', { exact: true })
      .fill(disclosure.replace('08:12:40', '08:12:41'));
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('The proof does not hold').waitFor();
    expect(requests).toEqual([`file://${fixture.directory}/checker.html`]);
  });
});

interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly objections: string[];
}

/** Waits until the last part of the case has its data. */
async function wholeCase(page: Page): Promise<void> {
  await page.getByText('Download the diff').first().waitFor();
  await page.getByText('The check belongs before').waitFor();
  await page.getByText('log entry 1041', { exact: true }).waitFor();
  await page.getByText('cJSON maintainers').last().waitFor();
  await expect.poll(() => page.getByText(/^Loading/).count()).toBe(0);
}

/** The text of an element as it is seen. */
async function words(place: Locator): Promise<string> {
  return (await place.allInnerTexts()).join('\n');
}

function headings(page: Page): Promise<string[]> {
  return page.getByRole('heading', { level: 2 }).allInnerTexts();
}

/** By how many pixels the page can be moved sideways. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null) return 'nothing';
    const all = [...document.querySelectorAll('*')];
    const outline = getComputedStyle(element).outlineStyle === 'none' ? ' no outline' : '';
    return `${all.indexOf(element)} ${element.tagName}${outline}`;
  });
}

/** Texts whose contrast with what is behind them is below 4.5:1 (WCAG 2.2, 1.4.3). */
function tooFaint(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const paint = (colors: string[]): number[] => {
      if (canvas === null) return [0, 0, 0];
      for (const color of colors) {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
      }
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb: number[]): number => {
      const [r = 0, g = 0, b = 0] = rgb.map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element: Element): string[] => {
      const colors: string[] = [];
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        colors.unshift(getComputedStyle(at).backgroundColor);
      }
      return ['#fff', ...colors];
    };
    const faint: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent?.trim() ?? '';
      if (element === null || text === '' || !element.checkVisibility()) continue;
      if (element.closest(':disabled, .unseen') !== null) continue;
      const ground = behind(element);
      const back = luminance(paint(ground));
      const style = getComputedStyle(element);
      const color = element instanceof SVGElement ? style.fill : style.color;
      const front = luminance(paint([...ground, color]));
      const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
    }
    return faint;
  });
}
