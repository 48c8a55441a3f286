import { type Id, ok, type Result, toBase64, utf8 } from '@breakwater/kernel';
import type { CampaignRecord } from '@breakwater/runner';
import { z } from 'zod';
import { levels } from '../../../platform/commands/audience.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { jobEnvelope } from '../../../platform/queue/job-envelope.ts';
import type { Job, JobHandler } from '../../../platform/queue/queue.ts';
import type { RecipeFiles } from '../../../platform/sandbox/proving.ts';
import type { Services } from '../../../services.ts';
import {
  type CampaignRow,
  endCampaign,
  findCampaign,
  isStopped,
  keepRecord,
  markRunning,
} from './store.ts';

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
  /** Gives back the claim that was made for a campaign; once more does nothing. */
  release(done: {
    readonly campaign: string;
    readonly claim: Id<'claim'>;
    readonly party: string;
    readonly outcome: 'nothing-found' | 'findings' | 'unfinished' | null;
  }): Promise<void>;
  /** Hands a crash in as whoever started the campaign; the same key twice is one finding. */
  submit(
    crash: CampaignCrash,
    by: string,
    idempotencyKey: string,
  ): Promise<Result<{ finding: Id<'finding'> }>>;
}

const Started = z.object({ campaign: z.string() });

/** What is kept of a campaign before its crashes are handed in. */
const Kept = z.object({
  version: z.string(),
  status: z.enum(['finished', 'errored', 'stopped']),
  reason: z.string(),
  signature: z.string().nullable(),
  report: z.string().nullable(),
  executions: z.number().nullable(),
  /** The inputs that made it crash; `bytes` in base64. */
  found: z.array(z.object({ digest: z.string(), bytes: z.string() })),
});
type Kept = z.infer<typeof Kept>;

/**
 * Runs a campaign and hands its crashes in, like any other reporter's. What it found is kept first:
 * fuzzing again after a crash would find other inputs, and hand the same bug in twice.
 */
export function runCampaignJob(services: Services, needs: DiscoverNeeds): JobHandler {
  return async (job) => {
    const { campaign } = Started.parse(job.payload);
    const row = await services.database.read((r) => findCampaign(r, campaign));
    if (row === null || row.ended_at !== null) return;
    const files = await needs.recipeFiles(row.recipe);
    const recipe = await services.database.read((r) => needs.recipe(r, row.recipe));
    if (files === null || recipe === null) return;
    if (row.record_content === null) await fuzz(services, { job, row, files });
    const kept = await findKept(services, row.id);
    const findings = await handIn(needs, { job, row, kept, purl: recipe.package });
    await end(services, { job, row, kept, findings });
    if (row.claim !== null && row.claim_made) {
      const { id: campaign, claim, by_party: party } = row;
      await needs.release({ campaign, claim, party, outcome: outcomeOf(kept) });
    }
  };
}

/** What the map of coverage is told of a campaign; null: it did not get to look. */
function outcomeOf({ status, found }: Kept): 'nothing-found' | 'findings' | 'unfinished' | null {
  if (found.length > 0) return 'findings';
  if (status === 'errored') return null;
  return status === 'stopped' ? 'unfinished' : 'nothing-found';
}

/** As it was kept first, whoever kept it. */
async function findKept(services: Services, campaign: string): Promise<Kept> {
  const row = await services.database.read((r) => findCampaign(r, campaign));
  const content = row?.record_content ?? null;
  const text = content === null ? null : await services.content.getText(content);
  return text === null ? nothingKept('what it found was erased') : Kept.parse(JSON.parse(text));
}

function nothingKept(reason: string, status: 'errored' | 'stopped' = 'errored'): Kept {
  const nothing = { signature: null, report: null, executions: null, found: [] };
  return { version: '', status, reason, ...nothing };
}

async function fuzz(
  services: Services,
  given: { readonly job: Job; readonly row: CampaignRow; readonly files: RecipeFiles },
): Promise<void> {
  const { job, row, files } = given;
  const kept = await untilStopped(services, row, async (signal) => {
    await begin(services, job, row);
    const either = AbortSignal.any([job.signal, signal]);
    const result = await services.proving.fuzz({ files, seconds: row.seconds, signal: either });
    if (!result.ok && result.refusal.code === 'source-unavailable')
      throw new Error(result.refusal.got);
    return keptOf(result);
  });
  const ref = await services.content.put(utf8(JSON.stringify(kept)), {
    name: 'campaign.json',
    mediaType: 'application/json',
  });
  await services.execute<null>(jobEnvelope(job, 'discover.keep'), async (tx) => {
    if ((await keepRecord(tx, row.id, ref.id)) === 0) return ok({ events: [], response: null });
    const commitment = Buffer.from(ref.commitment).toString('hex');
    const data = { campaign: row.id, result: { content: ref.id, commitment } };
    return ok({
      events: [{ act: 'discover.found', subject: row.id, data }],
      contents: [{ ref, subject: row.id, level: levels.all }],
      response: null,
    });
  });
}

/** A campaign asks so often whether it was told to stop: well within the two seconds promised. */
const stopPollMs = 250;

/** Runs `work` until it ends or the campaign is told to stop; then nothing of it is kept. */
async function untilStopped(
  services: Services,
  row: CampaignRow,
  work: (signal: AbortSignal) => Promise<Kept>,
): Promise<Kept> {
  const stopped = nothingKept('whoever controls the target stopped it', 'stopped');
  const asked = () => services.database.read((r) => isStopped(r, row.id));
  if (await asked()) return stopped;
  const abort = new AbortController();
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    asked()
      .then((is) => {
        if (is) abort.abort(new Error('stopped'));
      })
      // A database that does not answer once is asked again at the next poll.
      .catch(() => {})
      .finally(() => {
        asking = false;
      });
  }, stopPollMs);
  try {
    const kept = await work(abort.signal);
    return abort.signal.aborted ? stopped : kept;
  } catch (error) {
    if (abort.signal.aborted) return stopped;
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function keptOf(result: Result<CampaignRecord>): Kept {
  if (!result.ok) {
    const { expected, got } = result.refusal;
    return nothingKept(`expected ${expected}; got ${got}`);
  }
  const { version, outcome, reason, signature, report, executions, found } = result.value;
  return {
    version,
    status: outcome === 'errored' ? 'errored' : 'finished',
    reason,
    signature,
    report,
    executions,
    found: found.map(({ digest, bytes }) => ({ digest, bytes: toBase64(bytes) })),
  };
}

async function begin(services: Services, job: Job, row: CampaignRow): Promise<void> {
  await services.execute<null>(jobEnvelope(job, 'discover.begin'), async (tx, now) => {
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
    readonly kept: Kept;
    readonly purl: string;
  },
): Promise<Id<'finding'>[]> {
  const { job, row, kept, purl } = given;
  if (kept.report === null) return [];
  const findings: Id<'finding'>[] = [];
  for (const found of kept.found) {
    const crash: CampaignCrash = {
      kind: 'crash',
      package: purl,
      version: kept.version,
      recipe: row.recipe,
      title: kept.signature ?? `crash found by fuzzing ${row.recipe}`,
      marking: 'AMBER+STRICT',
      tool: `libFuzzer campaign of ${row.seconds} s`,
      report: kept.report,
      input: found.bytes,
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
    readonly kept: Kept;
    readonly findings: readonly Id<'finding'>[];
  },
): Promise<void> {
  const { job, row, kept, findings } = done;
  const { status, executions, reason: detail } = kept;
  const crashes = kept.found.length;
  await services.execute<null>(jobEnvelope(job, 'discover.end'), async (tx, now) => {
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
