export {
  type CompiledAdvisory,
  compileAdvisory,
  type ListedReason,
  type RangeReason,
  type Reason,
} from './advisory.ts';
export { withBinaryPackages } from './binary-packages.ts';
export { describeReason, type Explanation, type Neighbor } from './explain.ts';
export {
  type Assessment,
  createExposureIndex,
  type ExposureIndex,
  type Match,
  type Undecided,
} from './exposure-index.ts';
export type { Doubt } from './judge.ts';
export { matchInventory } from './match-inventory.ts';
export { packageKey } from './package-key.ts';
