import { stat } from 'node:fs/promises';
import { baselineTimes, readBaselines } from '@breakwater/benchmark/baseline';
import {
  type HumanTime,
  type RunsTable,
  readRuns,
  withHumanTimes,
} from '@breakwater/benchmark/report';
import type { Context } from '../../command.ts';
import { fileLimits, openSource } from '../../files.ts';
import { need } from '../../stop.ts';
import { baselinesIn } from './baseline-files.ts';

const pipeBytesMax = 256 * 1024 * 1024;

/** Human times by task: of people's baselines, or of another table of runs; none unless named. */
export async function humanTimesOf(
  name: string | undefined,
  { stdin }: Context,
): Promise<ReadonlyMap<string, HumanTime>> {
  const times = new Map<string, HumanTime>();
  if (name === undefined) return times;
  const isFolder = name !== '-' && (await stat(name).catch(() => null))?.isDirectory() === true;
  if (isFolder) return need(baselineTimes(await baselinesIn([name])));
  const source = await openSource(name, pipeBytesMax, stdin);
  if (isBaseline(source.head)) {
    const text = new TextDecoder().decode(await source.whole(fileLimits.text));
    return need(baselineTimes(need(readBaselines(text))));
  }
  for (const { task, minutes, timeSource } of need(await readRuns(source.chunks())).runs) {
    if (minutes !== null) times.set(task, { minutes, source: timeSource });
  }
  return times;
}

/** A table whose tasks have the human times that are told at `name`, and how many these are. */
export async function timed<T extends Pick<RunsTable, 'runs'>>(
  table: T,
  name: string | undefined,
  context: Context,
): Promise<T> {
  if (name === undefined) return table;
  const times = await humanTimesOf(name, context);
  const tasks = new Set(table.runs.map(({ task }) => task));
  const told = [...tasks].filter((task) => times.has(task)).length;
  context.terminal.say(`human times of ${told} of ${tasks.size} tasks taken from ${name}`);
  return { ...table, runs: withHumanTimes(table.runs, times) };
}

function isBaseline(head: Uint8Array): boolean {
  const start = new TextDecoder().decode(head.subarray(0, 4_096)).trimStart();
  return /^\{[^\n]*"format":\s*"breakwater-baseline\//u.test(start);
}
