import type { Result } from '@breakwater/kernel';

/** What stands somewhere below a folder; links are entries of kind `other` and never followed. */
export interface FolderEntry {
  /** From the folder, with `/` between names. */
  readonly path: string;
  readonly kind: 'file' | 'other';
  readonly size: number;
  readonly isExecutable: boolean;
}

/**
 * A folder with a suite, wherever it lies. Both refuse with words for a person and never throw
 * for what is in the folder. What is read is not trusted.
 */
export interface SuiteFolder {
  /** All that is below, but the folders themselves, in any order; refuses beyond `entriesMax`. */
  readonly list: (entriesMax: number) => Promise<Result<readonly FolderEntry[], FolderCode>>;
  /** The bytes of a file that was listed; refuses beyond `bytesMax`, and what is no file now. */
  readonly read: (path: string, bytesMax: number) => Promise<Result<Uint8Array, FolderCode>>;
}

export type FolderCode = 'folder-unreadable' | 'folder-too-large';

/** How much a suite may hold. */
export const suiteLimits = {
  entriesMax: 20_000,
  jsonBytesMax: 1024 * 1024,
  fileBytesMax: 64 * 1024 * 1024,
  bytesMax: 512 * 1024 * 1024,
} as const;
