import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Event } from '../../../platform/commands/commands.ts';
import type { Transaction } from '../../../platform/database/database.ts';

/**
 * PAR-16: with the same act by which a party leaves the installation, its partnerships end, what it
 * applied for is withdrawn, and what it offers is offered no more.
 */
export async function followLeaving(tx: Transaction, event: Event, at: Instant): Promise<void> {
  if (event.act !== 'directory.party-left') return;
  const party = event.subject;
  await tx.run(sql`
    update partners.partnership set ended_at = ${at},
      ended_by = case when applicant = ${party} then 'partner' else 'developer' end
    where (applicant = ${party} or developer = ${party}) and ended_at is null
      and expires_at > ${at}`);
  await tx.run(sql`
    update partners.application a set withdrawn_at = ${at}
    where (a.applicant = ${party} or a.developer = ${party}) and a.withdrawn_at is null
      and exists (select 1 from partners.round r
        where r.application = a.id and r.verdict is null)`);
  await tx.run(sql`
    update partners.tier set takes_applications = false, revision = revision + 1
    where developer = ${party} and takes_applications`);
}
