import type { Disclosure, engage, Output, Owed } from '@breakwater/contract';
import type { Instant, Result } from '@breakwater/kernel';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';

/** What engagements ask of other slices; bound in slices/frontier.ts. */
export interface EngageNeeds {
  /** What is owed of access that was given: what ended by itself, and what is to be returned. */
  owedOfAccess(reader: Reader, engagement: string, now: Instant): Promise<readonly Owed[]>;
  /** The acts on a subject that `actor` may see at `level`, the oldest first. */
  actsOn(
    subject: string,
    reader: { readonly actor: Actor; readonly level: number },
  ): Promise<Output<typeof engage.acts>['items']>;
  /** An act on a subject that `actor` may see, with its proof. */
  proofOf(
    asked: { readonly entry: string; readonly subject: string },
    actor: Actor,
  ): Promise<Result<Disclosure>>;
}
