import { existsSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Why browser tests cannot run here; null where they can. */
export const noBrowser: string | null = existsSync(executablePath)
  ? null
  : `needs Debian's chromium at ${executablePath}: apt-get install chromium`;

export interface Window {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** A browser with a profile of its own, shared by the windows of one test file. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Opened extends AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
}

/**
 * A window of its own: no cookie, storage or cache is shared with another. `objections` gets what
 * goes wrong on its pages: uncaught errors, errors on the console, what the CSP refuses.
 */
export async function openWindow(
  browser: Browser,
  { width, scheme }: Window,
  objections: string[] = [],
): Promise<Opened> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: width < 600 ? 844 : 900 },
    timezoneId: 'America/Chicago',
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => objections.push(error.message));
  page.on('console', (message) => {
    // An answer that refuses is what many of these tests are about.
    const refused = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !refused) objections.push(message.text());
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
  return { context, page, [Symbol.asyncDispose]: () => context.close() };
}
