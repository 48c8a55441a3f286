import { type Id, ok, type Result, toBase64 } from '@breakwater/kernel';
import type { CampaignRecord } from '@breakwater/runner';
import { z } from 'zod';
import type { Envelope } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { Job, JobHandler } from '../../../platform/queue/queue.ts';
import type { RecipeFiles } from '../../../platform/sandbox/proving.ts';
import type { Services } from '../../../services.ts';
import { type CampaignRow, endCampaign, findCampaign, markRunning } from './store.ts';

/** A crash as collect takes it. */
export type CampaignCrash = {
  readonly kind: 'crash';
  readonly package: string;
  readonly version: string;
  readonly recipe: string;
  readonly title: string;
  readonly marking: 'AMBER+STRICT';
  readonly tool: string;
  readonly report: string;
  readonly input: string;
};

/** What discovering asks of other slices; bound in slices/index.ts. */
export interface DiscoverNeeds {
  recipe(
    reader: Reader,
    name: string,
  ): Promise<{ readonly package: string; readonly harness: boolean } | null>;
  recipeFiles(recipe: string): Promise<RecipeFiles | null>;
  /** Hands a crash in as whoever started the campaign; the same key twice is one finding. */
  submit(
    crash: CampaignCrash,
    by: string,
    idempotencyKey: string,
  ): Promise<Result<{ finding: Id<'finding'> }>>;
}

const Started = z.object({ campaign: z.string() });

/** Runs a campaign and hands its crashes in, like any other reporter's. */
export function runCampaignJob(services: Services, needs: DiscoverNeeds): JobHandler {
  return async (job) => {
    const { campaign } = Started.parse(job.payload);
    const row = await services.database.read((r) => findCampaign(r, campaign));
    if (row === null || row.ended_at !== null) return;
    const files = await needs.recipeFiles(row.recipe);
    const recipe = await services.database.read((r) => needs.recipe(r, row.recipe));
    if (files === null || recipe === null) return;
    await begin(services, job, row);
    const result = await services.proving.fuzz({ files, seconds: row.seconds, signal: job.signal });
    if (!result.ok && result.refusal.code === 'source-unavailable')
      throw new Error(result.refusal.got);
    const findings = result.ok
      ? await handIn(needs, { job, row, record: result.value, purl: recipe.package })
      : [];
    await end(services, { job, row, result, findings });
  };
}

async function begin(services: Services, job: Job, row: CampaignRow): Promise<void> {
  await services.execute<null>(envelope(job, 'discover.begin'), async (tx, now) => {
    await markRunning(tx, row.id, now);
    return ok({
      events: [{ act: 'discover.running', subject: row.id, data: { campaign: row.id } }],
      response: null,
    });
  });
}

async function handIn(
  needs: DiscoverNeeds,
  given: {
    readonly job: Job;
    readonly row: CampaignRow;
    readonly record: CampaignRecord;
    readonly purl: string;
  },
): Promise<Id<'finding'>[]> {
  const { job, row, record, purl } = given;
  if (record.report === null) return [];
  const findings: Id<'finding'>[] = [];
  for (const found of record.found) {
    const crash: CampaignCrash = {
      kind: 'crash',
      package: purl,
      version: record.version,
      recipe: row.recipe,
      title: record.signature ?? `crash found by fuzzing ${row.recipe}`,
      marking: 'AMBER+STRICT',
      tool: `libFuzzer campaign of ${row.seconds} s`,
      report: record.report,
      input: toBase64(found.bytes),
    };
    const submitted = await needs.submit(
      crash,
      row.by_party,
      `campaign:${job.id}:${found.digest.slice(7, 39)}`,
    );
    if (!submitted.ok)
      throw new Error(`a crash of the campaign was refused: ${submitted.refusal.got}`);
    findings.push(submitted.value.finding);
  }
  return findings;
}

async function end(
  services: Services,
  done: {
    readonly job: Job;
    readonly row: CampaignRow;
    readonly result: Result<CampaignRecord>;
    readonly findings: readonly Id<'finding'>[];
  },
): Promise<void> {
  const { job, row, result, findings } = done;
  const record = result.ok ? result.value : null;
  const crashes = record?.found.length ?? 0;
  const status = record === null || record.outcome === 'errored' ? 'errored' : 'finished';
  const detail = result.ok
    ? result.value.reason
    : `expected ${result.refusal.expected}; got ${result.refusal.got}`;
  await services.execute<null>(envelope(job, 'discover.end'), async (tx, now) => {
    const executions = record?.executions ?? null;
    const ended = await endCampaign(tx, row.id, {
      at: now,
      status,
      executions,
      crashes,
      findings,
      detail,
    });
    if (ended === 0) return ok({ events: [], response: null });
    const data = { campaign: row.id, status, crashes, findings };
    return ok({ events: [{ act: 'discover.ended', subject: row.id, data }], response: null });
  });
}

function envelope(job: Job, operation: string): Envelope {
  return {
    actor: { id: 'system', role: 'system' },
    operation,
    idempotencyKey: `${operation}:${job.id}`,
    request: job.payload,
  };
}
