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

/** A window of its own: no cookie, storage or cache is shared with another. */
export async function openWindow(browser: Browser, { width, scheme }: Window): Promise<Opened> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: width < 600 ? 844 : 900 },
    timezoneId: 'America/Chicago',
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  return { context, page, [Symbol.asyncDispose]: () => context.close() };
}
