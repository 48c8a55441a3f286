import type { FindingDraft, NotWanted, OwnFinding } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Event } from '../../../platform/commands/commands.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

/** An identity key made blind: comparable here, and telling nothing elsewhere. */
export interface BlindKey {
  readonly kind: string;
  readonly use: 'both' | 'hold' | 'seek';
  readonly value: Uint8Array;
}

/** What placing a finding answers. */
export interface Placed {
  readonly case: Id<'case'>;
  readonly opened: boolean;
  readonly evidence: readonly string[];
  readonly event: Event;
  /** Set where the case is already published. */
  readonly advisory: string | null;
}

/** A finding that looks for its case. */
export interface Arriving {
  readonly finding: Id<'finding'>;
  readonly reporter: string;
  readonly title: Id<'content'>;
  readonly package: string;
  readonly version: string;
  readonly recipe: string | null;
  readonly keys: readonly BlindKey[];
}

/** What became of a finding: its case, how far that is, and what the sandbox said of it. */
export type Became = Pick<OwnFinding, 'case' | 'stage' | 'embargo' | 'advisory' | 'verdict'>;

/** What collecting asks of other slices; bound in slices/index.ts. */
export interface CollectNeeds {
  recipePackage(reader: Reader, recipe: string): Promise<string | null>;
  /** Whether the party's bound on guessing leaves room today. */
  mayGuess(reader: Reader, reporter: string, now: Instant): Promise<boolean>;
  /** Finds or opens the case of each, in their order; null: it waits for a day with room. */
  place(
    tx: Transaction,
    arrivals: readonly Arriving[],
    given: {
      /** Whose they all are. */
      readonly reporter: string;
      readonly now: Instant;
      /** Whether guesses are bounded; unless told, they are. */
      readonly bounded?: boolean;
      /** Cases the reporter sees already, and so learns nothing by joining. */
      readonly sees: (cases: readonly string[]) => Promise<ReadonlySet<string>>;
    },
  ): Promise<readonly (Placed | null)[]>;
  casesOf(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, Id<'case'>>>;
  /** What owners do not take for a vulnerability, of findings that are not handed in yet. */
  notWanted(drafts: readonly FindingDraft[], now: Instant): Promise<readonly NotWanted[]>;
  /** What became of each of `findings`. */
  became(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, Became>>;
}
