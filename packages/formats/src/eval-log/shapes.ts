import { z } from 'zod';
import { evalLogLimits as limits } from './limits.ts';

// What Inspect requires on the wire is required here; what it adds from release to release is kept
// as it is. Logs from release 0.3.40 on have this form.

/** A value that a scorer gave; NaN: not scored. */
export const ScoreValue = z.union([
  z
    .number()
    .or(z.nan())
    .or(z.literal([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])),
  z.string(),
  z.boolean(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);
export type ScoreValue = z.infer<typeof ScoreValue>;

export const LogStatus = z.enum(['started', 'success', 'cancelled', 'error']);
export type LogStatus = z.infer<typeof LogStatus>;

const anyNumber = z.custom<number>((value) => typeof value === 'number', 'a number');
const bag = z.record(z.string(), z.unknown());

export const LogMetric = z.looseObject({
  name: z.string(),
  value: anyNumber,
  params: bag.optional(),
  options: bag.optional(),
  group: z.string().nullish(),
});

/** The metrics of one scorer, under one reducer. */
export const LogScore = z.looseObject({
  name: z.string(),
  scorer: z.string(),
  reducer: z.string().nullish(),
  scored_samples: z.int().nullish(),
  unscored_samples: z.int().nullish(),
  params: bag.optional(),
  metrics: z.record(z.string(), LogMetric),
});
export type LogScore = z.infer<typeof LogScore>;

export const LogResults = z.looseObject({
  total_samples: z.int().optional(),
  completed_samples: z.int().optional(),
  scores: z.array(LogScore).default([]),
});

export const LogSpec = z.looseObject({
  eval_id: z.string().optional(),
  run_id: z.string().optional(),
  created: z.string(),
  task: z.string(),
  task_id: z.string().optional(),
  task_version: z.union([z.int(), z.string()]).optional(),
  dataset: z.looseObject({
    name: z.string().nullish(),
    location: z.string().nullish(),
    samples: z.int().nullish(),
    sample_ids: z.array(z.union([z.string(), anyNumber])).nullish(),
    shuffled: z.boolean().nullish(),
  }),
  model: z.string(),
  config: z.looseObject({
    epochs: z.int().nullish(),
    epochs_reducer: z.array(z.string()).nullish(),
  }),
});

/** `header.json`: a log without its samples. */
export const LogHeader = z.looseObject({
  version: z.int().min(1),
  status: LogStatus.default('started'),
  eval: LogSpec,
  plan: z.looseObject({ name: z.string().optional() }).default({}),
  results: LogResults.nullish(),
  stats: z.looseObject({}).nullish(),
  error: z.looseObject({ message: z.string() }).nullish(),
  invalidated: z.boolean().optional(),
  tags: z.array(z.string()).nullish(),
  metadata: bag.nullish(),
});
export type LogHeader = z.infer<typeof LogHeader>;

export const SampleScore = z.looseObject({
  value: ScoreValue,
  answer: z.string().nullish(),
  explanation: z.string().nullish(),
  metadata: bag.nullish(),
});

/** No longer than a member of an archive may be named: readers hold the ids of all samples. */
export const SampleId = z.union([z.string().max(limits.nameBytesMax), z.int()]);
export type SampleId = z.infer<typeof SampleId>;

/** As many as a database's plain integer holds. */
const Epoch = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** A sample in a few words, for lists and for metrics. */
export const SampleSummary = z.looseObject({
  id: SampleId,
  epoch: Epoch,
  input: z.unknown(),
  target: z.unknown(),
  metadata: bag.nullish(),
  scores: z.record(z.string(), SampleScore).nullish(),
  error: z.unknown().optional(),
  completed: z.boolean().nullish(),
});
export type SampleSummary = z.infer<typeof SampleSummary>;

/** Everything of a sample but its lists: messages, events, and what these refer to. */
export const SampleHead = z.looseObject({
  id: SampleId,
  epoch: Epoch,
  input: z.unknown(),
  target: z.unknown(),
  scores: z.record(z.string(), SampleScore).nullish(),
  metadata: bag.nullish(),
});
export type SampleHead = z.infer<typeof SampleHead>;

/** An event of a sample; which other members it has follows from `event`. */
export const LogEvent = z.looseObject({
  event: z.string(),
  timestamp: z.string().optional(),
  uuid: z.string().nullish(),
  span_id: z.string().nullish(),
});
export type LogEvent = z.infer<typeof LogEvent>;

export const LogMessage = z.looseObject({ role: z.string(), content: z.unknown() });
export type LogMessage = z.infer<typeof LogMessage>;

/** What one scorer's values of all epochs became, sample by sample. */
export const LogReduction = z.looseObject({
  scorer: z.string(),
  reducer: z.string().nullish(),
  samples: z.array(z.looseObject({ value: ScoreValue, sample_id: SampleId.nullish() })),
});
export type LogReduction = z.infer<typeof LogReduction>;
