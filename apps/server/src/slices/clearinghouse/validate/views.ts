import type { Validation } from '@breakwater/contract';
import type { AttemptRecord, ValidationRecord } from '@breakwater/runner';
import { z } from 'zod';
import type { Services } from '../../../services.ts';
import type { ValidationRow } from './store.ts';

const Walls = z.object({ sandbox: z.object({ network: z.object({ denied: z.boolean() }) }) });

/** What is kept of a concluded validation: the record, and the attestation made of it. */
export interface KeptValidation {
  /** null where the work could not be started; `refusal` then says why. */
  readonly record: ValidationRecord | null;
  readonly refusal: string | null;
  readonly attestation: string | null;
}

/** One attempt as the case page shows it. */
export function attemptView(
  attempt: AttemptRecord,
  place: { readonly input: 'proof' | 'benign'; readonly number: number },
): Validation['attempts'][number] {
  return {
    build: attempt.build,
    input: place.input,
    number: place.number,
    outcome: attempt.outcome,
    reason: attempt.reason,
    signature: attempt.signature,
    wallMs: Math.round(attempt.wallMs),
    peakMemoryBytes: attempt.peakMemoryBytes,
    networkDenied: Walls.parse(attempt.evidence).sandbox.network.denied,
  };
}

/** A validation with everything its record says. */
export async function validationView(services: Services, row: ValidationRow): Promise<Validation> {
  const kept = row.result_content === null ? null : await readKept(services, row.result_content);
  const record = kept?.record ?? null;
  return {
    id: row.id,
    case: row.case_id,
    finding: row.finding,
    recipe: row.recipe,
    recipeDigest: row.recipe_digest,
    status: row.finished_at === null ? 'queued' : 'finished',
    requestedAt: row.requested_at,
    requestedBy: await services.directory.refOf(row.requested_by),
    finishedAt: row.finished_at,
    verdict: row.verdict,
    reproduced: record === null ? null : shareOf(record),
    reasons: record?.judgement.reasons.map((r) => r.text) ?? (kept?.refusal ? [kept.refusal] : []),
    attempts: record === null ? [] : attemptsOf(record),
    tier: record?.sandbox.tier ?? null,
    report: record?.attempts.find((a) => a.outcome === 'fired')?.stderr.text ?? null,
    attestation: (kept?.attestation ?? null) as Validation['attestation'], // an id of ours, kept as text
  };
}

function shareOf(record: ValidationRecord): NonNullable<Validation['reproduced']> {
  const { k, n, low, high } = record.judgement.reproduced;
  return { k, n, low, high };
}

function attemptsOf(record: ValidationRecord): Validation['attempts'] {
  return [
    ...record.attempts.map((a, i) => attemptView(a, { input: 'proof', number: i + 1 })),
    ...record.control.map((a, i) => attemptView(a, { input: 'proof', number: i + 1 })),
    ...record.benign.map((a, i) => attemptView(a, { input: 'benign', number: i + 1 })),
  ];
}

/** The kept result; null once erased. */
export async function readKept(
  services: Services,
  id: NonNullable<ValidationRow['result_content']>,
): Promise<KeptValidation | null> {
  const text = await services.content.getText(id);
  return text === null ? null : (JSON.parse(text) as KeptValidation); // written by us, authenticated by the store
}
