export type { AccessAnswer, AccessPort } from './access/access.ts';
export {
  type BaselineAsked,
  type BaselineCode,
  type BaselineGiven,
  type BaselineWork,
  playBaseline,
} from './baseline/open-baseline.ts';
export { type BaselineSession, movedBytesMax, type SessionCode } from './baseline/session.ts';
export {
  beginRun,
  type RunAsked,
  type RunCode,
  type RunDone,
  type RunGiven,
  resumeRun,
  worldsIn,
} from './run/run.ts';
export type { Clock, RunProgress, Worlds } from './run/surroundings.ts';
