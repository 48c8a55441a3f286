import type { EvalLog, EvalLogCode, LogHeader, SampleSummary } from '@breakwater/formats/eval-log';
import { numberOf } from '@breakwater/formats/eval-log';
import { ok, type Result } from '@breakwater/kernel';
import { type BenchmarkRun, contaminationOf, type RunEnd, timeSourceOf } from './run.ts';

/**
 * Why a sample of a log became no run. `ended-with-error`: it has no score for that reason.
 * `score-missing`: its scorer gave none. `not-a-number`: its score has several members.
 * `out-of-range`: its score is none from 0 to 1.
 */
export type Skipped = 'ended-with-error' | 'score-missing' | 'not-a-number' | 'out-of-range';

/** What came of a log. */
export interface LogRuns {
  readonly runs: readonly BenchmarkRun[];
  /** For each run, the place of its sample in the log, from 0. */
  readonly places: readonly number[];
  /** The scorer whose values were taken; null where the log has none. */
  readonly scorer: string | null;
  /** Scorers whose values were not taken. */
  readonly otherScorers: readonly string[];
  readonly skipped: Readonly<Partial<Record<Skipped, number>>>;
}

/** What a person needs for a task, told from elsewhere. */
export interface HumanTime {
  readonly minutes: number;
  readonly source: BenchmarkRun['timeSource'];
}

export interface LogRunsOptions {
  /** The first of the header unless told; else the first that a sample names. */
  readonly scorer?: string;
  /** By the name of the task or of the sample; goes before what the log tells. */
  readonly humanTimes?: ReadonlyMap<string, HumanTime>;
}

/**
 * The runs of a log of Inspect: a sample in one epoch is one.
 *
 * A score becomes a number as Inspect's `value_to_float` has it. Human times, family and
 * contamination come from the samples' metadata (`human_minutes`, `human_time_source`, `family`,
 * `contamination`), where they stand there. Only the summaries are read, never the transcripts.
 */
export async function runsOfLog(
  log: EvalLog,
  options: LogRunsOptions = {},
): Promise<Result<LogRuns, EvalLogCode>> {
  const named = scorersOf(log.header);
  let scorer = options.scorer ?? named[0] ?? null;
  const scorers = new Set(named);
  const runs: BenchmarkRun[] = [];
  const places: number[] = [];
  const skipped = new Map<Skipped, number>();
  const told = { budget: budgetOf(log.header), humanTimes: options.humanTimes ?? new Map() };
  const summaries = log.eachSummary();
  for (let place = 0; ; place += 1) {
    const step = await summaries.next();
    if (step.done === true) {
      if (!step.value.ok) return step.value;
      break;
    }
    for (const name of Object.keys(step.value.scores ?? {})) scorers.add(name);
    scorer ??= Object.keys(step.value.scores ?? {})[0] ?? null;
    const run = runOf(step.value, log.header, { ...told, scorer });
    if (typeof run === 'string') skipped.set(run, (skipped.get(run) ?? 0) + 1);
    else {
      runs.push(run);
      places.push(place);
    }
  }
  const otherScorers = [...scorers].filter((name) => name !== scorer);
  return ok({ runs, places, scorer, otherScorers, skipped: Object.fromEntries(skipped) });
}

function scorersOf({ results }: LogHeader): readonly string[] {
  return [...new Set((results?.scores ?? []).map(({ scorer }) => scorer))];
}

interface Told {
  readonly scorer: string | null;
  readonly budget: string | null;
  readonly humanTimes: ReadonlyMap<string, HumanTime>;
}

function runOf(sample: SampleSummary, header: LogHeader, told: Told): BenchmarkRun | Skipped {
  const outcome = outcomeOf(sample, told.scorer);
  if (typeof outcome === 'string') return outcome;
  const word = (name: string) => wordOf(sample.metadata?.[name]);
  const task = `${header.eval.task}/${sample.id}`;
  const human =
    told.humanTimes.get(task) ?? told.humanTimes.get(String(sample.id)) ?? timeOf(sample);
  return {
    model: header.eval.model,
    task,
    family: word('family') ?? word('task_family') ?? word('category') ?? header.eval.task,
    outcome,
    epoch: sample.epoch,
    minutes: human?.minutes ?? null,
    timeSource: human?.source ?? null,
    tokens: tokensOf(sample['model_usage']),
    end: endOf(sample, outcome),
    budget: told.budget,
    contamination: contaminationOf(word('contamination') ?? ''),
    weight: null,
    evaluation: header.eval.eval_id ?? header.eval.task_id ?? null,
  };
}

function outcomeOf(sample: SampleSummary, scorer: string | null): number | Skipped {
  const score = sample.scores?.[scorer ?? ''];
  if (score === undefined) return hasEnded(sample.error) ? 'ended-with-error' : 'score-missing';
  const { value } = score;
  if (typeof value === 'object') return 'not-a-number';
  const number = numberOf(value);
  return Number.isNaN(number) || (number >= 0 && number <= 1) ? number : 'out-of-range';
}

function hasEnded(error: unknown): boolean {
  return error !== undefined && error !== null;
}

/** A limit stops a run from outside: with more of it, the run might have gone on to success. */
function endOf(sample: SampleSummary, outcome: number): RunEnd {
  if (outcome === 1) return 'solved';
  const { limit } = sample;
  return limit !== undefined && limit !== null ? 'censored' : 'ended';
}

function timeOf({ metadata }: SampleSummary): HumanTime | null {
  const minutes = Number(wordOf(metadata?.['human_minutes']) ?? Number.NaN);
  if (!(minutes > 0 && Number.isFinite(minutes))) return null;
  return { minutes, source: timeSourceOf(wordOf(metadata?.['human_time_source']) ?? '') };
}

function wordOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value.slice(0, 300) : null;
}

/** Tokens of all models that a sample called; null where the log has no usage. */
function tokensOf(usage: unknown): number | null {
  if (typeof usage !== 'object' || usage === null) return null;
  let sum: number | null = null;
  for (const each of Object.values(usage)) {
    const total: unknown = each?.total_tokens;
    if (typeof total === 'number' && Number.isSafeInteger(total)) sum = (sum ?? 0) + total;
  }
  return sum;
}

const limits: readonly [member: string, unit: string][] = [
  ['token_limit', 'tokens'],
  ['message_limit', 'messages'],
  ['turn_limit', 'turns'],
  ['time_limit', 's'],
  ['working_limit', 's of work'],
  ['cost_limit', 'USD'],
];

/** What a run could spend at most, by the configuration of its evaluation; null: nothing is told. */
function budgetOf({ eval: { config, metadata } }: LogHeader): string | null {
  const told = limits.flatMap(([member, unit]) => {
    const value = config[member];
    return typeof value === 'number' ? [`${value.toLocaleString('en-US')} ${unit}`] : [];
  });
  if (told.length > 0) return told.join(', ');
  // Our own runs say so where each task keeps its limits.
  const said = Object.entries(Object(metadata)).find(([name]) => name === 'breakwater_budget');
  return said?.[1] === 'as each task states' ? 'as each task states' : null;
}
