import { no } from '../refusal.ts';

/** One run of a model at a task that a person needs `minutes` for. */
export interface HorizonRun {
  readonly model: string;
  readonly task: string;
  /** Tasks of one source or kind; drawn together by the bootstrap. */
  readonly family: string;
  /** Human time in minutes, above 0. */
  readonly minutes: number;
  /** 1 for success, 0 for failure, a share between for a score in part. */
  readonly outcome: number;
  /** Overrides the weight that task and family give. */
  readonly weight?: number;
}

export const HORIZON_RUNS_MAX = 2_000_000;

/** Refuses runs that cannot be fitted; undefined when all can. */
export function runsFault(runs: readonly HorizonRun[]): ReturnType<typeof no> | undefined {
  if (runs.length === 0) {
    return no('too-few', { expected: 'runs', got: 'none', todo: 'give at least two tasks' });
  }
  if (runs.length > HORIZON_RUNS_MAX) {
    return no('too-large', {
      expected: `at most ${HORIZON_RUNS_MAX} runs`,
      got: String(runs.length),
      todo: 'fit fewer models at a time',
    });
  }
  for (const [index, run] of runs.entries()) {
    const words = wrong(run);
    if (words) return no('not-a-number', { ...words, pointer: `/${index}` });
  }
  return undefined;
}

function wrong(run: HorizonRun): { expected: string; got: string; todo: string } | undefined {
  if (!(run.minutes > 0 && Number.isFinite(run.minutes))) {
    return {
      expected: 'a human time above 0 minutes',
      got: String(run.minutes),
      todo: 'leave out tasks whose human time is not known',
    };
  }
  if (!(run.outcome >= 0 && run.outcome <= 1)) {
    return {
      expected: 'an outcome from 0 to 1',
      got: String(run.outcome),
      todo: 'leave out runs without a score',
    };
  }
  if (run.weight !== undefined && !(run.weight >= 0 && Number.isFinite(run.weight))) {
    return { expected: 'a weight of 0 or more', got: String(run.weight), todo: 'correct it' };
  }
  return undefined;
}

/**
 * The weight of each run: 1/(runs of its model in the task · √(tasks of its model in the family)),
 * scaled to sum to 1 for each model. A run's own weight is taken as it stands instead.
 *
 * Kwa et al. (arXiv 2503.14499), section 4: many like tasks tell less than as many unlike ones.
 */
export function horizonWeights(runs: readonly HorizonRun[]): Float64Array {
  const inTask = new Map<string, number>();
  const inFamily = new Map<string, Set<string>>();
  for (const run of runs) {
    const task = key(run.model, run.task);
    inTask.set(task, (inTask.get(task) ?? 0) + 1);
    const family = key(run.model, run.family);
    const tasks = inFamily.get(family) ?? new Set<string>();
    inFamily.set(family, tasks.add(run.task));
  }
  const weights = Float64Array.from(runs, (run) => {
    const repeats = inTask.get(key(run.model, run.task)) ?? 1;
    const tasks = inFamily.get(key(run.model, run.family))?.size ?? 1;
    return 1 / (repeats * Math.sqrt(tasks));
  });
  const totals = new Map<string, number>();
  runs.forEach((run, index) => {
    totals.set(run.model, (totals.get(run.model) ?? 0) + (weights[index] ?? 0));
  });
  return weights.map((weight, index) => {
    const run = runs[index];
    return run?.weight ?? weight / (totals.get(run?.model ?? '') ?? 1);
  });
}

// Names are free text: a length in front keeps two pairs of names from running together.
function key(model: string, name: string): string {
  return `${model.length} ${model} ${name}`;
}
