import {
  type Id,
  type Json,
  ok,
  type Refusal,
  type Result,
  refuse,
  utf8,
} from '@breakwater/kernel';
import { attest } from '@breakwater/proof';
import { attestationOf, type ValidationRecord } from '@breakwater/runner';
import { z } from 'zod';
import { newId } from '../../../platform/clock/clock.ts';
import { levels } from '../../../platform/commands/audience.ts';
import type { Envelope, JobRequest, NewContent } from '../../../platform/commands/commands.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { jobEnvelope } from '../../../platform/queue/job-envelope.ts';
import type { Job, JobHandler } from '../../../platform/queue/queue.ts';
import type { Services } from '../../../services.ts';
import { filesOf } from './bundle.ts';
import {
  concludeValidation,
  findRecipe,
  findValidation,
  insertAttestation,
  insertValidation,
  type ValidationRow,
} from './store.ts';
import type { KeptValidation } from './views.ts';

/** What validation asks of other slices; bound in slices/index.ts. */
export interface ValidateNeeds {
  finding(reader: Reader, finding: string): Promise<FindingForProof | null>;
  findings(reader: Reader, findings: readonly string[]): Promise<readonly FindingForProof[]>;
  caseOf(reader: Reader, finding: string): Promise<Id<'case'> | null>;
  /** The crash the report claims, as the runner names crashes; null where it claims none. */
  claimedSignature(finding: string): Promise<string | null>;
}

export interface FindingForProof {
  readonly id: Id<'finding'>;
  readonly recipe: string | null;
  readonly proof: Id<'content'> | null;
}

const attemptsByDefault = 5;
/** `more`: those that came with it. */
const Arrived = z.object({ finding: z.string(), more: z.array(z.string()).default([]) });
/** Looked at by one job, where many come at once. */
const findingsPerJob = 500;
const Requested = z.object({ validation: z.string() });

/** The jobs that look whether what arrived can be validated. */
export function startsFor(findings: readonly Json[]): readonly JobRequest[] {
  const jobs: JobRequest[] = [];
  for (let at = 0; at < findings.length; at += findingsPerJob) {
    const [finding = null, ...more] = findings.slice(at, at + findingsPerJob);
    const payload = more.length === 0 ? { finding } : { finding, more };
    jobs.push({ job: 'validate.start', payload });
  }
  return jobs;
}

/** A finding that came with a proof and a recipe is validated without being asked. */
export function startValidation(services: Services, needs: ValidateNeeds): JobHandler {
  return async (job) => {
    const { finding: first, more } = Arrived.parse(job.payload);
    const arrived = await services.database.read((r) => needs.findings(r, [first, ...more]));
    for (const { id, recipe, proof } of arrived) {
      if (recipe === null || proof === null) continue;
      await start(services, needs, {
        finding: id,
        envelope: jobEnvelope(job, `validate.start:${id}`),
      });
    }
  };
}

async function start(
  services: Services,
  needs: ValidateNeeds,
  { finding, envelope }: { readonly finding: string; readonly envelope: Envelope },
): Promise<void> {
  await services.execute<null>(envelope, async (tx, now) => {
    const requested = await requestValidation(tx, needs, {
      finding,
      attempts: attemptsByDefault,
      by: 'system',
      now,
    });
    if (!requested.ok) return ok({ events: [], response: null });
    return ok({ events: [requested.value.event], response: null });
  });
}

/** Decides that a finding shall be validated, and keeps the request. */
export async function requestValidation(
  tx: Parameters<typeof insertValidation>[0],
  needs: ValidateNeeds,
  order: {
    readonly finding: string;
    readonly attempts: number;
    readonly by: string;
    readonly now: ValidationRow['requested_at'];
  },
): Promise<
  Result<{
    id: Id<'validation'>;
    event: { act: string; subject: string; data: Record<string, Json> };
  }>
> {
  const finding = await needs.finding(tx, order.finding);
  const caseId = await needs.caseOf(tx, order.finding);
  const recipe = finding?.recipe ? await findRecipe(tx, finding.recipe) : null;
  if (finding === null || caseId === null || recipe === null) return refuse(noRecipe);
  if (finding.proof === null) return refuse(noProof);
  const id = newId('validation');
  await insertValidation(tx, {
    id,
    case_id: caseId,
    finding: finding.id,
    recipe: recipe.name,
    recipe_digest: recipe.digest,
    attempts: order.attempts,
    requested_by: order.by,
    requested_at: order.now,
  });
  const data = {
    validation: id,
    case: caseId,
    finding: finding.id,
    recipe: recipe.digest,
    attempts: order.attempts,
  };
  return ok({ id, event: { act: 'validate.requested', subject: caseId, data } });
}

