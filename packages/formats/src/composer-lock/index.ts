export { parseComposerLock } from './composer-lock.ts';
