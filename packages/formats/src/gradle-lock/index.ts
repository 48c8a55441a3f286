export { parseGradleLock } from './gradle-lock.ts';
