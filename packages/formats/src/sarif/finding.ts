import type { Result } from '@breakwater/kernel';
import type { ToldFinding } from '../finding/finding.ts';

/** Levels of a result, §3.27.10. */
export type SarifLevel = 'none' | 'note' | 'warning' | 'error';

/** One place a result names. */
export interface SarifPlace {
  /** From the root of the source where the file tells it, else as given; null: none is named. */
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  /** Fully qualified where the file gives that, §3.33.5. */
  readonly function: string | null;
  readonly message: string | null;
}

/** The rule that a result breaks, as far as the file describes it. */
export interface SarifRule {
  readonly id: string;
  readonly name: string | null;
  readonly summary: string | null;
  readonly description: string | null;
  readonly help: string | null;
  readonly helpUri: string | null;
}

/** Why nobody should act on a result: §3.27.9, §3.35, §3.27.24. */
export type SarifClosed =
  | 'pass'
  | 'not-applicable'
  | 'informational'
  | 'suppressed'
  | 'absent-since-baseline';

export interface SarifFingerprint {
  /** Such as `primaryLocationLineHash/v1`. */
  readonly name: string;
  readonly value: string;
}

/** One result of a run, with what the run says about it: what of it others can use. */
export interface SarifFinding extends ToldFinding {
  /** null: the result names no rule. */
  readonly rule: SarifRule | null;
  readonly level: SarifLevel;
  /** A number from 0 to 10 that GitHub's convention gives a rule; no vector is behind it. */
  readonly securitySeverity: number | null;
  /** All of them; `weakness` is the first. */
  readonly weaknesses: readonly string[];
  /** In order of name: `fingerprints` (§3.27.17) identify the result, partial ones help to. */
  readonly fingerprints: readonly SarifFingerprint[];
  readonly partialFingerprints: readonly SarifFingerprint[];
  readonly guid: string | null;
  readonly places: readonly SarifPlace[];
  readonly related: readonly SarifPlace[];
  /** The steps of the first code flow, or else of the first stack. */
  readonly steps: readonly SarifPlace[];
  readonly closedAs: SarifClosed | null;
  readonly baselineState: 'new' | 'unchanged' | 'updated' | null;
}

/** One element of `runs[].results`, at its place. */
export interface SarifRow {
  /** Such as `/runs/0/results/3`. */
  readonly pointer: string;
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly finding: Result<SarifFinding, SarifRowCode>;
}

export type SarifRowCode = 'row-malformed' | 'row-too-large';

/** One run of one tool. */
export interface SarifRun {
  /** Name and version in one line; null: the file does not name it. */
  readonly tool: string | null;
  readonly repository: string | null;
  readonly revision: string | null;
  readonly rules: number;
  readonly results: number;
}

export const sarifLimits = {
  /** What is read whole; larger files are read from a source that can be opened twice. */
  bytesMax: 64 * 1024 * 1024,
  /** Characters that are told of its results, with the texts of rules that each is given. */
  toldMax: 128 * 1024 * 1024,
  depthMax: 64,
  runsMax: 1_000,
  resultsMax: 10_000_000,
  resultBytesMax: 4 * 1024 * 1024,
  /** Of one run: its tool with all rules, and each other part that results refer to. */
  partBytesMax: 32 * 1024 * 1024,
  rulesMax: 100_000,
  artifactsMax: 1_000_000,
  /** In one result. */
  placesMax: 100,
  stepsMax: 100,
  fingerprintsMax: 100,
} as const;
