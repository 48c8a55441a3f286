import { z } from 'zod';
import { contaminations } from './runs.ts';

/** What a threshold rule measures: a share, or minutes of human time at a chance of success. */
export const measures = [
  'accuracy',
  'generalized-accuracy',
  'time-horizon-p50',
  'time-horizon-p80',
] as const;
export type Measure = (typeof measures)[number];

/** Where the whole interval of an estimate lies; a point is compared with nothing. */
export const evaluationOutcomes = ['interval-above', 'interval-below', 'interval-spans'] as const;
export type EvaluationOutcome = (typeof evaluationOutcomes)[number];

const Count = z.number().int().min(0);
const Interval = z.object({ low: z.number(), high: z.number(), level: z.number() });
const Epochs = z.object({ fewest: z.number(), most: z.number() });

/** A figure, or in words why there is none. */
function told<T extends z.ZodType>(figure: T) {
  return z.object({ figure: figure.nullable(), none: z.string().nullable() });
}

const Estimate = z.object({
  value: z.number(),
  interval: Interval,
  /** `share`: 0 to 1. `minutes`: of human time. */
  unit: z.enum(['share', 'minutes']),
  /** Tasks behind it. */
  n: z.number(),
  epochs: Epochs,
  /** Repetitions that had no score. */
  unscored: z.number(),
  method: z.string(),
  /** A horizon beyond the shortest or longest task. */
  extrapolated: z.boolean(),
});

/** What a set of samples comes to by the rule. */
const Against = z.object({
  samples: Count,
  estimate: told(Estimate),
  /** null where there is no estimate. */
  outcome: z.enum(evaluationOutcomes).nullable(),
});

/** The share solved within each budget, of the first scored repetition of each task. */
const BudgetCurve = z.object({
  unit: z.literal('tokens'),
  /** In ascending order; at most 500, thinned where there were more. */
  steps: z.array(
    z.object({
      spent: z.number(),
      atRisk: z.number(),
      solved: z.number(),
      interval: Interval,
    }),
  ),
  medianSpent: z.number().nullable(),
  n: z.number(),
  solved: z.number(),
  /** Stopped by the budget: with more of it, they might have gone on to success. */
  censored: z.number(),
  ended: z.number(),
  /** Failures of which nobody told how they ended; they count as ended by themselves. */
  endsUntold: z.number(),
});

const Power = z.object({
  tasks: z.number(),
  epochs: z.number(),
  level: z.number(),
  /** How alike the repetitions of one task are; null where each was tried once. */
  intraTask: z.number().nullable(),
  /** Half the width of the interval of the accuracy, now (first) and with more tasks or epochs. */
  plans: z.array(z.object({ tasks: z.number(), epochs: z.number(), half: z.number() })),
});

/** All that an evaluation found, as it is kept and as its digest commits to it. */
export const EvaluationFigures = z.object({
  format: z.literal('breakwater-evaluation/1'),
  /** Digest of the rule. */
  rule: z.string(),
  threshold: z.number(),
  level: z.number(),
  /** By which of the two the rule goes. */
  counts: z.enum(['all', 'without-invalid']),
  all: Against,
  withoutInvalid: Against,
  budget: told(BudgetCurve),
  power: told(Power),
  /** Samples by what is known of contamination. */
  contamination: z.object({
    worst: z.enum(contaminations),
    samples: z.record(z.enum(contaminations), Count),
  }),
  reviews: z.object({
    open: Count,
    disputed: Count,
    valid: Count,
    invalid: Count,
  }),
  /** Tasks by the source of their human time. */
  humanTime: z.record(z.string(), Count),
  /** Runs of the same suite and model since the rule, known to whoever evaluated, not attached. */
  runsLeftOut: Count,
});
export type EvaluationFigures = z.infer<typeof EvaluationFigures>;

/** The parts of an evaluation, each of which may be told by itself. */
export const evaluationParts = [
  'outcome',
  'estimate',
  'budget',
  'power',
  'contamination',
  'reviews',
] as const;
export type EvaluationPart = (typeof evaluationParts)[number];

/** An evaluation cut to need to know: what was not chosen is null. */
export const AssessmentFigures = z.object({
  outcome: z.enum(evaluationOutcomes).nullable(),
  /** By the set of samples that the rule goes by. */
  estimate: told(Estimate).nullable(),
  budget: told(BudgetCurve).nullable(),
  power: told(Power).nullable(),
  contamination: EvaluationFigures.shape.contamination.nullable(),
  reviews: EvaluationFigures.shape.reviews.nullable(),
});
export type AssessmentFigures = z.infer<typeof AssessmentFigures>;
