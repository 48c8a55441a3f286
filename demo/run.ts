import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { distribute, prioritize, record, validate } from '@breakwater/contract';
import { checkLog, entryBytes } from '@breakwater/log';
import { openSandbox } from '@breakwater/runner';
import { createCaller, patiently } from './driver/calls.ts';
import { type Cast, type Story, type Told, tellStory } from './driver/chain.ts';
import { clearEarlierDemo } from './driver/clear.ts';
import { type KillFigures, startKiller } from './driver/killer.ts';
import {
  type CoveredParts,
  faultsOfLooking,
  type Looking,
  shareTheWork,
  tellWhatWasCovered,
} from './driver/looking.ts';
import { addOperators, compareNotices, type Operator } from './driver/operators.ts';
import { addPerson, linkFor } from './driver/people.ts';
import { type Plan, wholePlan } from './driver/plan.ts';
import { createTell, type Tell } from './driver/progress.ts';
import { type ServerProcess, startServer } from './driver/server.ts';

const noticesWaitMs = 60_000;
/** The demo's own place; what lies there can only be an earlier demo's. */
const ownFolder = '.breakwater/demo';
const usage = `npm run demo -- [options]

  --port <n>       where its server listens; default 8420
  --no-serve       stop the server once all is told
  --data <folder>  its data, emptied at each start; default ${ownFolder}
  --kills <n>      kill the server n times on the way and start it again
  --seed <n>       another rhythm of kills
`;

/** What the demo did, in figures that were counted. */
export interface DemoResult {
  readonly looking: Looking;
  /** Parts of the map of coverage that the labs left. */
  readonly covered: CoveredParts;
  readonly told: readonly Told[];
  readonly inventories: number;
  readonly affected: number;
  readonly nearMisses: number;
  readonly disagreements: readonly string[];
  readonly receipts: number;
  readonly logEntries: number;
  readonly logHolds: boolean;
  readonly proofHolds: boolean;
  readonly operators: readonly Operator[];
  readonly cast: Cast;
}

/** Runs the main job, or the part of it that `plan` names, on real input against a server. */
export async function runDemo(server: ServerProcess, tell: Tell, plan: Plan): Promise<DemoResult> {
  const { stories } = plan;
  const cast = await gather(server, tell);
  await addRecipes(cast, stories);
  await loadFeeds(server, tell);
  const operators = await addOperators(server, plan.inventories);
  tell(`${operators.length} operators uploaded one inventory each`);

  const [begin] = stories;
  if (begin === undefined) throw new Error('a plan needs a story');
  const looking = await shareTheWork(cast, begin);
  tell(
    `both finders asked for ${looking.package}: the second was told of a conflict and took what is free`,
  );
  const told = await Promise.all(stories.map((story) => tellStory(story, cast, tell)));
  const covered = await tellWhatWasCovered(cast, looking);
  const advisoryOf = Object.fromEntries(
    stories.map((story, i) => [
      story.publication.aliases[0] ?? story.name,
      told[i]?.advisory ?? '',
    ]),
  );
  await everyNotice(operators);
  const agreement = await compareNotices(operators, advisoryOf);
  tell(
    `${agreement.affected} cards written; ${agreement.disagreements.length} disagreements with the second opinion`,
  );
  const receipts = await giveReceipts(agreement.notices);
  tell(`${receipts} operators reported back`);

  const checked = await checkTheLog(server, cast, told);
  tell(
    `log: ${checked.entries} entries checked, every tile and the signature ${checked.holds ? 'hold' : 'DO NOT HOLD'}`,
  );
  return {
    looking,
    covered,
    told,
    inventories: operators.length,
    affected: agreement.affected,
    nearMisses: agreement.nearMisses,
    disagreements: agreement.disagreements,
    receipts,
    logEntries: checked.entries,
    logHolds: checked.holds,
    proofHolds: checked.proof,
    operators,
    cast,
  };
}

async function gather(server: ServerProcess, tell: Tell): Promise<Cast> {
  const cast = {
    coordinator: await addPerson(server, 'The clearinghouse', 'coordinator'),
    first: await addPerson(server, 'Lab North', 'finder'),
    second: await addPerson(server, 'R. Vale, researcher', 'finder'),
    owner: await addPerson(server, 'The maintainers', 'owner'),
  };
  tell('a coordinator, two finders and an owner joined (scripted persons; nothing else is)');
  return cast;
}

async function addRecipes(cast: Cast, stories: readonly Story[]): Promise<void> {
  for (const name of new Set(stories.map((story) => story.recipe))) {
    const files = await filesBelow(path.join(import.meta.dirname, 'recipes', name), '');
    await cast.coordinator.write(`recipe:${name}`, validate.addRecipe, { body: { name, files } });
  }
}

