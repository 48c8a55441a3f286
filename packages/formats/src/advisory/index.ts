export {
  type Advisory,
  type AffectedPackage,
  advisoryOfOsv,
  type Publisher,
  type Revision,
} from './advisory.ts';
