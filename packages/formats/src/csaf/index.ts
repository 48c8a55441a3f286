export { conformCsaf, csafFaults } from './conform.ts';
export {
  type CsafAbout,
  type CsafAdvisory,
  type CsafProduct,
  type CsafReference,
  type CsafRemediation,
  type CsafScore,
  type CsafStatus,
  type CsafVulnerability,
  csafLimits,
} from './csaf.ts';
export { type OsvFromAdvisory, osvOfCsaf } from './csaf-as-osv.ts';
export type { CsafFault } from './fault.ts';
export {
  type CsafProvider,
  type CsafProviderCode,
  parseCsafProvider,
} from './provider-metadata.ts';
export { advisoryOfCsaf } from './read-advisory.ts';
export { type CsafCode, parseCsaf } from './read-csaf.ts';
export type { CsafDocument } from './structure.ts';
export { toldByCsaf } from './told-csaf.ts';
export { csafFileName, writeCsaf } from './write-csaf.ts';
