import { type TaskBaseline, taskBaselines } from '@breakwater/benchmark/baseline';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { Json, optionsOf } from '../../options.ts';
import { baselinesIn } from '../eval-log/baseline-files.ts';

const Options = z.object({ ...Json });

/** `benchmark baselines`: what people's baselines show, task by task. */
export async function runBenchmarkBaselines(given: Given, context: Context): Promise<ExitCode> {
  const { json } = optionsOf(Options, given);
  const { terminal } = context;
  const records = await baselinesIn(given.args);
  const tasks = taskBaselines(records);
  if (json) {
    terminal.json({ records: records.length, tasks });
    return exitCodes.good;
  }
  const names = tasks.map(({ suite, task, version }) => `${suite}/${task} ${version}`);
  const width = Math.max(4, ...names.map((name) => name.length));
  terminal.line(`${'task'.padEnd(width)}    n  solved  minutes  95 % interval`);
  for (const [i, task] of tasks.entries()) {
    terminal.line(`${(names[i] ?? '').padEnd(width)}  ${rowOf(task)}`);
  }
  terminal.line();
  terminal.line('n         first attempts with an outcome');
  terminal.line('minutes   worked, geometric mean of first attempts that succeeded; t interval of');
  terminal.line('          its logarithm, none for one. Slower people who failed are not in it');
  return exitCodes.good;
}

function rowOf({ n, successes, minutes, interval, ...rest }: TaskBaseline): string {
  const figure = (value: number) => value.toPrecision(3);
  const between = interval === null ? 'none' : `${figure(interval.low)}–${figure(interval.high)}`;
  const notes = [
    rest.interrupted > 0 ? `solved with interruptions: ${rest.interrupted}` : '',
    rest.later > 0 ? `later attempts left out: ${rest.later}` : '',
    rest.unscored > 0 ? `not scored: ${rest.unscored}` : '',
  ].filter((note) => note !== '');
  return [
    String(n).padStart(3),
    String(successes).padStart(6),
    (minutes === null ? 'none' : figure(minutes)).padStart(7),
    between.padEnd(13),
    notes.join(', '),
  ]
    .join('  ')
    .trimEnd();
}
