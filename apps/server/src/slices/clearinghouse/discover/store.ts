import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface CampaignRow {
  readonly id: Id<'campaign'>;
  readonly recipe: string;
  readonly seconds: number;
  readonly by_party: string;
  readonly status: 'queued' | 'running' | 'finished' | 'errored';
  readonly started_at: Instant | null;
  readonly ended_at: Instant | null;
  readonly executions: number | null;
  readonly crashes: number | null;
  readonly findings: Id<'finding'>[];
  readonly detail: string | null;
  /** What it found, once it is kept. */
  readonly record_content: Id<'content'> | null;
}

export async function insertCampaign(
  tx: Transaction,
  c: {
    readonly id: string;
    readonly recipe: string;
    readonly seconds: number;
    readonly by: string;
    readonly at: Instant;
  },
): Promise<void> {
  await tx.run(sql`
    insert into discover.campaign (id, recipe, seconds, by_party, status, requested_at, findings)
    values (${c.id}, ${c.recipe}, ${c.seconds}, ${c.by}, 'queued', ${c.at}, '{}')`);
}

export async function findCampaign(reader: Reader, id: string): Promise<CampaignRow | null> {
  return await reader.row(sql<CampaignRow>`
    select id, recipe, seconds, by_party, status, started_at, ended_at, executions, crashes, findings,
      detail, record_content
    from discover.campaign where id = ${id}`);
}

export async function markRunning(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(
    sql`update discover.campaign set status = 'running', started_at = ${at} where id = ${id}`,
  );
}

/** Keeps what a campaign found; 0 if that was kept before. */
export async function keepRecord(tx: Transaction, id: string, content: string): Promise<number> {
  return await tx.run(sql`
    update discover.campaign set record_content = ${content}
    where id = ${id} and record_content is null`);
}

/** Ends a campaign once; 0 if it had ended before. */
export async function endCampaign(
  tx: Transaction,
  id: string,
  end: {
    readonly at: Instant;
    readonly status: 'finished' | 'errored';
    readonly executions: number | null;
    readonly crashes: number;
    readonly findings: readonly string[];
    readonly detail: string;
  },
): Promise<number> {
  return await tx.run(sql`
    update discover.campaign set status = ${end.status}, ended_at = ${end.at}, executions = ${end.executions},
      crashes = ${end.crashes}, findings = ${[...end.findings]}, detail = ${end.detail}
    where id = ${id} and ended_at is null`);
}
