export * from './crash.ts';
export { crashLimits, type ReadCrashCode, type ReadCrashOptions, readCrash } from './read-crash.ts';
