import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { words } from './deconflict-steps.ts';

/** In the form of an access key, and of nobody. */
export const lookedLikeSecret = `AKIA${'Q3EGRIZXH5VMTLWO'}`;

/** Names an endpoint of Bluefin at `address`. */
export async function fillEndpoint(dialog: Locator, address: string): Promise<string> {
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

/** States what a grant in `scope` takes at most. */
export async function fillLimits(dialog: Locator, scope: string): Promise<string> {
  const atMost = (span: string) => dialog.getByRole('group', { name: `At most ${span}` });
  await dialog.getByLabel('Of which window or tier').selectOption(scope);
  await dialog.getByLabel('What clients say for the model').fill('bluefin');
  await atMost('a minute').getByLabel('Requests').fill('60');
  await atMost('a day of UTC').getByLabel('Requests').fill('1,000');
  await atMost('a day of UTC').getByLabel('Output tokens').fill('50000');
  await atMost('in all').getByLabel('Money, in USD').fill('25');
  return 'State it';
}

/** States a template in `scope` that reads a repository and nothing beside it. */
export async function fillScan(dialog: Locator, scope: string): Promise<void> {
  await dialog.getByLabel('For which window or tier').selectOption(scope);
  await dialog.getByLabel('Name').fill('Scan a repository');
  await dialog.getByLabel('What it is for').fill('Finds what an attacker would look for first.');
  await dialog.getByLabel('Instructions').fill('Name each place where memory is used after free.');
  await dialog.getByLabel('Read the files of a repository').check();
  await dialog.getByRole('button', { name: 'One field less' }).click();
  await dialog.getByLabel('Files to read').fill('.c Makefile');
  await dialog.getByLabel('Characters of one call at most').fill('1000');
  await dialog.getByLabel('Calls at most').fill('4');
  await dialog.getByLabel('Tokens of each result at most').fill('64');
}

interface Wish {
  readonly name: string;
  readonly share: string;
  /** Of what it is bound to; null: to nothing. */
  readonly thumbprint: string | null;
}

/** Issues a key, and takes what is shown this once. */
export async function issueThrough(page: Page, { name, share, thumbprint }: Wish): Promise<string> {
  await page.getByRole('button', { name: 'Issue a key for bluefin' }).click();
  const dialog = page.getByRole('dialog');
  const issue = dialog.getByRole('button', { name: 'Issue the key' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel(share).check();
  if (thumbprint !== null) {
    await dialog.getByLabel('A key pair').check();
    await dialog.getByLabel('Thumbprint').fill('not-one');
    await dialog.getByText('Give the thumbprint first.').waitFor();
    await dialog.getByLabel('Thumbprint').fill(thumbprint);
  }
  await issue.click();
  await dialog.getByText('It is shown this once.').waitFor();
  const secret = await words(dialog.locator('.command code'));
  expect(secret).toMatch(/^bwg_/);
  await dialog.getByRole('button', { name: 'I have it' }).click();
  return secret;
}

/** Every tab of a developer's page that is looked at. */
export const tabs = {
  traffic: '/gateway',
  requests: '/gateway?show=requests',
  incidents: '/gateway?show=incidents',
  cut: '/gateway?show=cut',
  limits: '/gateway?show=limits',
  jobs: '/gateway?show=jobs',
  endpoints: '/gateway?show=endpoints',
} as const;

/** Presses the big act, says why, and presses it once more. */
export async function bigActWith(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Cut off now' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why').fill(reason);
  await dialog.getByRole('button', { name: 'Cut off now' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** What is said in a dialog against an act that somebody else did first. */
export async function tooLate(page: Page, does: string, code: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: does, exact: true }).click();
  await dialog.getByRole('alert').getByText(code, { exact: true }).waitFor();
}
