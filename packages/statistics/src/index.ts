export {
  type Abilities,
  type AbilitiesOptions,
  type Ability,
  fitAbilities,
  type Item,
  weakPrior,
} from './ability/abilities.ts';
export { gaussHermite, type Rule } from './ability/gauss-hermite.ts';
export type { Prior } from './ability/marginal.ts';
export { type Expected, fitOfResponses, type ResponseFit } from './ability/response-fit.ts';
export {
  caisiScale,
  POINTS_PER_LOGIT,
  POINTS_PER_THREEFOLD,
  type Scale,
} from './ability/scale.ts';
export { abilityOf, type LikelihoodAbility, type ScoredAnswer } from './ability/score.ts';
export { type ModelRun, type Tally, tally } from './ability/tallies.ts';
export {
  type Accuracy,
  type AccuracyOptions,
  accuracy,
  standardError,
  type TaskScores,
} from './accuracy.ts';
export { type Agreement, cohensKappa } from './agreement.ts';
export type { Numbers } from './at.ts';
export {
  type BudgetOptions,
  type BudgetStep,
  type ScoreAgainstBudget,
  type Spending,
  scoreAgainstBudget,
} from './budget/score-against-budget.ts';
export { type Difference, pairedDifference } from './compare.ts';
export {
  type Circumstances,
  type Contamination,
  type Epochs,
  type Figure,
  type HumanTimeSource,
  type Interval,
  type Stated,
  stated,
} from './figure.ts';
export {
  type GeneralizedAccuracies,
  type GeneralizedAccuracy,
  type GeneralizedOptions,
  generalizedAccuracy,
} from './generalized-accuracy.ts';
export { type GeometricMean, geometricMean } from './geometric-mean.ts';
export type { BootstrapRows } from './horizon/bootstrap.ts';
export {
  type DatedHorizon,
  type Doubling,
  type DoublingSpread,
  doublingInterval,
  doublingTime,
} from './horizon/doubling.ts';
export {
  chanceAt,
  fitHorizonCurve,
  HORIZON_PENALTY,
  type HorizonColumns,
  type HorizonCurve,
  type HorizonFitOptions,
  minutesAt,
} from './horizon/fit.ts';
export {
  type Horizon,
  type Horizons,
  type HorizonsOptions,
  horizons,
  type NoHorizon,
  REPLICATES_MAX,
} from './horizon/horizons.ts';
export { HORIZON_RUNS_MAX, type HorizonRun, horizonWeights } from './horizon/runs.ts';
export {
  type Pass,
  type PassOptions,
  passAll,
  passAny,
  passAtK,
  passHatK,
} from './pass.ts';
export {
  type ComparisonPlan,
  epochsFor,
  halfWidth,
  type IntraTask,
  intraTaskCorrelation,
  type Plan,
  tasksFor,
  tasksForDifference,
} from './power.ts';
export { type Proportion, wilson } from './proportion.ts';
export { normalCritical, normalQuantile } from './quantiles/normal.ts';
export { percentileInterval, quantile } from './quantiles/sample.ts';
export { studentCritical, studentQuantile } from './quantiles/student.ts';
export { normalFrom, type Random, seededRandom } from './random.ts';
export type { Figured, StatisticsCode } from './refusal.ts';
