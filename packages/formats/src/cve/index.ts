export type { CnaContainer, CveRecord, Provider } from './cna-container.ts';
export { advisoryOfCna } from './read-container.ts';
export { cveRecordOf, writeCnaContainer } from './write-cve.ts';
