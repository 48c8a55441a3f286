import type { PartnerAsk } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../../platform/database/database.ts';
import { findApplication } from '../application/store.ts';
import type { PartnersNeeds } from '../needs.ts';
import { findTier } from '../tier/store.ts';
import { missingOf } from './grant.ts';
import { findPartnership } from './store.ts';

/** A partnership as other slices stand on it. */
export interface PartnershipStanding {
  readonly id: Id<'partner'>;
  readonly tier: Id<'tier'>;
  readonly developer: Id<'party'>;
  /** null: it came without an account. */
  readonly party: Id<'party'> | null;
  readonly gives: PartnerAsk;
  /** null: its developer names none behind the tier. */
  readonly model: Id<'model'> | null;
  /** When access ends at the latest: its days, its tier's, or a window that is to begin. */
  readonly until: Instant;
  /** PAR-15: nothing is missing now. */
  readonly isActive: boolean;
}

/** null where there is no partnership with this id. */
export async function partnershipStanding(
  reader: Reader,
  needs: PartnersNeeds,
  { partner, now }: { readonly partner: string; readonly now: Instant },
): Promise<PartnershipStanding | null> {
  const row = await findPartnership(reader, partner);
  const tier = row === null ? null : await findTier(reader, row.tier);
  const application = row === null ? null : await findApplication(reader, row.application);
  if (row === null || tier === null || application === null) return null;
  const window = tier.model === null ? null : await needs.windowOf(reader, tier.model, now);
  const isInWindow = window !== null && window.begins <= now;
  const ends = [row.expires_at, tier.until_at, isInWindow ? null : window?.begins];
  const missing = missingOf(
    { endedAt: row.ended_at, expiresAt: row.expires_at, acceptedTerms: row.accepted_terms },
    { from: tier.from_at, until: tier.until_at, terms: tier.terms_digest, isInWindow },
    now,
  );
  return {
    id: row.id,
    tier: row.tier,
    developer: row.developer,
    party: row.applicant,
    gives: application.asks,
    model: tier.model,
    until: ends.flatMap((each) => each ?? []).toSorted()[0] ?? row.expires_at,
    isActive: missing.length === 0,
  };
}

/** The partnerships of a party that were not ended; at most 200, the newest first. */
export async function partnershipsOf(
  reader: Reader,
  party: string,
): Promise<readonly Id<'partner'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'partner'> }>`
    select id from partners.partnership where applicant = ${party} and ended_at is null
    order by since desc, id desc limit 200`);
  return rows.map(({ id }) => id);
}

/** Whose tier it is, and which model is behind it; null where there is none with this id. */
export async function tierBehind(
  reader: Reader,
  id: string,
): Promise<{ readonly developer: Id<'party'>; readonly model: Id<'model'> | null } | null> {
  const tier = await findTier(reader, id);
  return tier === null ? null : { developer: tier.developer, model: tier.model };
}
