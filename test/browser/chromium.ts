import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
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

export interface Browser extends AsyncDisposable {
  readonly context: BrowserContext;
}

/** A browser of its own profile that calls nobody but the page under test. */
export async function openBrowser({ width, scheme }: Window): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'breakwater-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    chromiumSandbox: false,
    colorScheme: scheme,
    viewport: { width, height: width < 600 ? 844 : 900 },
    timezoneId: 'America/Chicago',
    locale: 'en-US',
    reducedMotion: 'reduce',
    acceptDownloads: true,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  context.setDefaultTimeout(10_000);
  return {
    context,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
