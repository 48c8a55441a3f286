import { setTimeout as pause } from 'node:timers/promises';
import type { Stage } from '@breakwater/contract';
import { collect, coordinate, directory, validate, verify } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseInstant, toBase64, utf8 } from '@breakwater/kernel';
import { ensureWebBuilt } from '@breakwater/web';
import type { Page } from 'playwright-core';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';

/** The real server with the real pages, and parties who know nothing of each other. */
export interface LivingWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly coordinator: TestParty;
  readonly finder: TestParty;
  readonly otherFinder: TestParty;
  readonly owner: TestParty;
  readonly operator: TestParty;
  /** Makes a one-time link that lets a new person into a party. */
  link(party: Pick<TestParty, 'id'>): Promise<string>;
}

/** Starts it at the present hour, empty but for the parties and one recipe. */
export async function startLivingWorld(
  settings: Readonly<Record<string, string>> = {},
): Promise<LivingWorld> {
  const { directory: webDirectory } = await ensureWebBuilt();
  const at = parseInstant(new Date().toISOString());
  const server = await startTestServer({ webDirectory, settings, ...(at === null ? {} : { at }) });
  const coordinator = await server.party('coordinator', 'Harbor Coordination Center');
  const [finder, otherFinder, owner, operator] = await Promise.all([
    server.party('finder', 'Tidewater Labs'),
    server.party('finder', 'M. Okafor'),
    server.party('owner', 'cJSON maintainers'),
    server.party('operator', 'Port of Alder'),
  ]);
  await coordinator.client.call(validate.addRecipe, {
    body: {
      name: 'cjson',
      files: { 'recipe.json': toBase64(utf8(JSON.stringify({ package: targetPackage }))) },
    },
  });
  return {
    server,
    coordinator,
    finder,
    otherFinder,
    owner,
    operator,
    async link({ id }) {
      const made = await server.administrator.call(directory.makeLink, { body: { party: id } });
      return made.link;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export const targetPackage = 'pkg:deb/debian/cjson';

interface Handed {
  readonly title: string;
  /** Where in the source: another place is another root cause. */
  readonly at: string;
  readonly proof?: boolean;
}

/** Hands in a finding and waits until its proof has run, if it brings one. */
export async function handIn(
  { coordinator }: Pick<LivingWorld, 'coordinator'>,
  finder: TestParty,
  { title, at, proof = false }: Handed,
): Promise<Id<'case'>> {
  const submitted = await finder.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: targetPackage,
      version: '1.7.15-1',
      title,
      marking: 'AMBER+STRICT',
      description: 'Told at length, and quoted.',
      identifiers: [],
      location: { path: at, function: `parse_${at.replace(/\W/g, '_')}`, line: 42 },
      weakness: 'CWE-125',
      ...(proof ? { recipe: 'cjson', proof: toBase64(utf8('proof')) } : {}),
    },
  });
  const id = submitted.case;
  if (id === null) throw new Error('expected the finding to open a case');
  if (proof) {
    await reached(coordinator, id, 'reproduced');
  }
  return id;
}

/** Brings the owner in and lets its patch be verified. */
export async function patched(world: LivingWorld, id: Id<'case'>): Promise<void> {
  const params = { case: id };
  await world.coordinator.client.call(coordinate.inviteOwner, {
    params,
    body: { party: world.owner.id },
  });
  const diff = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
  await world.owner.client.call(verify.propose, {
    params,
    body: { title: 'Check the length first', diff: toBase64(utf8(diff)) },
  });
  await reached(world.coordinator, id, 'patch-verified');
}

/** Asks until the case has come to `stage`: its proof runs beside, and in its own time. */
async function reached(coordinator: TestParty, id: Id<'case'>, stage: Stage): Promise<void> {
  const until = Date.now() + 15_000;
  for (;;) {
    const shown = await coordinator.client.call(coordinate.get, { params: { case: id } });
    if (shown.stage === stage) return;
    if (Date.now() > until) throw new Error(`expected the case at ${stage}, got ${shown.stage}`);
    await pause(50);
  }
}

/** Opens a one-time link to join, gives a name and presses the button, as a person does. */
export async function joinBy(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Join and sign in' }).click();
  // A whole new page: what is clicked before it has come would be lost.
  await page.waitForURL(({ pathname }) => pathname === '/');
  await page.getByRole('button', { name: new RegExp(`^${name}`) }).waitFor();
}
