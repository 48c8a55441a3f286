export { parseBunLock } from './bun-lock.ts';
