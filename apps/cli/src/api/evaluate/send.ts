import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logName, readRun } from '@breakwater/evaluator/files';
import { openEvalLog } from '@breakwater/formats/eval-log';
import type { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { openLogFile } from '../../local/eval-log/platform.ts';
import { Json, optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import { addressOf } from '../session.ts';
import { handIn } from './hand-in.ts';
import { lineTo } from './reach.ts';
import { LinkOptions, newLink, type RunLink, readLink, writeLink } from './run-link.ts';
import { beginOnServer } from './server-run.ts';
import { showHanded } from './show-handed.ts';

const Options = LinkOptions.extend(Json);

/** `benchmark send`: hands the log of a finished run in, to the server that its folder names. */
export async function runBenchmarkSend(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { terminal } = context;
  const folder = path.resolve(argument(given, 0));
  const file = need(await readRun(folder));
  const log = path.join(folder, logName(file));
  await needFinished(log, folder);
  let link = await linkOf(folder, options, context);
  await writeLink(folder, link);
  const line = lineTo(link.server, { given, context, waitMs: 120_000 });
  const handed = await handIn({
    line,
    begun: async () => {
      const run = await beginOnServer(line, link, file);
      if (link.run === null) {
        link = { ...link, run };
        await writeLink(folder, link);
      }
      return run;
    },
    log,
    sleep: async (ms, signal) => await sleep(ms, undefined, { signal }),
    onProgress: (words) => terminal.progress(words),
  });
  if (handed.state === 'refused') throw new Stop(handed.refusal);
  if (options.json) terminal.json({ folder, server: handed });
  else showHanded(handed, folder, terminal);
  return handed.state === 'taken-in' ? exitCodes.good : exitCodes.noServer;
}

/** That of the folder, unless another server, suite or run is named. */
async function linkOf(
  folder: string,
  options: z.infer<typeof LinkOptions>,
  { environment }: Context,
): Promise<RunLink> {
  const { server, suiteId, runId } = options;
  const known = await readLink(folder);
  const isSame = server === undefined || addressOf(server) === known?.server;
  if (known !== null && isSame && suiteId === undefined && runId === undefined) return known;
  return newLink(options, server ?? known?.server ?? environment.server);
}

async function needFinished(log: string, folder: string): Promise<void> {
  await using opened = await openLogFile(log);
  const { isFinished } = need(await openEvalLog(opened.source, opened.codecs));
  if (isFinished) return;
  throw new Stop({
    code: 'run-unfinished',
    expected: 'a run that came to its end',
    got: 'one that was stopped, or goes on',
    todo: `go on with it: breakwater benchmark resume ${folder}`,
  });
}
