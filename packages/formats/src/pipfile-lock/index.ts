export { parsePipfileLock } from './pipfile-lock.ts';
