export { type PythonLock, parsePythonLock } from './python-lock.ts';
