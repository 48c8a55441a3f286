export { parsePackageLock } from './package-lock.ts';
