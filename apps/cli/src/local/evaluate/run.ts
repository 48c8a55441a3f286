import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSealed, sealedBytesMax } from '@breakwater/benchmark';
import {
  beginRun,
  type RunAsked,
  type RunCode,
  type RunDone,
  type RunGiven,
  type RunProgress,
  resumeRun,
  worldsIn,
} from '@breakwater/evaluator';
import type { Result } from '@breakwater/kernel';
import { openSandbox } from '@breakwater/runner';
import { z } from 'zod';
import { environmentOf } from '../../api/claim/child.ts';
import {
  type AccessLink,
  GrantOptions,
  newAccess,
  RunAccess,
  readAccess,
  writeAccess,
} from '../../api/early-access/run-access.ts';
import type { Handed } from '../../api/evaluate/hand-in.ts';
import { Reporting, type ReportingTo } from '../../api/evaluate/reporting.ts';
import { LinkOptions, newLink, type RunLink, readLink } from '../../api/evaluate/run-link.ts';
import { showHanded } from '../../api/evaluate/show-handed.ts';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { readRegular } from '../../files.ts';
import { Json, optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import { bar, type Terminal } from '../../terminal.ts';
import { askedOf, RunOptions } from './asked.ts';
import { noSandbox } from './no-sandbox.ts';

const ResumeOptions = z.object({ ...Json, pass: z.array(z.string()).default([]) });
const FreshOptions = RunOptions.extend(LinkOptions.shape).extend(GrantOptions.shape);

/** `benchmark run`: a new run of a suite, to its end. */
export async function runBenchmarkRun(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(FreshOptions, given);
  const { rest: agent = [] } = given;
  const { sealed } = options;
  const asked: RunAsked = {
    ...askedOf(options, { suite: argument(given, 0), agent }),
    ...(sealed !== undefined && {
      sealed: need(readSealed(await readRegular(sealed, sealedBytesMax))),
    }),
  };
  const name = `run-${new Date()
    .toISOString()
    .replace(/\.\d+Z$/u, '')
    .replaceAll(':', '-')}`;
  const folder = path.resolve(options.out ?? name);
  const { server } = options;
  if (server === undefined) needNoIds(options);
  const link = server === undefined ? null : newLink(options, server);
  const reporting = reportingTo(link, { folder, given, context, isNew: true });
  const grant = newAccess(options, server);
  const access = grant === null ? null : new RunAccess(grant, { given, context });
  const playing = { context, options, reporting, access, grant };
  return await play(folder, playing, (lent) => beginRun(folder, asked, lent));
}

/** `benchmark resume`: goes on with a run. */
export async function runBenchmarkResume(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(ResumeOptions, given);
  const folder = path.resolve(argument(given, 0));
  const link = await readLink(folder);
  const reporting = reportingTo(link, { folder, given, context, isNew: false });
  const grant = await readAccess(folder);
  const access = grant === null ? null : new RunAccess(grant, { given, context });
  const playing = { context, options, reporting, access, grant: null };
  return await play(folder, playing, (lent) => resumeRun(folder, lent));
}

function reportingTo(
  link: RunLink | null,
  to: Omit<ReportingTo, 'link' | 'sleep'>,
): Reporting | null {
  return link === null ? null : new Reporting({ ...to, link, sleep: pause });
}

function needNoIds({ suiteId, runId }: z.infer<typeof LinkOptions>): void {
  if (suiteId === undefined && runId === undefined) return;
  throw new Stop({
    code: 'server-missing',
    expected: '--server, whose suite or run this is',
    got: 'none',
    todo: 'name the server, or leave --suite-id and --run-id out',
  });
}

const pause = async (ms: number, signal: AbortSignal) => {
  await sleep(ms, undefined, { signal });
};

interface Playing {
  readonly context: Context;
  readonly options: { readonly json: boolean; readonly pass: readonly string[] };
  /** null: no server is told. */
  readonly reporting: Reporting | null;
  /** null: nobody is asked before the model is called. */
  readonly access: RunAccess | null;
  /** To be written once the run stands, so that whoever resumes it is asked too. */
  readonly grant: AccessLink | null;
}

/** Runs in a sandbox of this machine; a stop says how to go on. */
async function play(
  folder: string,
  { context, options, reporting, access, grant }: Playing,
  run: (lent: RunGiven) => Promise<Result<RunDone, RunCode>>,
): Promise<ExitCode> {
  const { terminal, signal, environment } = context;
  terminal.progress('opening the sandbox');
  const sandbox = await openSandbox({ slots: 1 });
  try {
    const { tier, reason } = sandbox.capabilities;
    if (tier === 'refuse') throw noSandbox(reason);
    const done = await run({
      worlds: worldsIn(sandbox),
      variable: (name) => environment.variables[name],
      environment: environmentOf(environment.variables, options.pass),
      clock: {
        now: () => new Date(),
        passedMs: () => performance.now(),
        sleep: pause,
        chance: Math.random,
      },
      onProgress: (progress) => {
        tell(progress, terminal);
        reporting?.tell(progress);
      },
      onReady: async (file) => {
        if (grant !== null) await writeAccess(folder, grant);
        await reporting?.ready(file);
      },
      ...(access !== null && { access }),
      signal,
    });
    const handed = (await reporting?.end(done.ok ? done.value.log : null)) ?? null;
    return show(need(done), { folder, terminal, json: options.json, handed });
  } catch (error) {
    await reporting?.end(null);
    if (signal.aborted) terminal.say(`stopped; to go on: breakwater benchmark resume ${folder}`);
    throw error;
  } finally {
    await access?.end();
    await sandbox.close();
  }
}

function tell({ sample, what, detail, done, total }: RunProgress, terminal: Terminal): void {
  const words = [sample, what, detail].filter((word) => word !== '').join(': ');
  if (what === 'ended' || what === 'scored') terminal.say(words);
  terminal.progress(`${bar(done, total)} ${words}`);
}

interface Showing {
  readonly folder: string;
  readonly terminal: Terminal;
  readonly json: boolean;
  /** null: no server was told. */
  readonly handed: Handed | null;
}

/** Good where every sample was scored, whatever its score. */
function show(done: RunDone, { folder, terminal, json, handed }: Showing): ExitCode {
  if (json) terminal.json({ folder, ...done, ...(handed !== null && { server: handed }) });
  else {
    const figure = (value: number | null) => (value === null ? 'none' : value.toFixed(4));
    terminal.line(`log       ${done.log}`);
    const { unresponsive } = done;
    const silent = unresponsive === 0 ? '' : ` (${unresponsive} in a world that fell silent)`;
    terminal.line(`samples   ${done.samples}, not scored ${done.unscored}${silent}`);
    // Inspect's error of one sample is 0, which reads as certainty.
    const error = done.samples - done.unscored < 2 ? 'none of one sample' : figure(done.stderr);
    terminal.line(`accuracy  ${figure(done.accuracy)}, standard error ${error}`);
    if (done.leaking > 0) terminal.line(`leaks     in ${done.leaking} samples: look at them`);
    if (handed !== null) showHanded(handed, folder, terminal);
  }
  return done.unscored === 0 ? exitCodes.good : exitCodes.bad;
}
