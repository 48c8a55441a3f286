import type { Disclosure, earlyAccess, Output, Protection } from '@breakwater/contract';
import type { Id, Result } from '@breakwater/kernel';
import type { Actor } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Engagement } from './model.ts';

/** An engagement as this slice needs it. */
export interface EngagementFacts extends Engagement {
  readonly id: Id<'engagement'>;
  readonly model: Id<'model'>;
  readonly developer: Id<'party'>;
  /** By which party the Government takes part in it. */
  readonly government: Id<'party'>;
  readonly terms: Readonly<Record<Protection, Id<'terms'> | null>>;
}

/** The text of a version of terms, as both sides signed it. */
export interface TermsText {
  readonly digest: string;
  /** null: erased. */
  readonly text: string | null;
}

/** What early access asks of other slices; bound in slices/frontier.ts and reactions.ts. */
export interface EarlyAccessNeeds {
  /** null where there is none with this id. */
  engagementOf(reader: Reader, id: string): Promise<EngagementFacts | null>;
  /** Every engagement on a model, under whatever codename. */
  engagementsOf(reader: Reader, model: string): Promise<readonly string[]>;
}

/** What its routes ask beside that. */
export interface RouteNeeds extends EarlyAccessNeeds {
  /** A version of terms of an engagement, with its text. */
  termsText(engagement: string, terms: string): Promise<TermsText | null>;
  /** Whether a finding is one that this party handed in. */
  isOwnFinding(reader: Reader, finding: string, party: Actor): Promise<boolean>;
  /** The acts on a subject that `actor` may see at `level`, the oldest first. */
  actsOn(
    subject: string,
    reader: { readonly actor: Actor; readonly level: number },
  ): Promise<Output<typeof earlyAccess.acts>['items']>;
  /** An act on a subject that `actor` may see, with its proof. */
  proofOf(
    asked: { readonly entry: string; readonly subject: string },
    actor: Actor,
  ): Promise<Result<Disclosure>>;
}
