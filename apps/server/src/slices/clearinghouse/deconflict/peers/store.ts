import type { Output, wishes } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { ancestorsOf, lineageRange, type Target } from '@breakwater/scope';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';

export interface AuditRow {
  readonly lineage: string;
  readonly advisory: string;
  readonly feed: Uint8Array;
  readonly repository: string;
  readonly digest: Uint8Array;
  readonly said_content: Id<'content'>;
  readonly audited_at: Instant;
}

/** The feed's name, which is a person's word. */
const SaidOfAudit = z.object({ feed: z.string() });

/** More audits of one place than anybody reads. */
const shownMax = 100;

/** Fixes on a target, or on a part of it, that others audited and that held. */
export async function auditsAbout(
  services: Services,
  { lineage }: Target,
): Promise<Output<typeof wishes.wishes>['audits']> {
  const { from, before } = lineageRange(lineage);
  const rows = await services.database.read((r) =>
    r.rows(sql<AuditRow>`
      (select * from deconflict.audit where lineage = any(${[...ancestorsOf(lineage)]}::text[])
       order by lineage limit ${shownMax})
      union all
      (select * from deconflict.audit where lineage > ${from} and lineage < ${before}
       order by lineage limit ${shownMax})`),
  );
  return await Promise.all(
    rows.map(async (row) => {
      const text = await services.content.getText(row.said_content);
      const said = text === null ? null : SaidOfAudit.parse(JSON.parse(text));
      const { repository, advisory, audited_at: at } = row;
      return { repository, advisory, at, from: said?.feed ?? '' };
    }),
  );
}

/** The audit of an advisory's fix by one feed. */
export async function auditOf(
  reader: Reader,
  of: Pick<AuditRow, 'lineage' | 'advisory' | 'feed'>,
): Promise<AuditRow | null> {
  return await reader.row(sql<AuditRow>`
    select * from deconflict.audit where lineage = ${of.lineage} and advisory = ${of.advisory}
      and feed = ${Buffer.from(of.feed)}`);
}

export async function putAudit(tx: Transaction, a: AuditRow): Promise<void> {
  await tx.run(sql`
    insert into deconflict.audit (lineage, advisory, feed, repository, digest, said_content, audited_at)
    values (${a.lineage}, ${a.advisory}, ${Buffer.from(a.feed)}, ${a.repository},
      ${Buffer.from(a.digest)}, ${a.said_content}, ${a.audited_at})
    on conflict (lineage, advisory, feed) do update set repository = excluded.repository,
      digest = excluded.digest, said_content = excluded.said_content,
      audited_at = excluded.audited_at`);
}
