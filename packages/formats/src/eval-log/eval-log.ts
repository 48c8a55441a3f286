import type { Result } from '@breakwater/kernel';
import type { EvalLogCode } from './fault.ts';
import type { LogItem, LogSample } from './sample.ts';
import type { LogEvent, LogHeader, LogReduction, LogStatus, SampleSummary } from './shapes.ts';
import type { SampleKey } from './summaries.ts';

/** Which elements of a list are wanted. */
export interface LogRange {
  readonly from: number;
  /** At most `evalLogLimits.pageItemsMax`; fewer come where they are large. */
  readonly limit: number;
}

/** Some elements of a list. */
export interface LogPage<T> {
  readonly from: number;
  readonly total: number;
  readonly items: readonly T[];
  /** Where the next page begins; null at the end. */
  readonly next: number | null;
}

/** A log that was opened. Nothing of its samples is held. */
export interface EvalLog {
  readonly form: 'eval' | 'json';
  /** `started`: still running, or cut off. */
  readonly status: LogStatus;
  /** It has a header of its own; without one, `header` is what stood fast when it was begun. */
  readonly isFinished: boolean;
  readonly header: LogHeader;
  /** Samples that lie in it, whether a summary names them or not. */
  readonly sampleCount: number;
  /** In the order of the log. A sample that was run again has one entry. */
  readonly summaries: (range: LogRange) => Promise<Result<LogPage<SampleSummary>, EvalLogCode>>;
  /** The same one by one, in bounded memory; throws nothing, ends with a refusal or with null. */
  readonly eachSummary: () => AsyncGenerator<SampleSummary, Result<null, EvalLogCode>>;
  readonly reductions: () => Promise<Result<readonly LogReduction[], EvalLogCode>>;
  /** Goes through the text of the sample once; its pages are then read by their places. */
  readonly sample: (key: SampleKey) => Promise<Result<LogSample, EvalLogCode>>;
  /**
   * The first events of a sample, at most `evalLogLimits.pageItemsMax`, their references as they
   * are: read no further than they go, however large the sample.
   */
  readonly firstEvents: (
    key: SampleKey,
    limit: number,
  ) => Promise<Result<readonly LogItem<LogEvent>[], EvalLogCode>>;
}
