export type { EvalLog, LogPage, LogRange } from './eval-log.ts';
export type { EvalLogCode } from './fault.ts';
export { evalLogLimits } from './limits.ts';
export { checkMetrics, computeMetric, type MetricCheck } from './metrics.ts';
export { openEvalLog } from './open-eval-log.ts';
export { passAt, passPower, type Reducer, reduceRecords, reducerOf } from './reducers.ts';
export type { ListOptions, LogItem, LogList, LogSample } from './sample.ts';
export type { EventsToWrite, SampleToWrite } from './sample-to-text.ts';
export { numberOf, recordsOf, type ScoreRecord } from './score-values.ts';
export {
  LogEvent,
  LogHeader,
  LogMessage,
  LogReduction,
  LogScore,
  LogStatus,
  SampleHead,
  SampleId,
  SampleScore,
  SampleSummary,
  ScoreValue,
} from './shapes.ts';
export type { Coder, LogCodecs, LogSink, LogSource } from './source.ts';
export type { SampleKey } from './summaries.ts';
export {
  beginEvalLog,
  type LogEnd,
  type LogStart,
  type LogWriter,
  resumeEvalLog,
} from './write-eval-log.ts';
export type { WriteCodecs } from './zip-writer.ts';
