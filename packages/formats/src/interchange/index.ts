export { findingHash, type HashedFinding } from './canonical.ts';
export {
  type InterchangeRecord,
  isForEverybody,
  parseRecord,
  type RecordCode,
  recordPath,
  recordTypes,
  writeRecord,
} from './record.ts';
