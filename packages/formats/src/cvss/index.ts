export type { CvssVersion } from './metrics.ts';
export { type CvssScore, type CvssSeverity, scoreCvss } from './score.ts';
export { type CvssCode, type CvssVector, parseCvss } from './vector.ts';
