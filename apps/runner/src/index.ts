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
