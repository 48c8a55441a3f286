export { curveChart } from './charts/curve-chart.ts';
export { type Drawn, escapeText, type Picture, svgText } from './charts/picture.ts';
export { type ReportChart, reportCharts } from './charts/report-charts.ts';
export { minutesWords, percent, plain, short } from './charts/scale.ts';
export type { RunsCode } from './fault.ts';
export { circumstancesOf, type FitOptions, type FittedRuns, fitRuns } from './fit-runs.ts';
export { withHumanTimes } from './human-times.ts';
export type { ItemMap } from './item-map.ts';
export type { BudgetFigure, ModelFigures, PassFigures, PowerFigures } from './model-figures.ts';
export {
  type BenchmarkReport,
  type Bootstrap,
  buildReport,
  type PairFigures,
  type ReportOptions,
} from './report.ts';
export { type ReportPage, reportPage } from './report-page.ts';
export { type ReportSection, reportSections } from './report-sections.ts';
export {
  budgetWords,
  contaminationWords,
  epochsWords,
  humanTimeWords,
  shareWords,
} from './report-words.ts';
export { type BenchmarkRun, contaminationOf, type RunEnd, timeSourceOf } from './run.ts';
export {
  type HumanTime,
  type LogRuns,
  type LogRunsOptions,
  runsOfLog,
  type Skipped,
} from './runs-of-log.ts';
export { RUNS_MAX, type RunsTable, readRuns } from './runs-table.ts';
export type { Told } from './told.ts';
export { csvRun, jsonRun, runsHead } from './write-runs.ts';
