export {
  type KevCatalog,
  type KevCode,
  type KevEntry,
  kevLimits,
  parseKevCsv,
  parseKevJson,
} from './catalog.ts';
