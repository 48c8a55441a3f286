import type { BenchmarkRun } from './run.ts';
import type { HumanTime } from './runs-of-log.ts';

/** Runs whose tasks have these human times, by the task's name, in place of their own. */
export function withHumanTimes(
  runs: readonly BenchmarkRun[],
  times: ReadonlyMap<string, HumanTime>,
): readonly BenchmarkRun[] {
  return runs.map((run) => {
    const time = times.get(run.task);
    return time === undefined ? run : { ...run, minutes: time.minutes, timeSource: time.source };
  });
}