async function filesBelow(folder: string, prefix: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory())
      Object.assign(files, await filesBelow(full, `${prefix}${entry.name}/`));
    else files[`${prefix}${entry.name}`] = (await readFile(full)).toString('base64');
  }
  return files;
}

async function loadFeeds(server: ServerProcess, tell: Tell): Promise<void> {
  const text = await readFile(
    path.join(import.meta.dirname, 'feeds/known_exploited_vulnerabilities.json'),
    'utf8',
  );
  const loaded = await createCaller(server, null).write('feed:kev', prioritize.loadFeed, {
    params: { feed: 'kev' },
    body: { text },
  });
  tell(
    `CISA's catalog of exploited vulnerabilities loaded: ${loaded.entries} entries as of ${loaded.date?.slice(0, 10)}`,
  );
}

async function everyNotice(operators: readonly Operator[]): Promise<void> {
  const deadline = Date.now() + noticesWaitMs;
  for (const operator of operators) {
    const want = Object.values(operator.expected.verdicts).filter((v) => v.affected).length;
    if (want === 0) continue;
    // A card that never comes is a disagreement, told below; waiting for it must end.
    await operator
      .until(
        distribute.listNotices,
        {},
        {
          what: `the card of ${operator.name}`,
          timeoutMs: Math.max(0, deadline - Date.now()),
          done: ({ items }) => items.length >= want,
        },
      )
      .catch(() => {});
  }
}

async function giveReceipts(
  notices: readonly { operator: Operator; notice: { id: string } }[],
): Promise<number> {
  let receipts = 0;
  for (const [i, { operator, notice }] of notices.entries()) {
    if (i % 10 === 9) continue;
    const outcome = i % 7 === 6 ? ('helper' as const) : ('done' as const);
    await operator.write(`receipt:${notice.id}`, distribute.receipt, {
      params: { notice: notice.id as never }, // ours, from the server's answer
      body: { outcome },
    });
    receipts += 1;
  }
  return receipts;
}

async function checkTheLog(server: ServerProcess, cast: Cast, told: readonly Told[]) {
  const key = await patiently(async () => (await fetch(`${server.address}/log/key`)).text());
  const vkeys = [key.trim()];
  const params = { case: told[0]?.case ?? ('' as never) }; // a demo without stories has failed before
  const timeline = await cast.coordinator.until(
    record.timeline,
    { params },
    {
      what: 'the last act to be signed',
      timeoutMs: 60_000,
      done: ({ items }) => items.length > 0 && items.every((entry) => entry.index !== null),
    },
  );
  const last = timeline.items.at(-1);
  if (last === undefined) throw new Error('the timeline is empty');
  const disclosure = await cast.coordinator.read(record.disclose, {
    params: { entry: last.entry },
  });
  const report = await checkLog({
    fetchFile: (name) => fetchLogFile(server, name),
    vkeys,
    entryBytes,
  });
  const { checkEntry } = await import('@breakwater/log');
  const proof = checkEntry(new TextEncoder().encode(JSON.stringify(disclosure)), vkeys);
  return { holds: report.holds, entries: report.entriesProven, proof: proof.holds };
}

async function fetchLogFile(server: ServerProcess, name: string): Promise<Uint8Array | null> {
  return await patiently(async () => {
    const response = await fetch(`${server.address}/log/${name}`);
    return response.status === 404 ? null : new Uint8Array(await response.arrayBuffer());
  });
}

