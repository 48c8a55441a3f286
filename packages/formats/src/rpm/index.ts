export { parseRpm, type RpmOptions, rpmQuery } from './rpm.ts';
