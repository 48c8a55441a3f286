export { baselineTimes, type TaskBaseline, taskBaselines } from './baselines.ts';
export {
  advanceClock,
  type BaselineClock,
  type ClockMark,
  type Interruption,
  type MarkType,
  markEveryMs,
  newClock,
  stallMs,
} from './clock.ts';
export {
  BaselineRecord,
  baselinesMax,
  outcomeOf,
  Pseudonym,
  readBaselines,
} from './record.ts';
