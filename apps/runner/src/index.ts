export type { BuildFailure } from './build/build-target.ts';
export type { JobOptions, Progress, WorkshopRefusal } from './build/workshop.ts';
export {
  type AttemptRecord,
  type BuildName,
  crashIn,
  type Output,
  signatureOf,
} from './prove/attempt.ts';
export { attestationOf } from './prove/attestation.ts';
export {
  type CampaignOptions,
  type CampaignRecord,
  type CampaignRefusal,
  type FoundInput,
  runCampaign,
} from './prove/campaign.ts';
export {
  type BuildSummary,
  type RecipeSummary,
  type ValidateOptions,
  type ValidationRecord,
  validate,
} from './prove/validate.ts';
export {
  type MatrixRow,
  type PatchRecord,
  type Proof,
  type TestRecord,
  type VerifyPatchOptions,
  verifyPatch,
} from './prove/verify-patch.ts';
export { type LoadedRecipe, type ReadRecipeRefusal, readRecipe } from './recipe/read-recipe.ts';
export { openSandbox, type SandboxOptions } from './sandbox/bubblewrap.ts';
export { SandboxRequestError } from './sandbox/request.ts';
export type {
  Capabilities,
  CollectedFile,
  Ending,
  Mount,
  RunEvidence,
  RunLimits,
  RunRecord,
  RunSpec,
  Sandbox,
  Staged,
  Tier,
} from './sandbox/sandbox.ts';
export { SandboxUnavailable } from './sandbox/unavailable.ts';
export { type BlobStore, type BlobWriter, memoryBlobs, openBlobs } from './world/blobs.ts';
export {
  type LostProcess,
  type Manifest,
  type ManifestEntry,
  parseManifest,
} from './world/manifest.ts';
export { openWorld } from './world/open-world.ts';
export { type Score, type ScoreRequest, scoreIn } from './world/score.ts';
export type {
  Command,
  CommandOutcome,
  EgressAttempt,
  EgressEvidence,
  Script,
  SeedFile,
  World,
  WorldEnd,
  WorldEvidence,
  WorldLimits,
  WorldOptions,
  WorldRefusal,
  WorldRefusalCode,
  WorldResult,
} from './world/world.ts';
