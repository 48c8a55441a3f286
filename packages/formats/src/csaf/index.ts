export { conformCsaf, csafFaults } from './conform.ts';
export type { CsafFault } from './fault.ts';
export type { CsafDocument } from './structure.ts';
