export { conformCsaf, csafFaults } from './conform.ts';
export type { CsafFault } from './fault.ts';
export { advisoryOfCsaf } from './read-advisory.ts';
export type { CsafDocument } from './structure.ts';
export { csafFileName, writeCsaf } from './write-csaf.ts';
