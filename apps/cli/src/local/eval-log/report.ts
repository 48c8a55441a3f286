import path from 'node:path';
import {
  type BenchmarkReport,
  type BenchmarkRun,
  buildReport,
  type RunsTable,
  reportPage,
  reportSections,
  runsOfLog,
} from '@breakwater/benchmark/report';
import { openEvalLog } from '@breakwater/formats/eval-log';
import { HORIZON_PENALTY, REPLICATES_MAX, seededRandom } from '@breakwater/statistics';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { writeNew } from '../../files.ts';
import { Json, optionsOf, wholeNumber } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { timed } from './human-times.ts';
import { openLogFile } from './platform.ts';
import { openRuns } from './runs-file.ts';

const Options = z.object({
  ...Json,
  runs: z.string().optional(),
  humanTimes: z.string().optional(),
  html: z.string().optional(),
  scorer: z.string().optional(),
  replicates: wholeNumber(0, REPLICATES_MAX).default(1000),
  seed: wholeNumber(0, 4_294_967_295).default(1),
  twoParameter: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/** `benchmark report`: what logs, and a table of runs, show of the models in them. */
export async function runBenchmarkReport(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { table, skipped } = await gather(given.args, options, context);
  const { replicates, seed } = options;
  const bootstrap = { replicates, seed, random: seededRandom(seed) };
  const report = buildReport(table, {
    ownSlopes: options.twoParameter,
    ...(replicates > 0 && { bootstrap }),
  });
  const sources = [...given.args, ...(options.runs === undefined ? [] : [options.runs])];
  if (options.html !== undefined) {
    const names = sources.map((source) => path.basename(source));
    await writeNew(options.html, reportPage(report, { title: 'Benchmark report', sources: names }));
    context.terminal.say(`page written to ${options.html}`);
  }
  if (options.json) context.terminal.json({ ...report, sources, skipped });
  else show(report, skipped, context.terminal);
  return exitCodes.good;
}

interface Skipped {
  readonly file: string;
  readonly scorer: string | null;
  readonly otherScorers: readonly string[];
  readonly samples: Readonly<Record<string, number>>;
}

async function gather(files: readonly string[], options: Options, context: Context) {
  const { runs: name, scorer } = options;
  const table: Pick<RunsTable, 'runs' | 'penalty' | 'weights'> =
    name === undefined
      ? { runs: [], penalty: HORIZON_PENALTY, weights: 'task-and-family' }
      : await openRuns(name, context);
  const runs: BenchmarkRun[] = [...table.runs];
  const skipped: Skipped[] = [];
  for (const file of files) {
    await using opened = await openLogFile(file);
    const log = need(await openEvalLog(opened.source, opened.codecs));
    const read = need(await runsOfLog(log, scorer === undefined ? {} : { scorer }));
    for (const run of read.runs) runs.push(run);
    const { otherScorers } = read;
    skipped.push({ file, scorer: read.scorer, otherScorers, samples: read.skipped });
  }
  if (runs.length > 0) {
    return { table: await timed({ ...table, runs }, options.humanTimes, context), skipped };
  }
  throw new Stop({
    code: 'no-runs',
    expected: 'logs with scores from 0 to 1, or a table of runs',
    got: 'none',
    todo: 'name logs, or a table with --runs; see --scorer',
  });
}

function show(report: BenchmarkReport, skipped: readonly Skipped[], terminal: Terminal): void {
  for (const { title, lines } of reportSections(report)) {
    terminal.line(title);
    const width = Math.min(
      40,
      lines.reduce((most, [label]) => Math.max(most, label.length), 0),
    );
    for (const [label, words] of lines) terminal.line(`  ${label.padEnd(width)}  ${words}`);
    terminal.line();
  }
  for (const { file, scorer, otherScorers, samples } of skipped) {
    const others = otherScorers.length === 0 ? '' : `; not ${otherScorers.join(', ')}`;
    terminal.line(`log  ${file}: scores of ${scorer ?? 'nobody'}${others}`);
    for (const [why, count] of Object.entries(samples)) {
      terminal.line(`     ${count} samples left out: ${why}`);
    }
  }
}
