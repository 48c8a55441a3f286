export { filePart, logCodecs } from './log-file-parts.ts';
export { suiteFolder } from './suite-folder.ts';
