export {
  beginRun,
  type RunAsked,
  type RunCode,
  type RunDone,
  type RunGiven,
  resumeRun,
  worldsIn,
} from './run/run.ts';
export type { RunProgress } from './run/surroundings.ts';
