import type { PrecheckEpoch } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import type { PrecheckKey } from '@breakwater/precheck';
import type { Reader } from '../../../../platform/database/database.ts';

/** What the pre-check asks of other slices; bound in slices/unasked.ts. */
export interface PrecheckNeeds {
  /** The keys by which each finding is held; none for what nobody is told of. */
  checkable(
    findings: readonly string[],
  ): Promise<readonly { readonly finding: string; readonly keys: readonly PrecheckKey[] }[]>;
  /** Ids of findings in their order, `limit` beyond `after`. */
  findingsBeyond(reader: Reader, after: string, limit: number): Promise<readonly string[]>;
  countFindings(reader: Reader): Promise<number>;
  reportersOf(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, string>>;
  casesOf(reader: Reader, findings: readonly string[]): Promise<ReadonlyMap<string, Id<'case'>>>;
  /** The newest act `act` on `subject` with its proof; null until it is under a signed checkpoint. */
  disclosureOf(subject: string, act: string): Promise<PrecheckEpoch['commitment'] | null>;
}
