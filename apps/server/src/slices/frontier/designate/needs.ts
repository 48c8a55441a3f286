import type {
  designate as contract,
  Disclosure,
  Output,
  RunFigures,
  RunLimits,
} from '@breakwater/contract';
import type { Id, Instant, Result } from '@breakwater/kernel';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Sample } from './figures.ts';

/** A run all of whose results a party may see. */
interface EvidenceRun {
  readonly run: Id<'run'>;
  readonly beganAt: Instant;
  readonly takenIn: boolean;
  readonly suite: string | null;
  /** Items of its suite. */
  readonly items: number;
  readonly limits: RunLimits;
  readonly model: string;
  readonly modelContent: Id<'content'>;
}

/** What designating asks of engagements, the benchmark and the log; bound in slices/frontier.ts. */
export interface DesignateNeeds {
  engagementOf(
    reader: Reader,
    id: string,
  ): Promise<{
    readonly id: Id<'engagement'>;
    readonly developer: Id<'party'>;
    readonly leftAt: Instant | null;
  } | null>;
  evidenceRun(reader: Reader, id: string, party: string): Promise<EvidenceRun | null>;
  countEvidence(reader: Reader, runs: readonly string[]): Promise<number>;
  /** Runs like one, begun after a moment, of which a log is here. */
  countLike(reader: Reader, of: { readonly run: string; readonly since: Instant }): Promise<number>;
  /** The samples of runs, each with what its log tells; null: a log was erased. */
  evidence(runs: readonly string[]): Promise<Evidence | null>;
  /** The newest act on a subject with its proof; null until it is under a signed checkpoint. */
  disclosureOf(subject: string, act: string): Promise<Disclosure | null>;
  /** When the first act on a subject went into the log; null until then. */
  committedAt(reader: Reader, subject: string, act: string): Promise<Instant | null>;
  actsOn(
    subject: string,
    reader: { readonly actor: Actor; readonly level: number },
  ): Promise<Output<typeof contract.acts>['items']>;
  proofOf(
    asked: { readonly entry: string; readonly subject: string },
    actor: Actor,
  ): Promise<Result<Disclosure>>;
}

/** Samples, and the benchmark's own count of them or of some. */
export interface Evidence {
  readonly samples: readonly Sample[];
  accuracyOf(
    samples: readonly Sample[],
    of: { readonly limits: RunLimits; readonly level: number },
  ): RunFigures['all'];
}
