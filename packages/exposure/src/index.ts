export { type CompiledAdvisory, compileAdvisory } from './advisory.ts';
export { describeReason, type Explanation, type Neighbor } from './explain.ts';
export {
  type Assessment,
  createExposureIndex,
  type ExposureIndex,
  type Match,
  type Undecided,
} from './exposure-index.ts';
export type { Doubt, Reason } from './judge.ts';
export { matchInventory } from './match-inventory.ts';
