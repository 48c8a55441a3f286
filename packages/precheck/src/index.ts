export { type AskedEpoch, type Asking, ask } from './ask.ts';
export {
  type BucketShape,
  bucketOf,
  bucketParameters,
  entryBytes,
  entryInfo,
  handleBytes,
  nameOf,
  openBucket,
  rootOf,
} from './bucket.ts';
export {
  type CommitmentCode,
  checkCommitment,
  commitmentAct,
  type EpochSaid,
  epochContent,
} from './commitment.ts';
export {
  type Checkable,
  canonicalPackage,
  heldAmong,
  inputOf,
  type PrecheckKey,
  precheckKeys,
} from './keys.ts';
export {
  type Asked,
  blind,
  deriveEpochKeys,
  type EpochKeys,
  epochIdOf,
  evaluate,
  finalize,
  outputOf,
  type RandomBytes,
  suite,
} from './oprf.ts';