/** Everything that must be true at the end; an empty list means that it is. */
export function faultsOf(result: DemoResult): string[] {
  const faults = [...result.disagreements, ...faultsOfLooking(result.looking, result.covered)];
  for (const told of result.told) {
    if (told.wrong.verdict !== 'refused')
      faults.push(`${told.advisory}: the wrong patch was ${told.wrong.verdict}`);
    if (told.real.verdict !== 'verified')
      faults.push(`${told.advisory}: the real fix was ${told.real.verdict}: ${told.real.reason}`);
    if (!told.standings.includes('joined'))
      faults.push(`${told.advisory}: the second report did not join`);
  }
  if (!result.logHolds) faults.push('the log does not hold');
  if (!result.proofHolds) faults.push('the disclosed entry does not hold');
  return faults;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      serve: { type: 'boolean', default: true },
      port: { type: 'string', default: '8420' },
      data: { type: 'string', default: ownFolder },
      kills: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const kills = Number(values.kills);
  if (!Number.isSafeInteger(kills) || kills < 0)
    throw new Error(`expected --kills to be a whole number, got ${values.kills}`);
  const tell = createTell();
  await needSandbox();
  const dataDirectory = path.resolve(values.data);
  if (await clearEarlierDemo(dataDirectory, dataDirectory === path.resolve(ownFolder)))
    tell('an earlier demo is cleared away (fetched sources and builds are kept)');
  tell('starting a server on an empty database');
  const server = await startServer({
    dataDirectory,
    port: Number(values.port),
    environment: { BREAKWATER_LOG_CADENCE_SECONDS: '1' },
    patience: kills === 0 ? 1 : 10,
  });
  tell(`the server serves ${server.address}`);
  try {
    const killer = kills === 0 ? null : startKiller(server, { kills, seed: Number(values.seed) });
    const result = await runDemo(server, tell, await wholePlan());
    const duringWork = killer?.kills ?? 0;
    const killed = (await killer?.done) ?? null;
    const faults = [...faultsOf(result), ...(killed?.orphans ?? [])];
    process.stdout.write(summary(result, faults));
    if (killed !== null) process.stdout.write(killsInWords(killed, duringWork));
    if (faults.length > 0 || !values.serve) return faults.length > 0 ? 1 : 0;
    process.stdout.write(await whereToLook(server, result));
    await interrupted();
    return 0;
  } finally {
    await server.stop();
  }
}

function summary(result: DemoResult, faults: readonly string[]): string {
  const { looking, covered } = result;
  const lines = [
    '',
    'What happened',
    '',
    `  ${looking.package}`,
    `    one finder claimed it to read, alone; to the other, who asked about all of it: ${looking.asked}`,
    `    it took the part that is free (other ${looking.instead?.join(', ') ?? 'nothing'}); neither learned of the other`,
    `    the wishes of its owner were there to read; ${covered.all} parts of the map say what was covered, not by whom`,
  ];
  for (const told of result.told) {
    lines.push(
      `  ${told.advisory}`,
      `    findings ${told.findings} in one case (${told.standings.join(', ')}${told.joinedBy.length > 0 ? `: ${told.joinedBy.join(', ')}` : ''})`,
      ...(told.fuzz === null ? [] : [`    our own fuzzer found it too: ${told.fuzz}`]),
      `    reproduced ${told.reproduced}; SSVC ${told.ssvc}; BOD 26-04 ${told.bod2604}`,
      `    wrong patch ${told.wrong.verdict}: ${told.wrong.reason}`,
      `    real fix ${told.real.verdict}: ${told.real.reason}`,
    );
  }
  lines.push(
    '',
    `  ${result.inventories} inventories, ${result.affected} affected, ${result.nearMisses} near misses left alone`,
    `  ${result.receipts} receipts; ${result.disagreements.length} disagreements with npm's semver and dpkg`,
    `  log of ${result.logEntries} entries ${result.logHolds ? 'holds' : 'DOES NOT HOLD'}; one disclosed entry ${result.proofHolds ? 'holds' : 'DOES NOT HOLD'}`,
    '',
    ...faults.map((fault) => `  FAULT ${fault}`),
    '',
  );
  return lines.join('\n');
}

/** Most of the demonstration is proofs: better said before the work than in the midst of it. */
async function needSandbox(): Promise<void> {
  const sandbox = await openSandbox({ slots: 1 });
  await sandbox.close();
  const { tier, reason } = sandbox.capabilities;
  if (tier === 'refuse')
    throw new Error(`it runs proofs, and this machine has no sandbox: ${reason}`);
}

/** Said only while the server goes on: without it the address would lead nowhere. */
async function whereToLook(server: ServerProcess, { cast }: DemoResult): Promise<string> {
  const link = await linkFor(server, cast.coordinator);
  return [
    `  Look: ${link}`,
    '  (the link works once: it makes you a colleague of the scripted coordinator)',
    '',
    'The server goes on until you press Ctrl-C.',
    '',
  ].join('\n');
}

function killsInWords(killed: KillFigures, duringWork: number): string {
  const { kills, kinKilled, restarts, restartMs, orphanMsMax } = killed;
  const sorted = [...restartMs].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return [
    `  killed ${kills} times at random moments, ${duringWork} of them before the work was done,`,
    `  ${kinKilled} of them with every process it had started;`,
    `  started again ${restarts} times: median ${at(0.5)} ms, at most ${at(1)} ms;`,
    `  its last process was gone after at most ${Math.round(orphanMsMax)} ms`,
    '',
    '',
  ].join('\n');
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await main().catch((error: unknown) => {
    process.stderr.write(
      `the demo stopped: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  });
}
