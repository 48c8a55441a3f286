export { parsePnpmLock } from './pnpm-lock.ts';
