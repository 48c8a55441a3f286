import { designate, earlyAccess, partners, protections, runs, suites } from '@breakwater/contract';
import { type Id, parseId } from '@breakwater/kernel';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signed } from '../../apps/server/test/designating.ts';
import type { TestServer } from '../../apps/server/test/harness.ts';
import { kindWords } from '../../apps/web/src/slices/engage/words.ts';
import { axe } from './axe.ts';
import { noBrowser } from './chromium.ts';
import { still, words } from './deconflict-steps.ts';
import {
  actsOf,
  actsOfFile,
  actsOfPartners,
  buildGoChecker,
  noGo,
  story,
} from './framework-log.ts';
import { type OwnSuite, sealOwnSuite } from './framework-run.ts';
import {
  acceptTermsThrough,
  applyThrough,
  bigAct,
  go,
  inDialog,
  lastOf,
  turnKeyThrough,
} from './framework-steps.ts';
import { comeToTerms, type FrameworkWorld, startFramework } from './framework-world.ts';

/** The whole story takes its time; what is in none of the shorter tests is told always. */
const whole = process.env['BREAKWATER_LONG'] === '1' ? test : test.skip;
const phone = { width: 390, scheme: 'dark' } as const;
/** Sessions live on while the log is signed. */
const minuteMs = 60_000;

