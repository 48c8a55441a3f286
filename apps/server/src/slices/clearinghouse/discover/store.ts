import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface CampaignRow {
  readonly id: Id<'campaign'>;
  readonly recipe: string;
  readonly seconds: number;
  readonly by_party: string;
  readonly status: 'queued' | 'running' | 'finished' | 'errored' | 'stopped';
  /** The claim it runs under. */
  readonly claim: Id<'claim'> | null;
  /** It was made for this campaign, and is released when that ends. */
  readonly claim_made: boolean;
  /** When it was told to stop. */
  readonly stopped_at: Instant | null;
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
    readonly claim: string | null;
    readonly claimMade: boolean;
    /** Where what it fuzzes lies; null where its package names no target. */
    readonly lineage: string | null;
  },
): Promise<void> {
  await tx.run(sql`
    insert into discover.campaign (id, recipe, seconds, by_party, status, requested_at,
      findings, claim, claim_made, lineage)
    values (${c.id}, ${c.recipe}, ${c.seconds}, ${c.by}, 'queued', ${c.at}, '{}', ${c.claim},
      ${c.claimMade}, ${c.lineage})`);
}

export async function findCampaign(reader: Reader, id: string): Promise<CampaignRow | null> {
  return await reader.row(sql<CampaignRow>`
    select id, recipe, seconds, by_party, status, started_at, ended_at, executions, crashes, findings,
      detail, record_content, claim, claim_made, stopped_at
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
    readonly status: 'finished' | 'errored' | 'stopped';
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

/**
 * Tells campaigns to stop that have not ended and fuzz something at, in or around a place, or run
 * under one of the claims.
 */
export async function stopCampaigns(
  tx: Transaction,
  at: { readonly lineage: string; readonly claims: readonly string[]; readonly now: Instant },
): Promise<readonly Id<'campaign'>[]> {
  const rows = await tx.rows(sql<{ id: Id<'campaign'> }>`
    update discover.campaign set stopped_at = ${at.now}
    where ended_at is null and stopped_at is null
      and (claim = any(${[...at.claims]}::text[])
        or starts_with(lineage, ${at.lineage}) or starts_with(${at.lineage}, lineage))
    returning id`);
  return rows.map((row) => row.id);
}

/** Whether a campaign was told to stop. */
export async function isStopped(reader: Reader, id: string): Promise<boolean> {
  const row = await reader.row(sql<{ stopped: boolean }>`
    select stopped_at is not null as stopped from discover.campaign where id = ${id}`);
  return row?.stopped === true;
}
