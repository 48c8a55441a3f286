import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  collect,
  coordinate,
  correlate,
  distribute,
  ProblemError,
  record,
  validate,
  verify,
} from '@breakwater/contract';
import { addMilliseconds, type Id, toBase64, utf8 } from '@breakwater/kernel';
import { formatVerifierKey } from '@breakwater/log';
import { expect, test } from 'vitest';
import { logVerifierKeys } from '../../apps/server/src/platform/journal/log-keys.ts';
import { MailNotSent } from '../../apps/server/src/platform/mail/mail.ts';
import type { JobHandler } from '../../apps/server/src/platform/queue/queue.ts';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';
import { hurry, idle, until } from '../../apps/server/test/world.ts';
import { randomFrom } from '../../demo/driver/killer.ts';
import { auditHistory, auditJournal } from './audit-log.ts';

// Jobs come twice, late, in another order and die; the clock jumps both ways; the sandbox and whoever
// takes the mail fail for a while. All of it by seed: the same seed asks for the same disorder.

const long = process.env['BREAKWATER_LONG'] === '1';
const seeds = long ? 100 : 1;
const acts = long ? 60 : 25;
/** The suite is run once for each engine: each has a disorder of its own. */
const turn = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres' ? seeds : 0;
const first = Number(process.env['BREAKWATER_SEED'] ?? '1') + turn;

test.each(Array.from({ length: seeds }, (_, n) => first + n))(
  'seed %i: whatever the disorder, nothing is lost, nothing is there twice, and the log holds',
  async (seed) => {
    const random = randomFrom(seed);
    const disorder = { random, calm: false, twice: 0, died: 0 };
    await using server = await startTestServer({
      settings: { BREAKWATER_LOG_CADENCE_SECONDS: '3600' },
      deliver: (handler) => disorderly(handler, disorder),
    });
    const world = await furnish(server);
    for (let n = 0; n < acts; n++) {
      disturb(server, random);
      await act(world, random, `${seed}-${n}`);
      if (random() < 0.3) await look(world);
    }
    disorder.calm = true;
    await settle(world);
    expect(await audit(world)).toEqual([]);
    expect(Math.min(disorder.twice, disorder.died)).toBeGreaterThan(0);
  },
  long ? 600_000 : 240_000,
);

interface Disorder {
  readonly random: () => number;
  /** Once true, jobs come as they should. */
  calm: boolean;
  /** Jobs that were done twice, and workers that died, so far. */
  twice: number;
  died: number;
}

/** Delivers late, more than once, one upon the other, or dies before or after the work is done. */
function disorderly(handler: JobHandler, disorder: Disorder): JobHandler {
  const { random } = disorder;
  const die = (when: string) => {
    disorder.died += 1;
    throw new Error(`the worker died before ${when}`);
  };
  return async (job) => {
    if (disorder.calm) return await handler(job);
    await delay(random() * 40);
    if (random() < 0.15) die('it began');
    const others = random() < 0.3 ? [delay(random() * 5).then(() => handler(job))] : [];
    await Promise.all([handler(job), ...others]);
    disorder.twice += others.length;
    if (random() < 0.15) die('it could say that it was done');
  };
}

/** Moves the clock, by hours either way, and lets what the server stands on fail or work again. */
function disturb({ clock, script, mail }: TestServer, random: () => number): void {
  if (random() < 0.2) {
    const hours = random() < 0.3 ? -random() * 3 : random() * 48;
    clock.set(addMilliseconds(clock.now(), Math.round(hours * 3_600_000)));
  }
  if (random() < 0.2) script.fault = script.fault === null ? 'the sandbox is away' : null;
  if (random() < 0.2) mail.fault = mail.fault === null ? new MailNotSent('not-taken') : null;
}

interface World {
  readonly server: TestServer;
  readonly who: Readonly<Record<'coordinator' | 'finder' | 'owner' | 'operator', TestParty>>;
  /** What the server said it had carried out. */
  readonly done: {
    readonly operation: string;
    readonly params: unknown;
    readonly output: unknown;
  }[];
  readonly cases: Id<'case'>[];
  readonly checkpoints: Uint8Array[];
}

