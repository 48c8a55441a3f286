import { z } from 'zod';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { suiteItemsMax } from './suites.ts';
import { At, Base64, idOf, Line, PartyRef, Reason } from './words.ts';

/** `running`: under way, or its log is on its way; `taken-in`: its log is here and holds. */
export const runStates = ['running', 'taken-in', 'failed', 'cancelled'] as const;
export const contaminations = ['none-known', 'unknown', 'suspected', 'confirmed'] as const;
/** Why a sample counts for nothing. */
export const invalidReasons = [
  'reward-hack',
  'environment-fault',
  'refusal',
  'format',
  'contamination',
] as const;
/** `open`: fewer than two reviews are in; `disputed`: two differ, and a third decides. */
export const reviewStates = ['open', 'disputed', 'valid', 'invalid'] as const;

const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What one sample may spend at most; money in millionths. */
export const RunLimits = z.strictObject({
  messages: Count.optional(),
  tokens: Count.optional(),
  turns: Count.optional(),
  seconds: Count.optional(),
  workingSeconds: Count.optional(),
  cost: Count.optional(),
});
export type RunLimits = z.infer<typeof RunLimits>;

/** An accuracy with all that has to be known beside it. */
const AccuracyFigure = z.object({
  value: z.number(),
  standardError: z.number(),
  interval: z.object({ low: z.number(), high: z.number(), level: z.number() }),
  /** Tasks, and clusters of tasks, behind it. */
  n: z.number(),
  clusters: z.number(),
  epochs: z.object({ fewest: z.number(), most: z.number() }),
  /** Repetitions that had no score and were left out. */
  unscored: z.number(),
  method: z.string(),
  circumstances: z.object({
    budget: z.string().nullable(),
    /** Tasks by the source of their human time. */
    humanTime: z.record(z.string(), z.number()),
    contamination: z.enum(contaminations),
  }),
});

/** Of the samples that the reader may see: all of them, and without those found invalid. */
export const RunFigures = z.object({
  samples: z.number(),
  /** Found invalid by their reviewers. */
  invalid: z.number(),
  /** null: fewer than two tasks, or scores on another scale than 0 to 1. */
  all: AccuracyFigure.nullable(),
  withoutInvalid: AccuracyFigure.nullable(),
});
export type RunFigures = z.infer<typeof RunFigures>;

/** One run, as far as its reader may know of it. */
export const Run = z.object({
  id: idOf('run'),
  /** null: stands alone. */
  suite: idOf('suite').nullable(),
  by: PartyRef,
  model: z.string().nullable(),
  state: z.enum(runStates),
  beganAt: At,
  endedAt: At.nullable(),
  limits: RunLimits,
  /** What its worker told; null to whoever may not see all results. */
  progress: z
    .object({ planned: z.number().nullable(), samples: z.number(), turns: z.number() })
    .nullable(),
  /** null: no log yet, or you may not see results. */
  figures: RunFigures.nullable(),
  /** Length of the log in bytes, so far; null to whoever may not read it. */
  logBytes: z.number().nullable(),
  revision: z.number(),
});
export type Run = z.infer<typeof Run>;

export const RunSample = z.object({
  id: idOf('sample'),
  run: idOf('run'),
  /** In its log, from 0; null to whoever may not see all results of the run. */
  place: z.number().nullable(),
  epoch: z.number(),
  /** The sealed item it is of; null where the run stands alone. */
  item: idOf('item').nullable(),
  commitment: z.string().nullable(),
  /** null: it was not scored. */
  score: z.number().nullable(),
  /** It ended with an error, or at a limit. */
  failed: z.boolean(),
  limited: z.boolean(),
  /** `suspected`: a canary or an answer of its suite was seen where the model had not got it. */
  contamination: z.enum(contaminations),
  review: z.enum(reviewStates),
});
export type RunSample = z.infer<typeof RunSample>;

const Review = z.object({
  by: PartyRef,
  verdict: z.enum(['valid', 'invalid']),
  reason: z.enum(invalidReasons).nullable(),
  words: z.string().nullable(),
  at: At,
});

