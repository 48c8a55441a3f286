import type { Locator, Page } from 'playwright-core';

/** What a person does in the dialog that a button opens: fills it in and sends it. */
export async function inDialog(
  page: Page,
  button: string | RegExp,
  fill: (dialog: Locator) => Promise<string>,
): Promise<void> {
  await page.getByRole('button', { name: button }).first().click();
  const dialog = page.getByRole('dialog');
  const send = await fill(dialog);
  await dialog.getByRole('button', { name: send, exact: true }).click();
  await Promise.race([
    dialog.waitFor({ state: 'detached' }),
    refused(dialog).then((text) => Promise.reject(new Error(`${send}: ${text}`))),
  ]);
}

/** What is said against what was sent; never, where it went well. */
async function refused(dialog: Locator): Promise<string> {
  const note = dialog.locator('.note.tone-fired');
  const seen = await note.waitFor().then(
    () => true,
    () => false,
  );
  return seen ? ((await note.textContent()) ?? '') : new Promise(() => {});
}

/** Presses one of the two acts that are always there, and says it once more. */
export async function bigAct(page: Page, act: string): Promise<void> {
  await page.getByRole('button', { name: act, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: act, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Opens an address of the same server. */
export async function go(page: Page, address: string): Promise<void> {
  await page.goto(new URL(address, page.url()).href);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** The id in an address, such as that of a page one came to. */
export function lastOf(page: Page): string {
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

interface Applying {
  readonly organization: string;
  readonly sector: string;
  readonly wants: RegExp;
}

/** Fills the whole application in, one question after the other, and sends it. */
export async function applyThrough(page: Page, { organization, sector, wants }: Applying) {
  const next = (name = 'Next') => page.getByRole('button', { name, exact: true }).click();
  const at = (heading: string) => page.getByRole('heading', { level: 2, name: heading }).waitFor();
  await at('What would you like to get?');
  await page.getByRole('radio', { name: wants }).check();
  await next();
  await at('Who are you?');
  await page.getByLabel('Name of your organization').fill(organization);
  await page.getByLabel('What you do').selectOption({ label: sector });
  await next();
  await at('How large, and where?');
  await page.getByRole('radio', { name: '50 to 249' }).check();
  await page.getByLabel('State or territory').selectOption({ label: 'Idaho' });
  await next();
  await at('What will you use it for?');
  await page.getByLabel('In your own words').fill('Find what is open before somebody else does.');
  await next();
  await at('Who do we call when something is wrong?');
  await page.getByLabel('Name', { exact: true }).fill('Ruth Ames');
  await page.getByLabel('Telephone').fill('208-555-0142');
  await next();
  // Each criterion by itself; the first is answered, the others left for later.
  await page.getByLabel('How is that with you?').fill('The only hospital for 60 miles.');
  await next();
  const help = page.getByRole('heading', { level: 2, name: 'Does somebody help you?' });
  for (let left = 20; left > 0 && !(await help.isVisible()); left--) {
    const before = await page.getByText(/^\d+ of \d+$/).textContent();
    await next('Skip this');
    await page.getByText(before ?? '', { exact: true }).waitFor({ state: 'detached' });
  }
  await page.getByRole('radio', { name: 'No' }).check();
  await next();
  await at('Where do we send your link?');
  await next('Skip this');
  await at('Look at it once more');
  await next('Send');
  await page.getByRole('heading', { level: 1, name: 'It is sent' }).waitFor();
  const link = await page.locator('.command code').textContent();
  return link ?? '';
}

/** States no interest, finds every criterion met, and turns the key of one's side. */
export async function turnKeyThrough(page: Page, organization: string): Promise<void> {
  await go(page, '/applications');
  await page.getByRole('link', { name: organization }).click();
  await page.getByRole('heading', { level: 1, name: organization }).waitFor();
  await page.getByRole('radio', { name: 'No', exact: true }).check();
  await page.getByRole('button', { name: 'State it', exact: true }).click();
  const met = page.getByRole('radio', { name: 'Met', exact: true });
  await met.first().waitFor();
  for (let at = 0; at < (await met.count()); at++) await met.nth(at).check();
  await page.getByLabel('In sum').fill('It meets all of them.');
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.getByText('It meets all of them.').first().waitFor();
}

/** Reads the terms of a partnership and accepts them, by which access holds. */
export async function acceptTermsThrough(page: Page): Promise<void> {
  await page.getByText('Access does not hold yet').waitFor();
  await page.getByRole('checkbox', { name: /^I read them/ }).check();
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.getByText('Access holds', { exact: true }).waitFor();
}