const recipePackage = 'pkg:deb/debian/cjson';

async function furnish(server: TestServer): Promise<World> {
  const who = {
    coordinator: await server.party('coordinator'),
    finder: await server.party('finder'),
    owner: await server.party('owner'),
    operator: await server.party('operator'),
  };
  await who.coordinator.client.call(validate.addRecipe, {
    body: {
      name: 'cjson',
      files: { 'recipe.json': toBase64(utf8(JSON.stringify({ package: recipePackage }))) },
    },
  });
  await who.operator.client.call(distribute.addInventory, {
    body: {
      name: 'desk',
      file: toBase64(utf8('ii  cjson:amd64  1.7.15-1  amd64  JSON\n')),
      debianRelease: '12',
    },
  });
  return { server, who, done: [], cases: [], checkpoints: [] };
}

/** One act by one of them, chosen by chance; a refusal is an answer too. */
async function act(world: World, random: () => number, step: string): Promise<void> {
  const { who, cases } = world;
  const about = cases[Math.floor(random() * cases.length)];
  const chosen = random();
  try {
    if (about === undefined || chosen < 0.35) await handIn(world, step);
    else if (chosen < 0.5) {
      await note(world, coordinate.say.id, { case: about }, () =>
        who.coordinator.client.call(coordinate.say, {
          params: { case: about },
          body: { text: `word ${step}` },
          idempotencyKey: `say-${step}`,
        }),
      );
    } else if (chosen < 0.7) {
      const diff = `--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+${step}\n`;
      await note(world, verify.propose.id, { case: about }, () =>
        who.coordinator.client.call(verify.propose, {
          params: { case: about },
          body: { title: `Fix ${step}`, diff: toBase64(utf8(diff)) },
          idempotencyKey: `propose-${step}`,
        }),
      );
    } else if (chosen < 0.8) {
      await note(world, coordinate.inviteOwner.id, { case: about }, () =>
        who.coordinator.client.call(coordinate.inviteOwner, {
          params: { case: about },
          body: { party: who.owner.id },
          idempotencyKey: `invite-${step}`,
        }),
      );
    } else await publish(world, about, step);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status >= 500) throw error;
  }
}

async function handIn(world: World, step: string): Promise<void> {
  const { output } = await note(world, collect.submit.id, {}, () =>
    world.who.finder.client.call(collect.submit, {
      body: {
        kind: 'native',
        package: recipePackage,
        version: '1.7.15-1',
        recipe: 'cjson',
        title: `Overflow ${step}`,
        marking: 'AMBER+STRICT',
        description: 'Told at length',
        identifiers: [],
        location: { path: `${step}.c`, function: `f_${step.replaceAll('-', '_')}` },
        proof: toBase64(utf8(`proof ${step}`)),
      },
      idempotencyKey: `submit-${step}`,
    }),
  );
  if (output.case !== null && !world.cases.includes(output.case)) world.cases.push(output.case);
}

async function publish(world: World, about: Id<'case'>, step: string): Promise<void> {
  const fixed = {
    ecosystem: 'Debian:12' as const,
    package: 'cjson',
    introduced: '0',
    fixed: '1.7.18-1',
  };
  await note(world, distribute.publish.id, { case: about }, () =>
    world.who.coordinator.client.call(distribute.publish, {
      params: { case: about },
      body: {
        summary: `Overflow ${step}`,
        details: 'Told at length',
        affected: [{ ...fixed, binaries: [] }],
        aliases: [],
        references: [],
        creditFinders: true,
      },
      idempotencyKey: `publish-${step}`,
    }),
  );
}

/** Sent twice, as by a client whose answer was lost: it is one act with one answer. */
async function note<T>(
  world: World,
  operation: string,
  params: unknown,
  send: () => Promise<T>,
): Promise<{ readonly output: T }> {
  const output = await send();
  expect(await send()).toEqual(output);
  world.done.push({ operation, params, output });
  return { output };
}