const ofRun = z.strictObject({ run: idOf('run') });
const ofSample = z.strictObject({ sample: idOf('sample') });
const needsRun = { subject: 'run', level: 'summary' } as const;
/** As many logs are read as may be at once, and as many calls wait for it. */
const busy = { 'logs-busy': 503 } as const;
const ended = { 'run-ended': 409 } as const;
/** What `packages/formats` says of a log that it does not read. */
const logRefusals = {
  'not-a-log': 422,
  'version-unknown': 422,
  damaged: 422,
  'too-large': 422,
  'too-many': 422,
  'too-deep': 422,
  'expands-too-far': 422,
  'members-overlap': 422,
  'name-unsafe': 422,
  encrypted: 422,
  'packing-unknown': 422,
  'not-json': 422,
  'shape-unknown': 422,
  'no-such-sample': 422,
  'out-of-order': 422,
} as const;

export const runs = {
  beginRun: operation({
    id: 'benchmark.begin-run',
    method: 'POST',
    path: '/v1/runs',
    summary: 'Begin a run of a suite, or one that stands alone; its log comes in parts',
    callers: ['evaluator'],
    body: z.strictObject({
      suite: idOf('suite').optional(),
      model: Line,
      limits: RunLimits.default({}),
      contamination: z.enum(contaminations).default('unknown'),
      /** How many samples it will have. */
      planned: z.number().int().min(1).max(500_000).optional(),
    }),
    output: z.object({ run: idOf('run') }),
    refusals: { 'run-not-allowed': 403, 'too-many': 409 },
  }),
  progress: operation({
    id: 'benchmark.progress',
    method: 'POST',
    path: '/v1/runs/{run}/progress',
    summary: 'Tell how far a run is: samples that ended, and turns; neither goes back',
    callers: ['evaluator'],
    needs: needsRun,
    params: ofRun,
    body: z.strictObject({ samples: Count, turns: Count }),
    output: z.object({ run: idOf('run') }),
    refusals: { ...ended, 'worker-alone': 403, 'goes-back': 409 },
  }),
  endRun: operation({
    id: 'benchmark.end-run',
    method: 'POST',
    path: '/v1/runs/{run}/end',
    summary: 'End a run of which no log will come',
    callers: ['evaluator'],
    needs: needsRun,
    params: ofRun,
    body: z.strictObject({ state: z.enum(['failed', 'cancelled']) }),
    output: z.object({ run: idOf('run') }),
    refusals: { ...ended, 'worker-alone': 403 },
  }),
  addPart: operation({
    id: 'benchmark.add-part',
    method: 'POST',
    path: '/v1/runs/{run}/parts',
    summary: 'Add the next bytes of the log of a run, at most 8 MiB; `at` is where they begin',
    callers: ['evaluator'],
    needs: needsRun,
    params: ofRun,
    body: z.strictObject({ at: Count, bytes: Base64.min(1) }),
    bodyBytesMax: 12 * 1024 * 1024,
    output: z.object({ size: z.number() }),
    refusals: { ...ended, 'worker-alone': 403, 'part-out-of-place': 409, 'log-too-large': 409 },
  }),
  takeIn: operation({
    id: 'benchmark.take-in',
    method: 'POST',
    path: '/v1/runs/{run}/log',
    summary: 'Take the log in: it has to be whole, and its figures have to follow from its samples',
    callers: ['evaluator'],
    needs: needsRun,
    params: ofRun,
    body: z.strictObject({
      /** In bytes. */
      size: Count,
      /** Of which sealed item each id of a sample is; none where the run stands alone. */
      items: z
        .array(z.strictObject({ sample: z.string().min(1).max(1_024), item: idOf('item') }))
        .max(suiteItemsMax)
        .default([]),
    }),
    output: z.object({ run: idOf('run'), samples: z.number() }),
    refusals: {
      ...ended,
      ...busy,
      ...logRefusals,
      'worker-alone': 403,
      'part-missing': 409,
      'log-unfinished': 422,
      'figures-differ': 422,
      'samples-differ': 422,
      'sample-of-no-item': 422,
      'no-such-item': 422,
      'epoch-twice': 422,
      'samples-too-many': 422,
    },
  }),
  runs: operation({
    id: 'benchmark.runs',
    method: 'GET',
    path: '/v1/runs',
    summary: 'The runs you may know of, newest first',
    callers: ['evaluator'],
    query: PageQuery.extend({
      suite: idOf('suite').optional(),
      state: z.enum(runStates).optional(),
    }),
    output: pageOf(Run.omit({ figures: true })),
  }),
  run: operation({
    id: 'benchmark.get-run',
    method: 'GET',
    path: '/v1/runs/{run}',
    summary: 'One run: how far it is, and its figures over what you may see',
    callers: ['evaluator'],
    needs: needsRun,
    params: ofRun,
    output: Run,
  }),
  runLog: operation({
    id: 'benchmark.run-log',
    method: 'GET',
    path: '/v1/runs/{run}/log',
    summary: 'The log of a run, whole or a range of its bytes; for whoever may see all of it',
    callers: ['evaluator'],
    needs: needsRun,
    params: ofRun,
    output: z.string(),
    file: 'application/octet-stream',
    ranges: true,
    refusals: { 'range-not-there': 416 },
  }),
  samples: operation({
    id: 'benchmark.samples',
    method: 'GET',
    path: '/v1/runs/{run}/samples',
    summary: 'The samples of a run whose results you may see, in the order of its log',
    callers: ['evaluator'],
    needs: needsRun,
    params: ofRun,
    query: PageQuery.extend({
      review: z.enum(reviewStates).optional(),
      /** Those alone that your party may still review. */
      reviewable: z.literal('true').optional(),
    }),
    output: pageOf(RunSample),
  }),
  sample: operation({
    id: 'benchmark.sample',
    method: 'GET',
    path: '/v1/samples/{sample}',
    summary: 'One sample, with its reviews once both are in, and that of your party',
    callers: ['evaluator'],
    params: ofSample,
    output: RunSample.extend({
      reviews: z.array(Review),
      /** What your party said of it; null: nothing. */
      own: Review.nullable(),
      /** It is not decided, and your party may read it, did not bring it, and said nothing of it. */
      mayReview: z.boolean(),
    }),
  }),
  transcript: operation({
    id: 'benchmark.transcript',
    method: 'GET',
    path: '/v1/samples/{sample}/transcript',
    summary: 'The transcript of a sample by pages of events; for whoever may see item and result',
    callers: ['evaluator'],
    params: ofSample,
    query: z.object({
      from: z.coerce.number().int().min(0).max(10_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    output: z.object({
      from: z.number(),
      total: z.number(),
      /** Where the next page begins; null at the end. */
      next: z.number().nullable(),
      /** Events as Inspect writes them; `event` null where one is too large to show. */
      items: z.array(
        z.object({
          at: z.number(),
          bytes: z.number(),
          event: z.record(z.string(), z.unknown()).nullable(),
        }),
      ),
    }),
    refusals: { ...busy, ...logRefusals },
  }),
  review: operation({
    id: 'benchmark.review',
    method: 'POST',
    path: '/v1/samples/{sample}/review',
    summary: 'Say whether a sample counts, blind to what others say; two that differ need a third',
    callers: ['evaluator'],
    params: ofSample,
    body: z.strictObject({
      verdict: z.enum(['valid', 'invalid']),
      /** Needed with `invalid`. */
      reason: z.enum(invalidReasons).optional(),
      words: Reason.optional(),
    }),
    output: z.object({ sample: idOf('sample') }),
    refusals: {
      'reason-needed': 422,
      'own-run': 403,
      'already-reviewed': 409,
      'review-closed': 409,
    },
  }),
  figures: operation({
    id: 'benchmark.figures',
    method: 'GET',
    path: '/v1/suites/{suite}/figures',
    summary: 'Accuracy of each model on a suite, by what it could spend, over what you may see',
    callers: ['evaluator'],
    needs: { subject: 'suite', level: 'summary' },
    params: z.strictObject({ suite: idOf('suite') }),
    output: z.object({
      items: z.array(
        z.object({
          model: z.string().nullable(),
          limits: RunLimits,
          runs: z.number(),
          figures: RunFigures,
        }),
      ),
    }),
  }),
};
