export type { RunsCode } from './fault.ts';
export { circumstancesOf, type FitOptions, type FittedRuns, fitRuns } from './fit-runs.ts';
export { type BenchmarkRun, contaminationOf, type RunEnd, timeSourceOf } from './run.ts';
export {
  type HumanTime,
  type LogRuns,
  type LogRunsOptions,
  runsOfLog,
  type Skipped,
} from './runs-of-log.ts';
export { RUNS_MAX, type RunsTable, readRuns } from './runs-table.ts';
export { csvRun, jsonRun, runsHead } from './write-runs.ts';
