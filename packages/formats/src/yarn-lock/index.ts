export { parseYarnLock } from './yarn-lock.ts';
