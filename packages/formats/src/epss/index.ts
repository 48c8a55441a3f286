export { type EpssCode, type EpssRow, type EpssScores, epssLimits, parseEpss } from './epss.ts';
