export { conform, osvLimits, parseOsv } from './osv.ts';
export type {
  OsvAffected,
  OsvCredit,
  OsvEvent,
  OsvPackage,
  OsvRange,
  OsvRecord,
  OsvReference,
  OsvSeverity,
} from './osv-record.ts';
export { toldByOsv } from './told-osv.ts';
