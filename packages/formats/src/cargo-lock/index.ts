export { parseCargoLock } from './cargo-lock.ts';
