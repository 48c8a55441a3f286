import type { Instant } from '@breakwater/kernel';
import type { Attestation, AttestedRun } from '@breakwater/proof';
import type { Capabilities } from '../sandbox/sandbox.ts';
import { type AttemptRecord, networkDenied } from './attempt.ts';
import type { ValidationRecord } from './validate.ts';
import type { PatchRecord } from './verify-patch.ts';

/**
 * What a record attests (docs/attestations.md), to be signed with `attest` of the proof package;
 * null for a validation that never had its builds, which has nothing to speak about.
 */
export function attestationOf(
  record: ValidationRecord | PatchRecord,
  concludedAt: Instant,
): Attestation | null {
  return record.kind === 'validation'
    ? validationAttestation(record, concludedAt)
    : patchAttestation(record, concludedAt);
}

function validationAttestation(record: ValidationRecord, concludedAt: Instant): Attestation | null {
  const { attempts, benign, builds, control, judgement } = record;
  if (builds === null) return null;
  const { vulnerable } = builds;
  return {
    kind: 'validation',
    predicate: {
      package: record.recipe.package,
      recipe: record.recipe.digest,
      reasons: [...judgement.reasons],
      sandbox: sandboxOf(record.sandbox, [...attempts, ...control, ...benign]),
      concludedAt,
      verdict: judgement.verdict,
      reproduced: judgement.reproduced,
      proof: record.proof,
      builds: {
        vulnerable: { version: vulnerable.version, digest: vulnerable.digest },
        control: { version: builds.control.version, digest: builds.control.digest },
      },
      attempts: attempts.map(attestedRun),
      control: control.map(attestedRun),
      benign: benign.map(attestedRun),
    },
  };
}

function patchAttestation(record: PatchRecord, concludedAt: Instant): Attestation {
  const { benign, builds, judgement, matrix, tests } = record;
  const runs = matrix.flatMap((row) => [...row.unpatched, ...row.patched]);
  return {
    kind: 'patch',
    predicate: {
      package: record.recipe.package,
      recipe: record.recipe.digest,
      reasons: [...judgement.reasons],
      sandbox: sandboxOf(record.sandbox, [...runs, ...benign]),
      concludedAt,
      verdict: judgement.verdict,
      patch: record.patch,
      version: record.version,
      builds:
        builds === null
          ? null
          : { unpatched: builds.unpatched.digest, patched: builds.patched.digest },
      matrix: matrix.map((row) => ({
        proof: row.proof,
        unpatched: row.unpatched.map(attestedRun),
        patched: row.patched.map(attestedRun),
      })),
      benign: benign.map(attestedRun),
      tests:
        tests === null
          ? null
          : { unpatched: attestedTests(tests.unpatched), patched: attestedTests(tests.patched) },
    },
  };
}

function attestedTests(tests: NonNullable<PatchRecord['tests']>['patched']) {
  return { outcome: tests.outcome, passed: tests.passed, log: tests.logDigest };
}

function attestedRun(record: AttemptRecord): AttestedRun {
  return {
    input: record.input,
    outcome: record.outcome,
    reason: record.reason,
    signature: record.signature,
    stdout: record.stdout.digest,
    stderr: record.stderr.digest,
    evidence: record.evidenceDigest,
  };
}

/** The network counts as denied only when every single run proved it from inside. */
function sandboxOf(capabilities: Capabilities, runs: readonly AttemptRecord[]) {
  const { driver, tier, version } = capabilities;
  return { driver, version, tier, networkDenied: runs.length > 0 && runs.every(networkDenied) };
}
