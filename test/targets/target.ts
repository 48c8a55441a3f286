/** Where the real fix of a target comes from; none of it lies here unless its license lets it. */
export type Fix =
  /** A patch inside one of the recipe's own archives, such as Debian's. */
  | { readonly kind: 'in-archive'; readonly source: string; readonly paths: readonly string[] }
  /** What the fixed release changes in these files of the vulnerable one. */
  | { readonly kind: 'between-releases'; readonly paths: readonly string[] }
  /** A patch in the repository. */
  | { readonly kind: 'file'; readonly path: string };

/** A plausible patch that is not good enough, and the codes it is to be refused with. */
export interface BadPatch {
  readonly path: string;
  readonly refusedFor: readonly string[];
}

/** One real, public, long-fixed defect, and what proving it must come to. */
export interface Target {
  readonly name: string;
  readonly identifier: string;
  /** The recipe's folder and the proof's file, from the repository's root. */
  readonly recipe: string;
  readonly proof: string;
  /** The crash's signature; null where the proof itself says what it saw. */
  readonly signature: string | null;
  readonly fix: Fix;
  /** `verified`, or `no-owner-tests` where no release of the package ships tests. */
  readonly fixComesTo: 'verified' | 'no-owner-tests';
  readonly badPatches: readonly BadPatch[];
}
