import type { AdvisoryView } from '@breakwater/contract';
import { parseId, parseInstant } from '@breakwater/kernel';
import { VerifiedPatch } from './documents.ts';
import type { AdvisoryRow } from './store.ts';

/** One line of the list of advisories. */
export function advisorySummary(row: AdvisoryRow) {
  const { osv } = row;
  return {
    id: row.id,
    summary: osv.summary ?? '',
    publishedAt: row.published_at,
    aliases: [...(osv.aliases ?? [])],
    affected: (osv.affected ?? []).flatMap(({ package: of, ranges }) => {
      if (of === undefined) return [];
      const events = (ranges ?? []).flatMap((range) => range.events);
      const fixed = events.flatMap((event) => event.fixed ?? []).at(-1) ?? null;
      return [{ ecosystem: of.ecosystem, package: of.name, fixed }];
    }),
    osv: `/v1/advisories/${row.id}`,
  };
}

/** An advisory for a page. */
export function advisoryView(row: AdvisoryRow): AdvisoryView {
  const { osv } = row;
  return {
    ...advisorySummary(row),
    modifiedAt: parseInstant(osv.modified) ?? row.published_at,
    details: osv.details ?? '',
    credits: (osv.credits ?? []).map((credit) => credit.name),
    references: (osv.references ?? []).map(({ type, url }) => ({ type, url })),
    patch: patchOf(row),
  };
}

function patchOf({ osv }: AdvisoryRow): AdvisoryView['patch'] {
  const known = VerifiedPatch.safeParse(osv.database_specific?.['verified_patch']);
  const id = known.success ? parseId('patch', known.data.id) : null;
  if (!known.success || id === null) return null;
  const { sha256, attestation } = known.data;
  return {
    id,
    sha256,
    attestation: attestation === null ? null : parseId('attestation', attestation),
  };
}
