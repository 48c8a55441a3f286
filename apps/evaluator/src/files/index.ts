export { logName, type RunFile, readRun } from '../run/run-file.ts';
export { filePart, logCodecs } from './log-file-parts.ts';
export { readOwnText } from './own-text.ts';
export { suiteFolder } from './suite-folder.ts';
