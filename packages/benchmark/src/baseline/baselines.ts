import { ok, type Result, refuse } from '@breakwater/kernel';
import { geometricMean, type Interval } from '@breakwater/statistics';
import type { HumanTime } from '../report/runs-of-log.ts';
import type { BaselineRecord } from './record.ts';

/** What people's baselines show of one task. */
export interface TaskBaseline {
  readonly suite: string;
  readonly task: string;
  readonly version: string;
  /** First attempts that have an outcome. */
  readonly n: number;
  readonly successes: number;
  /** Successes during which the clock was interrupted. */
  readonly interrupted: number;
  /** Minutes worked, as the geometric mean of the successes among the first attempts. */
  readonly minutes: number | null;
  readonly interval: Interval | null;
  /** Not counted: attempts by who knew the task, and sessions without a score. */
  readonly later: number;
  readonly unscored: number;
}

/**
 * What records show, task by task, by name.
 *
 * A human time is the geometric mean of the times of those who succeeded, as in Kwa et al.,
 * Measuring AI Ability to Complete Long Tasks (arXiv 2503.14499); here of first attempts alone.
 * That leaves out everybody who would have needed longer: n and successes belong beside it. Of one
 * person at one task the earliest record is the first attempt, whatever later ones say.
 */
export function taskBaselines(records: readonly BaselineRecord[]): readonly TaskBaseline[] {
  const unique = new Map(records.map((record) => [record.id, record]));
  const groups = new Map<string, BaselineRecord[]>();
  const seen = new Set<string>();
  const later = new Set<string>();
  for (const record of [...unique.values()].toSorted(byBegin)) {
    const who = [record.suite, record.task.replace(/\..*$/, ''), record.person].join('\n');
    if (!record.first_attempt || seen.has(who)) later.add(record.id);
    seen.add(who);
    // Not by commitment: the same item sealed again has another.
    const key = [record.suite, record.task, record.task_version].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => oneTask(group, later));
}

/**
 * The human times that records show, by `suite/task` as logs name it. Tasks without a success are
 * not among them. Refused where two versions of one task were done: no time is of both.
 */
export function baselineTimes(
  records: readonly BaselineRecord[],
): Result<ReadonlyMap<string, HumanTime>, 'baselines-differ'> {
  const times = new Map<string, HumanTime>();
  const names = new Set<string>();
  for (const { suite, task, minutes } of taskBaselines(records)) {
    const name = `${suite}/${task}`;
    if (names.has(name)) {
      return refuse({
        code: 'baselines-differ',
        expected: 'records of one version of each task',
        got: `two versions of ${name}`,
        todo: 'leave out the records of the version that was not run',
      });
    }
    names.add(name);
    if (minutes !== null) times.set(name, { minutes, source: 'completion' });
  }
  return ok(times);
}

function byBegin(a: BaselineRecord, b: BaselineRecord): number {
  if (a.began !== b.began) return Date.parse(a.began) - Date.parse(b.began);
  return a.id < b.id ? -1 : 1;
}

function oneTask(
  group: readonly BaselineRecord[],
  late: ReadonlySet<string>,
): readonly TaskBaseline[] {
  const [one] = group;
  if (one === undefined) return [];
  const first = group.filter(({ id }) => !late.has(id));
  const counted = first.filter(({ outcome }) => outcome !== 'unscored');
  const solved = counted.filter(
    ({ outcome, minutes_worked: worked }) => outcome === 'solved' && worked > 0,
  );
  const mean = geometricMean(solved.map(({ minutes_worked: worked }) => worked));
  return [
    {
      suite: one.suite,
      task: one.task,
      version: one.task_version,
      n: counted.length,
      successes: solved.length,
      interrupted: solved.filter(({ interruptions }) => interruptions.length > 0).length,
      minutes: mean.ok ? mean.value.value : null,
      interval: mean.ok ? mean.value.interval : null,
      later: group.length - first.length,
      unscored: first.length - counted.length,
    },
  ];
}
