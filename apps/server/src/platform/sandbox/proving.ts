import type { Digest, Result } from '@breakwater/kernel';
import type {
  CampaignRecord,
  Capabilities,
  PatchRecord,
  Proof,
  ValidationRecord,
} from '@breakwater/runner';

/** A recipe's folder in memory: file name → bytes. */
export type RecipeFiles = Readonly<Record<string, Uint8Array>>;

export interface ReadRecipe {
  readonly digest: Digest;
  readonly title: string;
  readonly package: string;
  readonly harness: boolean;
}

/**
 * Running proofs: preparation and judgment are ours, everything untrusted happens in the sandbox.
 *
 * Answers are plain data; a refusal says what kept the work from starting (a source that cannot be
 * had, a tool that is missing, a machine without a sandbox). Durability: none; what counts comes
 * back as a command.
 */
export interface Proving {
  /** What the sandbox of this machine is; tier `refuse` where nothing can be run. */
  readonly capabilities: Capabilities;
  read(files: RecipeFiles): Promise<Result<ReadRecipe>>;
  validate(order: {
    readonly files: RecipeFiles;
    readonly proof: Uint8Array;
    readonly attempts: number;
    readonly expectedSignature?: string;
    readonly signal?: AbortSignal;
  }): Promise<Result<ValidationRecord>>;
  verify(order: {
    readonly files: RecipeFiles;
    readonly patch: Uint8Array;
    readonly proofs: readonly Proof[];
    readonly signal?: AbortSignal;
  }): Promise<Result<PatchRecord>>;
  fuzz(order: {
    readonly files: RecipeFiles;
    readonly seconds: number;
    readonly signal?: AbortSignal;
  }): Promise<Result<CampaignRecord>>;
  close(): Promise<void>;
}