/** Runs a requested validation and brings its result back as a command. */
export function runValidation(services: Services, needs: ValidateNeeds): JobHandler {
  return async (job) => {
    const { validation } = Requested.parse(job.payload);
    const row = await services.database.read((r) => findValidation(r, validation));
    if (row === null || row.finished_at !== null) return;
    const result = await prove(services, needs, row, job.signal);
    if (!result.ok && result.refusal.code === 'source-unavailable')
      throw new Error(result.refusal.got);
    await conclude(services, needs, { job, row, result });
  };
}

async function prove(
  services: Services,
  needs: ValidateNeeds,
  row: ValidationRow,
  signal: AbortSignal,
): Promise<Result<ValidationRecord>> {
  const recipe = await services.database.read((r) => findRecipe(r, row.recipe));
  const finding = await services.database.read((r) => needs.finding(r, row.finding));
  const proof = finding?.proof ? await services.content.get(finding.proof) : null;
  if (recipe === null || proof === null) return refuse(noProof);
  const claimed = await needs.claimedSignature(row.finding);
  return await services.proving.validate({
    files: await filesOf(services.content, recipe),
    proof,
    attempts: row.attempts,
    signal,
    ...(claimed === null ? {} : { expectedSignature: claimed }),
  });
}

async function conclude(
  services: Services,
  needs: ValidateNeeds,
  done: {
    readonly job: Job;
    readonly row: ValidationRow;
    readonly result: Result<ValidationRecord>;
  },
): Promise<void> {
  const { job, row, result } = done;
  const record = result.ok ? result.value : null;
  const attested = record === null ? null : await attestRecord(services, record);
  const kept: KeptValidation = {
    record,
    refusal: result.ok ? null : inWords(result.refusal),
    attestation: attested?.id ?? null,
  };
  const resultRef = await services.content.put(utf8(JSON.stringify(kept)), {
    name: 'validation.json',
    mediaType: 'application/json',
  });
  const verdict = record?.judgement.verdict ?? 'errored';
  await services.execute<null>(jobEnvelope(job, 'validate.conclude'), async (tx, now) => {
    const concluded = await concludeValidation(tx, row.id, {
      verdict,
      result: resultRef.id,
      at: now,
    });
    if (concluded === 0) return ok({ events: [], response: null });
    // The finding may have been moved while its proof ran, or may be later: what its proof showed
    // counts where it is now, and is seen by those who see the finding.
    const caseNow = (await needs.caseOf(tx, row.finding)) ?? row.case_id;
    const subject = row.finding;
    const contents: NewContent[] = [{ ref: resultRef, subject, level: levels.detail }];
    if (attested !== null) {
      await insertAttestation(tx, {
        id: attested.id,
        subject,
        envelope: attested.ref.id,
        at: now,
      });
      contents.push({ ref: attested.ref, subject, level: levels.detail });
    }
    const data = {
      validation: row.id,
      case: caseNow,
      finding: row.finding,
      recipe: row.recipe_digest,
      verdict,
      k: record?.judgement.reproduced.k ?? 0,
      n: record?.judgement.reproduced.n ?? 0,
      tier: record?.sandbox.tier ?? 'refuse',
      attestation: attested?.id ?? null,
      result: {
        content: resultRef.id,
        commitment: Buffer.from(resultRef.commitment).toString('hex'),
      },
    };
    return ok({
      events: [{ act: 'validate.concluded', subject: caseNow, data }],
      contents,
      response: null,
    });
  });
}

/** Signs what a record says, as an in-toto attestation kept in the content store. */
export async function attestRecord(
  services: Services,
  record: Parameters<typeof attestationOf>[0],
) {
  const attestation = attestationOf(record, services.clock.now());
  if (attestation === null) return null;
  const key = services.signer.current('attestation');
  const envelope = await attest(attestation, {
    keyid: key.id,
    sign: (message) => services.signer.sign('attestation', message),
  });
  const ref = await services.content.put(utf8(`${JSON.stringify(envelope, null, 2)}\n`), {
    name: 'attestation.dsse.json',
    mediaType: 'application/vnd.dsse.envelope.v1+json',
  });
  return { id: newId('attestation'), ref };
}

export function inWords(refusal: Refusal): string {
  return `expected ${refusal.expected}; got ${refusal.got}: ${refusal.todo}`;
}

const noRecipe = {
  code: 'no-recipe',
  expected: 'a finding that names a recipe which is here',
  got: 'a finding without one',
  todo: 'add a recipe for the package and hand the finding in with its name',
} as const;

const noProof = {
  code: 'no-proof',
  expected: 'a finding with a proof of concept',
  got: 'a finding without one, or whose proof was erased',
  todo: 'ask the reporter for the input that triggers it',
} as const;
