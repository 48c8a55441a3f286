export { type Address, formatAddress, parseAddress } from './address.ts';
export { type Alternative, type Dimension, without } from './alternatives.ts';
export {
  type Authorization,
  type Pace,
  type Standing,
  standings,
  unboundedPace,
} from './authorization.ts';
export { type CommitOrder, type CommitRange, type Commits, parseCommits } from './commits.ts';
export { covers } from './covers.ts';
export { type Description, describe } from './describe.ts';
export { parseException } from './exceptions.ts';
export {
  type Extent,
  type ExtentInput,
  type ExtentRefusal,
  type ExtentText,
  formatExtent,
  parseExtent,
} from './extent.ts';
export {
  type Leave,
  type LeaveReason,
  type LeaveRule,
  type LeaveWish,
  leaveOf,
  leaveRules,
  needsLeave,
} from './leave.ts';
export { ancestorsOf, lineageRange, type Relation, relationOf } from './lineage.ts';
export { namesOf, type Rename, underAllNames } from './names.ts';
export {
  type NeverTimes,
  neverUntil,
  neverWindows,
  nextNever,
  noNeverTimes,
  parseNeverTimes,
  type WeeklyTime,
  type Window,
} from './never-times.ts';
export { type Overlap, type OverlapFacts, overlapOf } from './overlap.ts';
export { parseTarget, type TargetInput } from './parse-target.ts';
export {
  formatPlace,
  type Place,
  type PlaceInput,
  type PlaceRefusal,
  parsePlace,
} from './place.ts';
export type { RepositoryFacts } from './repository.ts';
export type { Revisions } from './revisions.ts';
export * from './target.ts';
export { formatVers, parseVers, type Versions } from './version-range.ts';
export {
  allWeaknesses,
  includesWeakness,
  parseWeaknesses,
  type Weaknesses,
} from './weaknesses.ts';
