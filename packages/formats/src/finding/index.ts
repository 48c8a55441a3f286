export {
  identifiersIn,
  lineOf,
  proseOf,
  type ToldFinding,
  type ToldLocation,
  toldLimits,
  versionOf,
} from './finding.ts';
