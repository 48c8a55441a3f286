/** A disclosure program as a directory of such programs tells it. */
export interface DisclosureProgram {
  /** By what its directory knows it again: its address there, or its name. */
  readonly key: string;
  readonly name: string;
  /** Where its rules stand. */
  readonly policy: string | null;
  /** Mail addresses and `https:` addresses. */
  readonly contacts: readonly string[];
  /** As the directory judges it; null: not said. */
  readonly safeHarbor: 'full' | 'partial' | 'none' | null;
  /** Where its security.txt lies. */
  readonly securityTxt: string | null;
  readonly scopes: readonly WrittenScope[];
}

/** One line of a program's scope, as it was written. */
export interface WrittenScope {
  /** JSON pointer into the file. */
  readonly where: string;
  readonly written: string;
  readonly says: 'in' | 'out';
  /** The directory's own word for what it is, such as `wildcard`. */
  readonly kind: string | null;
}

/** What of a file became no program or no part of one. */
export interface NotUnderstood {
  /** JSON pointer into the file. */
  readonly where: string;
  readonly code:
    | 'no-object'
    | 'name-missing'
    | 'not-public'
    | 'twice'
    | 'not-an-address'
    | 'too-many';
  readonly text: string;
}

export interface ProgramList {
  readonly programs: readonly DisclosureProgram[];
  readonly notUnderstood: readonly NotUnderstood[];
}

/** The greatest directory had 2,425 programs in 2026, and one program some thousand lines. */
export const programLimits = {
  bytesMax: 16 * 1024 * 1024,
  depthMax: 16,
  programsMax: 20_000,
  scopesMax: 5_000,
} as const;