/** Lets the log grow, and keeps the checkpoint as somebody outside would. */
async function look({ server, checkpoints }: World): Promise<void> {
  // The next batch is due by the clock.
  server.clock.set(addMilliseconds(server.clock.now(), 3_600_000));
  await server.services.sequencer.tick();
  const seen = server.services.sequencer.checkpoint();
  if (seen !== null) checkpoints.push(seen);
}

/** Everything works again: what waits is done, what died is given another round. */
async function settle(world: World): Promise<void> {
  const { server } = world;
  server.script.fault = null;
  server.mail.fault = null;
  await until(async () => {
    await server.services.queue.relay();
    await hurry(server);
    for (const { id } of await server.services.queue.deadLetters()) {
      await server.services.queue.replay(id);
    }
    await hurry(server);
    await expectNothingOpen(server);
  });
  await idle(server);
  for (let open = true; open; ) {
    await look(world);
    const { rows } = await server.database.database.raw(
      'select count(*)::int as n from journal.entry where index is null',
    );
    open = rows[0]?.['n'] !== 0;
  }
}

async function expectNothingOpen(server: TestServer): Promise<void> {
  const { rows } = await server.services.database.raw(
    "select count(*)::int as n from pgboss.job where state <> 'completed'",
  );
  expect(rows[0]?.['n']).toBe(0);
}

async function audit(world: World): Promise<readonly string[]> {
  const { server, who, done, cases } = world;
  const { client } = who.coordinator;
  const faults: string[] = [];
  const count = (what: string, got: number, want: number) => {
    if (got !== want) faults.push(`${what}: expected ${want}, got ${got}`);
  };
  const of = (operation: string, id?: string) =>
    done.filter(
      (each) => each.operation === operation && (id === undefined || caseOf(each.params) === id),
    );
  count('cases', (await everyCase(world)).length, cases.length);
  let findings = 0;
  for (const id of cases) {
    const params = { case: id };
    const { members } = await client.call(correlate.findings, { params });
    findings += members.length;
    const { items: runs } = await client.call(validate.list, { params });
    for (const { finding } of members) {
      const own = runs.filter((run) => run.finding === finding.id);
      count(`validations of ${finding.id}`, own.length, 1);
      if (own[0]?.verdict == null) faults.push(`${finding.id} has no verdict`);
    }
    const { items: patches } = await client.call(verify.list, { params });
    count(`patches of ${id}`, patches.length, of(verify.propose.id, id).length);
    for (const patch of patches) {
      if (patch.verification?.status !== 'finished') faults.push(`${patch.id} is not verified`);
    }
    const { items: messages } = await client.call(coordinate.messages, { params });
    count(`messages of ${id}`, messages.length, of(coordinate.say.id, id).length);
  }
  count('findings', findings, of(collect.submit.id).length);
  const { items: advisories } = await client.call(distribute.listAdvisories, {
    query: { limit: 200 },
  });
  count('advisories', advisories.length, of(distribute.publish.id).length);
  const { items: notices } = await who.operator.client.call(distribute.listNotices, {
    query: { limit: 200 },
  });
  count('notices', notices.length, advisories.length);
  const { items: dead } = await server.administrator.call(record.deadLetters);
  count('dead letters', dead.length, 0);
  const { signer, logOrigin } = server.services;
  const vkeys = logVerifierKeys(signer, logOrigin).map(formatVerifierKey);
  const directory = path.join(server.dataDirectory, 'log');
  faults.push(...(await auditJournal(server.database.database, { directory, vkeys }, done)));
  faults.push(...(await auditHistory(directory, vkeys, world.checkpoints)));
  return faults;
}

function caseOf(params: unknown): unknown {
  return typeof params === 'object' && params !== null && 'case' in params ? params.case : null;
}

async function everyCase({ who }: World): Promise<readonly string[]> {
  const { items } = await who.coordinator.client.call(coordinate.list, { query: { limit: 200 } });
  return items.map(({ id }) => id);
}
