import { type Id, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import type { PatchRecord, Proof } from '@breakwater/runner';
import { z } from 'zod';
import { coordinators, levels } from '../../../platform/commands/audience.ts';
import type { NewContent } from '../../../platform/commands/commands.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import type { ContentRef } from '../../../platform/content/content.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { jobEnvelope } from '../../../platform/queue/job-envelope.ts';
import type { Job, JobHandler } from '../../../platform/queue/queue.ts';
import type { RecipeFiles } from '../../../platform/sandbox/proving.ts';
import type { Services } from '../../../services.ts';
import {
  concludeVerification,
  findPatch,
  findVerification,
  type VerificationRow,
} from './store.ts';

/** What verifying asks of other slices; bound in slices/index.ts. */
export interface VerifyNeeds {
  /** The recipe of a case and every proof of it that was reproduced, with the crash it showed. */
  proofs(
    reader: Reader,
    caseId: string,
  ): Promise<{ readonly recipe: string; readonly proofs: readonly ProofRef[] } | null>;
  /** Whether the source of one of `findings` keeps it from owners (VIS-4). */
  anyRed(reader: Reader, findings: readonly string[]): Promise<boolean>;
  recipeFiles(recipe: string): Promise<RecipeFiles | null>;
  attest(
    record: PatchRecord,
  ): Promise<{ readonly id: Id<'attestation'>; readonly ref: ContentRef } | null>;
  keepAttestation(
    tx: Transaction,
    a: { id: string; subject: string; envelope: string; at: VerificationRow['requested_at'] },
  ): Promise<void>;
}

/** A proof of a case. */
export interface ProofRef {
  readonly finding: Id<'finding'>;
  readonly content: Id<'content'>;
  readonly signature: string | null;
}

/** What is kept of a concluded verification. */
export interface KeptVerification {
  readonly record: PatchRecord | null;
  readonly refusal: string | null;
  readonly attestation: string | null;
  /** The finding each row of the matrix came from, in order. */
  readonly findings: readonly string[];
}

const Requested = z.object({ verification: z.string() });

/** Runs a requested verification and brings its result back as a command. */
export function runVerification(services: Services, needs: VerifyNeeds): JobHandler {
  return async (job) => {
    const { verification } = Requested.parse(job.payload);
    const row = await services.database.read((r) => findVerification(r, verification));
    if (row === null || row.finished_at !== null) return;
    const known = await services.database.read((r) => needs.proofs(r, row.case_id));
    const findings = known?.proofs.map((p) => p.finding) ?? [];
    const result = await prove(services, needs, { row, known, signal: job.signal });
    if (!result.ok && result.refusal.code === 'source-unavailable')
      throw new Error(result.refusal.got);
    await conclude(services, needs, { job, row, result, findings });
  };
}

async function prove(
  services: Services,
  needs: VerifyNeeds,
  given: {
    row: VerificationRow;
    known: Awaited<ReturnType<VerifyNeeds['proofs']>>;
    signal: AbortSignal;
  },
): Promise<Result<PatchRecord>> {
  const { row, known, signal } = given;
  const patchRow = await services.database.read((r) => findPatch(r, row.patch));
  const patch = patchRow === null ? null : await services.content.get(patchRow.diff_content);
  const files = known === null ? null : await needs.recipeFiles(known.recipe);
  if (patch === null || files === null || known === null) return refuse(gone);
  const proofs: Proof[] = [];
  for (const proof of known.proofs) {
    const bytes = await services.content.get(proof.content);
    if (bytes === null) continue;
    const expected = proof.signature === null ? {} : { expectedSignature: proof.signature };
    proofs.push({ name: proof.finding, bytes, ...expected });
  }
  return await services.proving.verify({ files, patch, proofs, signal });
}

async function conclude(
  services: Services,
  needs: VerifyNeeds,
  done: {
    job: Job;
    row: VerificationRow;
    result: Result<PatchRecord>;
    findings: readonly string[];
  },
): Promise<void> {
  const { job, row, result, findings } = done;
  const record = result.ok ? result.value : null;
  const attested = record === null ? null : await needs.attest(record);
  const kept: KeptVerification = {
    record,
    refusal: result.ok ? null : `expected ${result.refusal.expected}; got ${result.refusal.got}`,
    attestation: attested?.id ?? null,
    findings,
  };
  const ref = await services.content.put(utf8(JSON.stringify(kept)), {
    name: 'verification.json',
    mediaType: 'application/json',
  });
  const verdict = record?.judgement.verdict ?? 'errored';
  await services.execute<null>(jobEnvelope(job, 'verify.conclude'), async (tx, now) => {
    const concluded = await concludeVerification(tx, row.id, { verdict, result: ref.id, at: now });
    if (concluded === 0) return ok({ events: [], response: null });
    // Both speak of every proof of the case, also of those that an owner may not know (VIS-4).
    const contents: NewContent[] = [{ ref, subject: row.case_id, level: levels.all }];
    if (attested !== null) {
      const { id } = attested;
      const subject = (await needs.anyRed(tx, findings)) ? id : row.case_id;
      if (subject === id) {
        await setAudience(tx, id, [{ principal: coordinators, level: levels.all }]);
      }
      await needs.keepAttestation(tx, { id, subject, envelope: attested.ref.id, at: now });
      contents.push({ ref: attested.ref, subject, level: levels.detail });
    }
    const data = {
      verification: row.id,
      patch: row.patch,
      case: row.case_id,
      verdict,
      tier: record?.sandbox.tier ?? 'refuse',
      attestation: attested?.id ?? null,
      result: { content: ref.id, commitment: Buffer.from(ref.commitment).toString('hex') },
    };
    return ok({
      events: [{ act: 'verify.concluded', subject: row.case_id, data }],
      contents,
      response: null,
    });
  });
}

const gone = {
  code: 'no-proof',
  expected: 'the patch, the recipe and its proofs to be there',
  got: 'one that was erased',
  todo: 'propose the patch again',
} as const;
