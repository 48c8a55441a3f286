export type { EndpointRefusal } from './models/endpoint.ts';
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
export { suiteFolder } from './suite/suite-folder.ts';
