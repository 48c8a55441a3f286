export type { CnaContainer, CveRecord, Provider } from './cna-container.ts';
export {
  type CveAdvisory,
  type CveAffected,
  type CveSsvc,
  type CveStatus,
  type CveVersion,
  cveLimits,
} from './cve.ts';
export { osvOfCve } from './cve-as-osv.ts';
export { advisoryOfCna } from './read-container.ts';
export { type CveCode, parseCve } from './read-cve.ts';
export { toldByCve } from './told-cve.ts';
export { cveRecordOf, writeCnaContainer } from './write-cve.ts';