describe.skipIf(noBrowser !== null)(`the voluntary framework${noBrowser ?? ''}`, () => {
  let world: FrameworkWorld;
  let engagement: Id<'engagement'>;
  let window: Id<'window'>;
  let suite: OwnSuite;
  let run: Id<'run'>;
  let file: Id<'file'>;

  beforeAll(async () => {
    world = await startFramework();
  }, 300_000);
  afterAll(async () => {
    await suite?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  whole('a developer opens an engagement, and both sides sign terms', async () => {
    const { developer, liaison } = world;
    await go(developer.page, '/engagements/new');
    await developer.page.getByLabel('Codename').fill('Kingfisher');
    await developer.page.getByRole('button', { name: 'Open it', exact: true }).click();
    await developer.page.getByRole('heading', { level: 1, name: 'Kingfisher' }).waitFor();
    engagement = idIn('engagement', developer.page);
    await inDialog(developer.page, 'State dates', async (dialog) => {
      await dialog.getByLabel('To other trusted partners').fill(inTwoWeeks());
      return 'State them';
    });
    await comeToTerms(world, engagement, 'use');
    await inDialog(developer.page, 'Propose: Use', async (dialog) => {
      await dialog
        .getByLabel('The text')
        .fill('To find and mend weaknesses, and for nothing else.');
      return 'Propose it';
    });
    await go(liaison.page, `/engagements/${engagement}`);
    for (const { page } of [liaison, developer]) {
      await page.getByRole('link', { name: 'version 1 of Use' }).click();
      await inDialog(page, 'Sign this version', async (dialog) => {
        await dialog.getByLabel('Your name').fill('A Person');
        await dialog.getByLabel('Your title').fill('Counsel');
        return 'Sign it';
      });
    }
    await go(developer.page, `/engagements/${engagement}`);
    await developer.page.getByRole('link', { name: 'version 1 of Use' }).waitFor();
    const agreed = developer.page.getByRole('table', { name: 'Terms' });
    expect((await words(agreed)).match(/version 1 of/g)).toHaveLength(6);
  });

  whole(
    'a suite, a rule, a run of the scripted model, and what two reviewers say of it',
    async () => {
      const { liaison, evaluator, server } = world;
      suite = await sealOwnSuite(evaluator.party);
      await go(liaison.page, '/rules');
      await inDialog(liaison.page, 'Register a rule', async (dialog) => {
        await dialog.getByLabel('The suite').fill(suite.commitment);
        await dialog.getByLabel('Threshold').fill('50');
        await dialog.getByLabel('Repetitions of each task').fill('2');
        return 'Register it';
      });
      await signed(server, minuteMs);
      run = await suite.run(server);
      const reviewer = await server.party('evaluator', 'Second Reader');
      const rights = ['know', 'items', 'results'] as const;
      for (const right of rights) {
        const body = { party: reviewer.id, right };
        await evaluator.party.client.call(suites.allow, { params: { suite: suite.id }, body });
      }
      const { items } = await reviewer.client.call(runs.samples, { params: { run } });
      for (const { id } of items) {
        await reviewer.client.call(runs.review, {
          params: { sample: id },
          body: { verdict: 'valid' },
        });
      }
    },
  );

  whole(
    'the file: what was measured, three consultations, and what the official enters',
    async () => {
      const { server, liaison, evaluator, official, developer } = world;
      await go(liaison.page, '/files');
      await inDialog(liaison.page, 'Open a file', async (dialog) => {
        await dialog.getByLabel('On which engagement?').selectOption({ index: 1 });
        await dialog.getByLabel('By which rule?').selectOption({ index: 1 });
        return 'Open it';
      });
      await liaison.page.getByText('No run is attached.').waitFor();
      file = idIn('file', liaison.page);
      const params = { file };
      const seers = [evaluator.party.id];
      await liaison.party.client.call(designate.alterSeers, { params, body: { seers } });
      await go(evaluator.page, `/files/${file}`);
      await inDialog(evaluator.page, 'Attach a run', async (dialog) => {
        await dialog.getByLabel('The run').fill(run);
        return 'Attach it';
      });
      await evaluator.page.getByRole('button', { name: 'Evaluate it', exact: true }).click();
      await evaluator.page.getByRole('button', { name: 'Evaluate it again' }).waitFor();
      await liaison.page.reload();
      const record = liaison.page.getByRole('button', { name: /^Record: / });
      for (const left of [2, 1, 0]) {
        await inDialog(liaison.page, /^Record: /, async (dialog) => {
          await dialog.getByLabel('Date').fill(today(server));
          await dialog.getByLabel('Reference').fill(`WH-2026-${left + 1}`);
          return 'Record it';
        });
        await expect.poll(() => record.count()).toBe(left);
      }
      await go(official.page, `/files/${file}`);
      expect(await axe(official.page)).toEqual([]);
      await inDialog(official.page, 'Enter the determination', async (dialog) => {
        await dialog.getByRole('radio', { name: /^Covered/ }).check();
        await dialog.getByLabel('Date').fill(today(server));
        await dialog.getByLabel('Reference').fill('NSA-2026-0117');
        return 'Enter it';
      });
      await official.page.getByText('NSA-2026-0117').waitFor();
      await go(developer.page, `/engagements/${engagement}`);
      await developer.page.getByText('NSA-2026-0117').waitFor();
    },
  );

  whole(
    'the Government plans, the developer opens the window, one person comes in and asks',
    async () => {
      const { developer, liaison } = world;
      await go(liaison.page, `/engagements/${engagement}`);
      await inDialog(liaison.page, 'State a plan', async (dialog) => {
        await dialog
          .getByLabel('What is it for?')
          .fill('To learn what the model finds in our code.');
        await dialog.getByLabel('Who will have access?').fill('Lee Park.');
        await dialog.getByLabel('What comes out?').fill('Findings.');
        await dialog.getByLabel('What becomes of copies afterwards?').fill('They are destroyed.');
        await dialog.getByLabel('How many persons').fill('1');
        await dialog.getByLabel('Within how many days').fill('7');
        return 'State it';
      });
      await go(developer.page, `/engagements/${engagement}`);
      await inDialog(developer.page, 'Open a window', async () => 'Open it');
      const { items } = await developer.party.client.call(earlyAccess.windows, { query: {} });
      window = items[0]?.id ?? fail();
      await go(liaison.page, `/windows/${window}`);
      await inDialog(liaison.page, 'Add a person', async (dialog) => {
        await dialog.getByLabel('Who?').selectOption({ label: 'Lee Park' });
        return 'Add them';
      });
      await go(liaison.page, '/access');
      await liaison.page.getByRole('link', { name: 'You', exact: true }).click();
      await liaison.page.getByRole('heading', { name: 'Not active' }).waitFor();
      for (const protection of protections) {
        const name = `Accept: ${kindWords[protection][0]}`;
        await liaison.page.getByRole('button', { name, exact: true }).click();
        await liaison.page
          .getByRole('button', { name, exact: true })
          .waitFor({ state: 'detached' });
      }
      await liaison.page.getByRole('heading', { name: 'Active now' }).waitFor();
      await inDialog(liaison.page, 'State a purpose and begin', async (dialog) => {
        await dialog.getByLabel('What do you use the model for?').fill('To look through a parser.');
        return 'Begin the session';
      });
      await liaison.page.getByText('To look through a parser.').waitFor();
    },
  );

  whole(
    'the developer releases in one act: the window ends, and what was taken is destroyed',
    async () => {
      const { developer, liaison } = world;
      await go(developer.page, `/engagements/${engagement}`);
      await bigAct(developer.page, 'Release now');
      await developer.page.getByText('You stated it; nobody was asked.').waitFor();
      await liaison.page.reload();
      await liaison.page.getByRole('heading', { name: 'Not active' }).waitFor();
      await liaison.page.getByText('the model is released').waitFor();
      await inDialog(liaison.page, 'Attest', async (dialog) => {
        await dialog.getByRole('radio', { name: /^Destroyed/ }).check();
        await dialog
          .getByLabel('In your words')
          .fill('Two transcripts, with the disk they were on.');
        return 'Attest it';
      });
      await liaison.page.getByText('Two transcripts, with the disk they were on.').waitFor();
    },
  );

  test('two partners: a hospital on a phone without an account, and a port with one', async () => {
    const { developer, liaison, operator } = world;
    await go(liaison.page, '/applications?show=criteria');
    await liaison.page.getByRole('button', { name: 'Publish criteria' }).click();
    await liaison.page.getByLabel('Why').fill('We begin with these.');
    await liaison.page.getByRole('button', { name: 'Publish', exact: true }).click();
    await liaison.page.getByText('Version 1, published').waitFor();
    await go(developer.page, '/applications?show=tiers');
    await inDialog(developer.page, 'Offer a tier', async (dialog) => {
      await dialog.getByLabel('Public name').fill('Harbor');
      await dialog.getByLabel('What it is').fill('Looks through what you run.');
      await dialog.getByLabel('Terms').fill('What it finds is for defense alone.');
      await dialog.getByLabel('Access from').fill('2026-01-05T09:00');
      return 'Offer it';
    });
    const own = await world.stranger(phone);
    await own.goto(new URL('/partners', operator.page.url()).href);
    await own.getByRole('link', { name: 'Apply for this' }).click();
    const link = await applyThrough(own, hospital);
    await go(operator.page, '/partners');
    await operator.page.getByRole('link', { name: 'Apply for this' }).click();
    await applyThrough(operator.page, port);
    for (const { organization } of [hospital, port]) {
      for (const { page } of [liaison, developer]) await turnKeyThrough(page, organization);
    }
    await own.goto(link);
    await acceptTermsThrough(own);
    await go(operator.page, '/applications?which=all');
    await operator.page.getByRole('link', { name: port.organization }).click();
    await acceptTermsThrough(operator.page);
    const { items } = await developer.party.client.call(partners.partnerships, { query: {} });
    expect(items.map(({ grant }) => grant)).toEqual([
      { active: true, missing: [] },
      { active: true, missing: [] },
    ]);
    await still(own, own.url());
    for (const path of ['/partners', '/partners/apply?step=contact']) {
      await still(own, new URL(path, own.url()).href);
    }
    for (const show of ['', '?show=partnerships', '?show=tiers']) {
      await still(developer.page, new URL(`/applications${show}`, own.url()).href);
    }
  });

  const checked = noGo === null ? whole : test.skip;
  checked('every step holds in the log, by code that is not ours', async () => {
    const { server, developer, liaison } = world;
    await signed(server, minuteMs);
    await using checker = await buildGoChecker();
    const told = [
      ...(await actsOf(developer.party, { engagement, window })),
      ...(await actsOfFile(liaison.party, file)),
      await world.evaluator.party.client.call(suites.sealProof, { params: { suite: suite.id } }),
      ...(await actsOfPartners(server)),
    ];
    for (const disclosure of told) {
      expect([disclosure.content['act'], checker.check(server, disclosure)]).toEqual([
        disclosure.content['act'],
        'holds',
      ]);
    }
    const acts = new Set(told.map(({ content }) => content['act']));
    for (const act of story) expect(acts, act).toContain(act);
    const [first, second] = told;
    const swapped = { ...(first ?? fail()), salt: (second ?? fail()).salt };
    expect(checker.check(server, swapped)).toMatch(/^does not hold/);
  });

  test('nothing broke on the way', () => {
    expect(world.objections).toEqual([]);
    expect(world.server.errors).toEqual([]);
  });
});

const hospital = {
  organization: 'Clearwater County Hospital',
  sector: 'Hospitals and other health care',
  wants: /^Results/,
};
const port = {
  organization: 'Port of Alder',
  sector: 'Transportation',
  wants: /^The model itself/,
};

function idIn<K extends 'engagement' | 'file'>(kind: K, page: Page): Id<K> {
  const id = parseId(kind, lastOf(page));
  if (id === null) throw new Error(`expected the page of one ${kind}, got ${page.url()}`);
  return id;
}

/** In the form of a field, and never twice or not at all on a clock. */
function inTwoWeeks(): string {
  return `${new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10)}T12:00`;
}

function fail(): never {
  throw new Error('expected it to be there');
}

/** A day of the calendar on the server's clock. */
function today({ clock }: TestServer): string {
  return clock.now().slice(0, 10);
}
