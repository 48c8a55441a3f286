import { type OwnTier, type PartnerTier, partnerDays } from '@breakwater/contract';
import { z } from 'zod';
import type { Services } from '../../../../services.ts';
import type { TierRow } from './store.ts';

/** What is kept of a tier's texts. */
export const TierWords = z.object({ name: z.string(), about: z.string(), terms: z.string() });
export type TierWords = z.infer<typeof TierWords>;

/** null: erased. */
export async function tierWords(
  { content }: Pick<Services, 'content'>,
  row: Pick<TierRow, 'content'>,
): Promise<TierWords | null> {
  const text = await content.getText(row.content);
  return text === null ? null : TierWords.parse(JSON.parse(text));
}

/** A tier as everybody sees it. */
export async function tierView(
  services: Pick<Services, 'content' | 'directory'>,
  row: TierRow,
): Promise<PartnerTier> {
  const words = await tierWords(services, row);
  return {
    id: row.id,
    name: words?.name ?? null,
    about: words?.about ?? null,
    developer: await services.directory.refOf(row.developer),
    gives: [...row.gives],
    terms: { version: row.terms_version, digest: row.terms_digest, text: words?.terms ?? null },
    from: row.from_at,
    until: row.until_at,
    partnershipDays: row.partnership_days,
    reviewDays: row.review_days,
    takesApplications: row.takes_applications,
    answerDays: partnerDays.answer,
  };
}

/** A tier as its developer sees it. */
export async function ownTierView(services: Services, row: TierRow): Promise<OwnTier> {
  const told = row.told_content;
  return {
    ...(await tierView(services, row)),
    modelTold: told === null ? null : await services.content.getText(told),
    model: row.model,
    revision: row.revision,
  };
}
