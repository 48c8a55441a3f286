import type { PartnerAsk } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';

/** What a grant of early access and a partnership have in common. */
interface StandingBase {
  readonly developer: Id<'party'>;
  /** When it ends at the latest. */
  readonly until: Instant;
  /** Nothing of it is missing now, as the slice says that owns it. */
  readonly isActive: boolean;
}

export interface GrantStanding extends StandingBase {
  readonly id: Id<'grant'>;
  readonly window: Id<'window'>;
  readonly member: Id<'member'>;
  /** Who answers for it. */
  readonly person: Id<'member'>;
  readonly party: Id<'party'>;
  readonly model: Id<'model'>;
}

export interface PartnershipStanding extends StandingBase {
  readonly id: Id<'partner'>;
  readonly tier: Id<'tier'>;
  /** null: it came without an account, so that nobody here has keys on it. */
  readonly party: Id<'party'> | null;
  readonly gives: PartnerAsk;
  readonly model: Id<'model'> | null;
}

/** Whose a window or a tier is, and the model behind it. */
export interface Behind {
  readonly developer: Id<'party'>;
  readonly model: Id<'model'> | null;
}

/** What the gateway asks of others; bound in slices/frontier.ts and reactions.ts. */
export interface FollowNeeds {
  windowBehind(reader: Reader, window: string): Promise<Behind | null>;
  /** The model of an engagement, and the windows in it. */
  insideOf(
    reader: Reader,
    engagement: string,
  ): Promise<{ readonly model: Id<'model'>; readonly windows: readonly Id<'window'>[] } | null>;
}

export interface GatewayNeeds extends FollowNeeds {
  grantStanding(reader: Reader, grant: string, now: Instant): Promise<GrantStanding | null>;
  /** Grants of a person, and of services that it answers for. */
  grantsOfMember(
    reader: Reader,
    of: { readonly party: string; readonly member: string },
  ): Promise<readonly Id<'grant'>[]>;
  partnershipStanding(
    reader: Reader,
    partner: string,
    now: Instant,
  ): Promise<PartnershipStanding | null>;
  partnershipsOf(reader: Reader, party: string): Promise<readonly Id<'partner'>[]>;
  tierBehind(reader: Reader, tier: string): Promise<Behind | null>;
  /** The party whose model it is; null: there is no such model. */
  developerOf(reader: Reader, model: string): Promise<string | null>;
}
