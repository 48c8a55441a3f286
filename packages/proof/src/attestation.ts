import {
  type CheckRefusal,
  checkEnvelope,
  type EnvelopeJson,
  parseEnvelope,
  type Signer,
  signEnvelope,
  type Verifier,
} from '@breakwater/formats/dsse';
import {
  parseStatement,
  type Statement,
  statementPayloadType,
  statementType,
} from '@breakwater/formats/in-toto';
import { canonicalJson, type Digest, ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';

/** Predicate type of a validation; docs/attestations.md says what it means. */
export const validationPredicateType = 'urn:uuid:36e9a9cc-cc73-4671-bf65-d188d208e691';

/** Predicate type of a patch verification; docs/attestations.md says what it means. */
export const patchPredicateType = 'urn:uuid:e7e6adc0-c26d-49c2-843f-9c726f7b8550';

const Sha256Digest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);
const Text = z.string().max(10_000);

const AttestedReason = z.object({ code: z.string().max(60), text: Text });

const AttestedRun = z.object({
  /** Digest of the input file. */
  input: Sha256Digest,
  outcome: z.enum(['fired', 'crashed', 'quiet', 'cut-short', 'errored']),
  reason: Text,
  signature: Text.nullable(),
  stdout: Sha256Digest,
  stderr: Sha256Digest,
  /** Digest of the canonical JSON of the full evidence record of this run. */
  evidence: Sha256Digest,
});
export type AttestedRun = z.infer<typeof AttestedRun>;

const AttestedBuild = z.object({ version: Text, digest: Sha256Digest });

const AttestedSandbox = z.object({
  driver: Text,
  version: Text,
  tier: z.enum(['strong', 'standard', 'reduced', 'refuse']),
  networkDenied: z.boolean(),
});

const common = {
  package: Text,
  recipe: Sha256Digest,
  reasons: z.array(AttestedReason).max(200),
  sandbox: AttestedSandbox,
  /** When the verdict was reached, RFC 3339 in UTC. */
  concludedAt: z.iso.datetime(),
};

const Share = z.object({
  k: z.int().min(0),
  n: z.int().min(0),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
});

/** What a validation attests. */
export const ValidationPredicate = z.object({
  ...common,
  verdict: z.enum(['reproduced', 'not-reproduced', 'flaky', 'inconclusive', 'errored']),
  reproduced: Share,
  proof: Sha256Digest,
  builds: z.object({ vulnerable: AttestedBuild, control: AttestedBuild }),
  attempts: z.array(AttestedRun).max(200),
  control: z.array(AttestedRun).max(200),
  benign: z.array(AttestedRun).max(200),
});
export type ValidationPredicate = z.infer<typeof ValidationPredicate>;

const AttestedTests = z.object({
  outcome: z.enum(['passed', 'failed', 'cut-short', 'errored']),
  passed: z.int().min(0),
  log: Sha256Digest,
});

/** What a patch verification attests. */
export const PatchPredicate = z.object({
  ...common,
  verdict: z.enum(['verified', 'refused', 'inconclusive']),
  patch: Sha256Digest,
  version: Text,
  builds: z.object({ unpatched: Sha256Digest, patched: Sha256Digest }).nullable(),
  matrix: z
    .array(
      z.object({
        proof: Sha256Digest,
        unpatched: z.array(AttestedRun).max(200),
        patched: z.array(AttestedRun).max(200),
      }),
    )
    .max(500),
  benign: z.array(AttestedRun).max(200),
  tests: z.object({ unpatched: AttestedTests, patched: AttestedTests }).nullable(),
});
export type PatchPredicate = z.infer<typeof PatchPredicate>;

export type Attestation =
  | { readonly kind: 'validation'; readonly predicate: ValidationPredicate }
  | { readonly kind: 'patch'; readonly predicate: PatchPredicate };

/**
 * The in-toto statement of a verdict. Its subjects are what the verdict speaks about: the proof
 * and the two builds of a validation; the patch, its proofs and its two builds of a verification.
 */
