import { protections, terms } from '@breakwater/contract';
import { type Id, parseInstant } from '@breakwater/kernel';
import { ensureWebBuilt } from '@breakwater/web';
import type { Browser, Page } from 'playwright-core';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';
import { openWindow, startChromium, type Window } from './chromium.ts';
import { patience } from './deconflict-steps.ts';

const desk = { width: 1280, scheme: 'light' } as const;

/** A person at a browser of its own, and its party's key for what no screen is for. */
export interface Person {
  readonly party: TestParty;
  readonly page: Page;
}

export interface FrameworkWorld extends AsyncDisposable {
  readonly server: TestServer;
  /** What went wrong on any page. */
  readonly objections: string[];
  readonly developer: Person;
  readonly liaison: Person;
  readonly official: Person;
  readonly evaluator: Person;
  readonly operator: Person;
  /** A browser that nobody signed in to. */
  stranger(window: Window): Promise<Page>;
}

/** The real server at the present hour, and each person in a browser of its own. */
export async function startFramework(): Promise<FrameworkWorld> {
  const [{ directory: webDirectory }, browser] = await Promise.all([
    ensureWebBuilt(),
    startChromium(),
  ]);
  const at = parseInstant(new Date().toISOString());
  const server = await startTestServer({
    webDirectory,
    // As often as minutes are let pass, so that sessions live while the log is signed.
    settings: { BREAKWATER_LOG_CADENCE_SECONDS: '60' },
    ...(at === null ? {} : { at }),
  });
  const objections: string[] = [];
  const person = personIn({ server, browser, objections });
  return {
    server,
    objections,
    developer: await person('developer', 'Meridian Models', 'Dana Wu'),
    liaison: await person('liaison', 'Framework Office', 'Lee Park'),
    official: await person('official', 'Office of the Director', 'Omar Reed'),
    evaluator: await person('evaluator', 'Harbor Evaluations', 'Eve Stone'),
    operator: await person('operator', 'Port of Alder', 'Pat Lind'),
    async stranger(window) {
      const { page } = await openWindow(browser, window, objections);
      page.setDefaultTimeout(patience.timeout);
      return page;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

interface Around {
  readonly server: TestServer;
  readonly browser: Browser;
  readonly objections: string[];
}

function personIn({ server, browser, objections }: Around) {
  return async (role: string, partyName: string, name: string): Promise<Person> => {
    const party = await server.party(role, partyName);
    const { cookie } = await server.signIn(party, name);
    const { context, page } = await openWindow(browser, desk, objections);
    const [key = '', value = ''] = cookie.split(/=(.*)/s);
    await context.addCookies([{ name: key, value, url: server.address }]);
    page.setDefaultTimeout(patience.timeout);
    await page.goto(`${server.address}/account`);
    return { party, page };
  };
}

/** Terms of every protection but `but`, proposed by one side and signed by both. */
export async function comeToTerms(
  { developer, liaison }: Pick<FrameworkWorld, 'developer' | 'liaison'>,
  engagement: Id<'engagement'>,
  but: string,
): Promise<void> {
  for (const kind of protections.filter((each) => each !== but)) {
    const { terms: version, digest } = await liaison.party.client.call(terms.propose, {
      params: { engagement },
      body: { kind, text: `For defense alone, as ${kind} asks.` },
    });
    const params = { engagement, terms: version };
    for (const { party } of [developer, liaison]) {
      const body = { name: 'A Person', title: 'Counsel', digest };
      await party.client.call(terms.sign, { params, body });
    }
  }
}
