export type { CvssVersion } from './metrics.ts';
export {
  type CvssScore,
  type CvssSeverity,
  type CvssSteps,
  ratingOf,
  scoreCvss,
  stepsOf,
} from './score.ts';
export { type CvssCode, type CvssVector, parseCvss } from './vector.ts';