export function statementOf(attestation: Attestation) {
  const { predicateType, subjects } =
    attestation.kind === 'validation'
      ? { predicateType: validationPredicateType, subjects: validationSubjects(attestation) }
      : { predicateType: patchPredicateType, subjects: patchSubjects(attestation) };
  // one subject per digest: the same file may play two parts
  const unique = new Map(subjects.map(([name, digest]) => [digest, name]));
  return {
    _type: statementType,
    subject: [...unique].map(([digest, name]) => ({
      name,
      digest: { sha256: digest.slice('sha256:'.length) },
    })),
    predicateType,
    predicate: attestation.predicate,
  };
}

/** Signs a verdict as a DSSE envelope over the canonical JSON (RFC 8785) of its statement. */
export function attest(attestation: Attestation, signer: Signer): Promise<EnvelopeJson> {
  const payload = canonicalJson(statementOf(attestation));
  return signEnvelope({ payloadType: statementPayloadType, payload }, [signer]);
}

export type AttestationRefusal =
  | 'envelope-malformed'
  | CheckRefusal
  | 'statement-malformed'
  | 'predicate-unknown'
  | 'predicate-malformed'
  | 'subject-missing';

/**
 * Checks an attestation offline: that one of `keys` signed it, that it is one of our predicates,
 * and that its subjects are exactly those its predicate names.
 *
 * In: the envelope's JSON value and the issuer's keys. Out: what was attested.
 */
export async function checkAttestation(
  envelope: unknown,
  keys: readonly Verifier[],
): Promise<Result<Attestation, AttestationRefusal>> {
  const parsed = parseEnvelope(envelope);
  if (!parsed.ok) return parsed;
  const checked = await checkEnvelope(parsed.value, { payloadType: statementPayloadType, keys });
  if (!checked.ok) return checked;
  const statement = parseStatement(checked.value.payload);
  if (!statement.ok) return statement;
  const attestation = readPredicate(statement.value);
  if (!attestation.ok) return attestation;
  const expected = statementOf(attestation.value).subject.map((s) => s.digest.sha256);
  const got = new Set(statement.value.subject.map((s) => s.digest['sha256']));
  if (expected.length === got.size && expected.every((digest) => got.has(digest))) {
    return attestation;
  }
  return refuse({
    code: 'subject-missing',
    expected: `exactly the ${expected.length} subjects that the predicate names`,
    got: `${got.size} subjects, or others`,
    todo: 'refuse the document: its parts do not belong together',
  });
}

function readPredicate(
  statement: Statement,
): Result<Attestation, 'predicate-unknown' | 'predicate-malformed'> {
  const { predicateType, predicate } = statement;
  if (predicateType === validationPredicateType) {
    const parsed = ValidationPredicate.safeParse(predicate);
    return parsed.success
      ? ok({ kind: 'validation', predicate: parsed.data })
      : malformed(parsed.error);
  }
  if (predicateType === patchPredicateType) {
    const parsed = PatchPredicate.safeParse(predicate);
    return parsed.success ? ok({ kind: 'patch', predicate: parsed.data }) : malformed(parsed.error);
  }
  return refuse({
    code: 'predicate-unknown',
    expected: 'a predicate type listed in docs/attestations.md',
    got: predicateType,
    todo: 'check it with the program that issued it',
  });
}

function malformed(error: z.ZodError): Result<Attestation, 'predicate-malformed'> {
  const issue = error.issues[0];
  return refuse({
    code: 'predicate-malformed',
    expected: 'a predicate as docs/attestations.md describes it',
    got: `/${(issue?.path ?? []).join('/')}: ${issue?.message ?? 'another shape'}`,
    todo: 'check it with the version that issued it',
  });
}

type Named = readonly (readonly [name: string, digest: Digest])[];

function validationSubjects({ predicate }: Attestation & { kind: 'validation' }): Named {
  return [
    ['proof', predicate.proof],
    ['build/vulnerable', predicate.builds.vulnerable.digest],
    ['build/control', predicate.builds.control.digest],
  ];
}

function patchSubjects({ predicate }: Attestation & { kind: 'patch' }): Named {
  const { builds } = predicate;
  return [
    ...predicate.matrix.map(({ proof }, index) => [`proof/${index + 1}`, proof] as const),
    ...(builds === null
      ? []
      : [
          ['build/unpatched', builds.unpatched] as const,
          ['build/patched', builds.patched] as const,
        ]),
    ['patch', predicate.patch],
  ];
}
