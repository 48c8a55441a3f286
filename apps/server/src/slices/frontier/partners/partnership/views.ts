import type { Partnership } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import type { As } from '../application/access.ts';
import { findApplication } from '../application/store.ts';
import { applicationWords, reasonsOf } from '../application/words.ts';
import type { PartnersNeeds } from '../needs.ts';
import { findTier, type TierRow } from '../tier/store.ts';
import { tierWords } from '../tier/views.ts';
import { missingOf } from './grant.ts';
import type { PartnershipRow } from './store.ts';

/** A partnership with its grant, as it stands at this moment. */
export async function partnershipView(
  services: Services,
  needs: PartnersNeeds,
  row: PartnershipRow,
  { as, now }: { readonly as: As; readonly now: Instant },
): Promise<Partnership> {
  const { tier, application, missing } = await services.database.read(async (r) => {
    const found = await findTier(r, row.tier);
    const of = await findApplication(r, row.application);
    if (found === null || of === null) throw new Error(`partnership ${row.id} is of nothing`);
    return {
      tier: found,
      application: of,
      missing: await missingNow(r, needs, { row, tier: found, now }),
    };
  });
  const words = await applicationWords(services, application.words_content);
  return {
    id: row.id,
    tier: row.tier,
    tierName: (await tierWords(services, tier))?.name ?? null,
    application: row.application,
    organization: words?.organization ?? null,
    gives: application.asks,
    since: row.since,
    expiresAt: row.expires_at,
    reviewAt: row.review_at,
    reviewedAt: row.reviewed_at,
    ended: await endOf(services, row),
    terms: tier.terms_digest,
    acceptedTerms: row.accepted_terms,
    modelTold: await modelTold(services, { row, tier, as, now }),
    grant: { active: missing.length === 0, missing },
  };
}

/** PAR-15: what a partner's access lacks at this moment. */
async function missingNow(
  reader: Reader,
  needs: PartnersNeeds,
  {
    row,
    tier,
    now,
  }: { readonly row: PartnershipRow; readonly tier: TierRow; readonly now: Instant },
) {
  const window = tier.model === null ? null : await needs.windowOf(reader, tier.model, now);
  const isInWindow = window !== null && window.begins <= now;
  return missingOf(
    { endedAt: row.ended_at, expiresAt: row.expires_at, acceptedTerms: row.accepted_terms },
    { from: tier.from_at, until: tier.until_at, terms: tier.terms_digest, isInWindow },
    now,
  );
}

/** PAR-17: to the partner under the terms that stand, while it is one; and to its developer. */
async function modelTold(
  { content }: Services,
  {
    row,
    tier,
    as,
    now,
  }: {
    readonly row: PartnershipRow;
    readonly tier: TierRow;
    readonly as: As;
    readonly now: Instant;
  },
): Promise<string | null> {
  const stands = row.ended_at === null && now < row.expires_at;
  const isTold = as === 'applicant' && stands && row.accepted_terms === tier.terms_digest;
  if (tier.told_content === null || !(isTold || as === 'developer')) return null;
  return await content.getText(tier.told_content);
}

async function endOf(services: Services, row: PartnershipRow): Promise<Partnership['ended']> {
  if (row.ended_at === null || row.ended_by === null) return null;
  return { at: row.ended_at, by: row.ended_by, ...(await reasonsOf(services, row.ended_content)) };
}
