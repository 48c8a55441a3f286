import { type FittedRuns, fitRuns, type RunsTable } from '@breakwater/benchmark/report';
import {
  type Circumstances,
  type HumanTimeSource,
  type Interval,
  REPLICATES_MAX,
  seededRandom,
} from '@breakwater/statistics';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { Json, optionsOf, wholeNumber } from '../../options.ts';
import { need } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { timed } from './human-times.ts';
import { openRuns } from './runs-file.ts';

const Options = z.object({
  ...Json,
  runs: z.string(),
  humanTimes: z.string().optional(),
  penalty: z.coerce.number('a number above 0').positive().optional(),
  weights: z.enum(['table', 'task-and-family']).optional(),
  replicates: wholeNumber(0, REPLICATES_MAX).default(1000),
  seed: wholeNumber(0, 4_294_967_295).default(1),
});
type Options = z.infer<typeof Options>;

/** `benchmark fit`: time horizons of the models of a table of runs, each with its interval. */
export async function runBenchmarkFit(given: Given, context: Context): Promise<ExitCode> {
  const options = optionsOf(Options, given);
  const { penalty, weights, replicates, seed } = options;
  const table = await timed(await openRuns(options.runs, context), options.humanTimes, context);
  const fitted = need(
    fitRuns(table, {
      ...(penalty !== undefined && { penalty }),
      ...(weights !== undefined && { weights }),
      ...(replicates > 0 && { bootstrap: { replicates, random: seededRandom(seed) } }),
    }),
  );
  if (options.json) {
    const { columns, runs } = table;
    const bootstrap = replicates > 0 ? { replicates, seed } : null;
    context.terminal.json({ ...fitted, columns, runs: runs.length, bootstrap });
  } else show(fitted, { table, options, terminal: context.terminal });
  return exitCodes.good;
}

interface Showing {
  readonly table: RunsTable;
  readonly options: Options;
  readonly terminal: Terminal;
}

function show(fitted: FittedRuns, { table, options, terminal }: Showing): void {
  const { replicates, seed } = options;
  const width = fitted.fits.reduce((most, { model }) => Math.max(most, model.length), 5);
  const head = ['model'.padEnd(width), 'p50'.padStart(8), 'interval'.padEnd(17), 'p80'.padStart(8)];
  terminal.line([...head, 'interval'.padEnd(17), 'tasks', ' runs'].join('  '));
  for (const fit of fitted.fits) {
    terminal.line(
      [
        fit.model.padEnd(width),
        minutes(fit.p50).padStart(8),
        between(fit.p50Interval).padEnd(17),
        minutes(fit.p80).padStart(8),
        between(fit.p80Interval).padEnd(17),
        String(fit.n).padStart(5),
        String(fit.runs).padStart(5),
        fit.extrapolated ? ' beyond its tasks' : '',
      ]
        .join('  ')
        .trimEnd(),
    );
  }
  for (const { model, reason } of fitted.without) terminal.line(`no horizon: ${model}: ${reason}`);
  terminal.line();
  terminal.line('p50, p80       human minutes of tasks that succeed half, four fifths of the time');
  terminal.line(
    `fit            weighted logistic, λ ${fitted.penalty}, ${weightWords[fitted.weights]}`,
  );
  terminal.line(
    replicates === 0
      ? 'interval       none: no bootstrap was asked for'
      : `interval       95 %, hierarchical bootstrap, ${replicates} replicates, seed ${seed}`,
  );
  terminal.line(`human time     ${timeWords(fitted)}`);
  terminal.line(`budget         ${worded(fitted, ({ budget }) => budget ?? 'not told')}`);
  terminal.line(`contamination  ${worded(fitted, ({ contamination }) => contamination)}`);
  terminal.line(
    `runs           ${table.runs.length}${leftOutWords(fitted)}, columns ${table.columns}`,
  );
}

const weightWords: Readonly<Record<RunsTable['weights'], string>> = {
  table: 'weights of the table',
  'task-and-family': 'weights by task and family',
};

const sourceWords: Readonly<Record<HumanTimeSource, string>> = {
  completion: 'timed',
  first_blood: 'first solve in a competition',
  expert_estimate: "an expert's estimate",
  censored: 'stopped before the end',
  published: 'published',
  unknown: 'source unknown',
};

/** Tasks by the source of their human time, of the model that was tried at the most. */
function timeWords({ fits }: FittedRuns): string {
  const widest = fits.toSorted((a, b) => b.n - a.n)[0];
  const counts = Object.entries(widest?.circumstances.humanTime ?? {});
  const words: Readonly<Record<string, string>> = sourceWords;
  return counts.map(([source, count]) => `${words[source] ?? source} ${count}`).join(', ');
}

/** What is told of all models, each word once. */
function worded({ fits }: FittedRuns, word: (of: Circumstances) => string): string {
  return [...new Set(fits.map(({ circumstances }) => word(circumstances)))].join('; ');
}

function leftOutWords({ leftOut: { unscored, withoutHumanTime } }: FittedRuns): string {
  const words = [
    unscored > 0 ? `${unscored} not scored` : '',
    withoutHumanTime > 0 ? `${withoutHumanTime} without a human time` : '',
  ].filter((each) => each !== '');
  return words.length === 0 ? '' : ` (left out: ${words.join(', ')})`;
}

function minutes(value: number): string {
  return value >= 1e6 || value < 1e-3 ? value.toExponential(2) : value.toPrecision(4);
}

function between(interval: Interval | null): string {
  return interval === null ? 'none' : `${minutes(interval.low)}–${minutes(interval.high)}`;
}
