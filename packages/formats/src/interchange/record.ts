import { type Instant, type Json, ok, parseInstant, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { statementType } from '../in-toto/index.ts';
import { canonicalRepository, subjectDigest } from './canonical.ts';

const base = 'https://github.com/alpha-omega-security/scrutineer/interchange/';

/** What a record says; scrutineer's interchange page, Records. */
export const recordTypes = {
  certificate: `${base}certificate/v1`,
  failed: `${base}certificate/v2`,
  claim: `${base}claim/v1`,
  optout: `${base}optout/v1`,
  route: `${base}route/v1`,
} as const;

/** One record, without its envelope. Repositories are in canonical form. */
export type InterchangeRecord =
  /** An advisory's fix was audited: it held (`fixed`), or it did not. */
  | {
      readonly kind: 'certificate';
      readonly repository: string;
      readonly advisory: string;
      readonly advisoryUrl: string | null;
      readonly status: 'fixed' | 'bypass' | 'variant' | 'regressed';
      readonly commit: string | null;
      readonly auditedAt: Instant;
    }
  /** Whoever publishes it holds a finding of this hash. */
  | { readonly kind: 'claim'; readonly hash: string; readonly contact: string }
  /** A maintainer wants neither scans nor mail. */
  | {
      readonly kind: 'optout';
      readonly repository: string;
      readonly requestedAt: Instant;
      readonly reason: string | null;
    }
  /** Where to report what is found in a repository. */
  | {
      readonly kind: 'route';
      readonly repository: string;
      readonly channel: string;
      readonly verifiedAt: Instant;
    };

export type RecordCode = 'record-malformed' | 'subject-mismatch';

const Some = z.string().min(1).max(4_000);
const When = z
  .string()
  .max(64)
  .transform((text, context) => {
    const at = parseInstant(text.toUpperCase());
    if (at !== null) return at;
    context.addIssue({ code: 'custom', message: 'expected an hour as RFC 3339 writes it' });
    return z.NEVER;
  });
const audit = {
  repository: Some,
  advisory: Some,
  advisory_url: z.string().max(4_000).optional(),
  commit: z.string().max(4_000).optional(),
  audited_at: When,
};

/** Closed on purpose, as its schema is: what a record may not say is refused, not passed over. */
const Predicate = z.discriminatedUnion('type', [
  z.object({
    type: z.literal(recordTypes.certificate),
    predicate: z.strictObject({ ...audit, status: z.literal('fixed') }),
  }),
  z.object({
    type: z.literal(recordTypes.failed),
    predicate: z.strictObject({ ...audit, status: z.enum(['bypass', 'variant', 'regressed']) }),
  }),
  z.object({
    type: z.literal(recordTypes.claim),
    predicate: z.strictObject({ contact: Some }),
  }),
  z.object({
    type: z.literal(recordTypes.optout),
    predicate: z.strictObject({
      repository: Some,
      requested_at: When,
      reason: z.string().max(20_000).optional(),
    }),
  }),
  z.object({
    type: z.literal(recordTypes.route),
    predicate: z.strictObject({ repository: Some, channel: Some, verified_at: When }),
  }),
]);

/** Open on purpose: other makers of in-toto statements put more into it. */
const Envelope = z.object({
  _type: z.literal(statementType),
  subject: z
    .array(
      z.object({
        name: z.string().min(1).max(4_000),
        digest: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      }),
    )
    .min(1)
    .max(100),
  predicateType: z.string().max(500),
  predicate: z.record(z.string(), z.unknown()),
});

/**
 * Parses one record out of JSON. The subject has to be the one its predicate speaks of: a record
 * that contradicts itself would be kept under a name that is not its own.
 */
export function parseRecord(value: unknown): Result<InterchangeRecord, RecordCode> {
  const envelope = Envelope.safeParse(value);
  if (!envelope.success) return malformed(envelope.error, 'an in-toto statement of a record');
  const { predicateType: type, predicate, subject } = envelope.data;
  const said = Predicate.safeParse({ type, predicate });
  if (!said.success) return malformed(said.error, 'a record of one of the five types');
  const digest = subject[0]?.digest.sha256 ?? '';
  const record = recordOf(said.data, digest);
  if (subjectOf(record).digest !== digest) {
    return refuse({
      code: 'subject-mismatch',
      expected: 'the digest of what the record speaks of as its first subject',
      got: digest,
      todo: 'ask whoever publishes it to write it anew',
      pointer: '/subject/0/digest/sha256',
    });
  }
  return ok(record);
}

function recordOf({ type, predicate }: z.infer<typeof Predicate>, hash: string): InterchangeRecord {
  switch (type) {
    case recordTypes.certificate:
    case recordTypes.failed:
      return {
        kind: 'certificate',
        repository: canonicalRepository(predicate.repository),
        advisory: predicate.advisory,
        advisoryUrl: predicate.advisory_url ?? null,
        status: predicate.status,
        commit: predicate.commit ?? null,
        auditedAt: predicate.audited_at,
      };
    case recordTypes.claim:
      return { kind: 'claim', hash, contact: predicate.contact };
    case recordTypes.optout:
      return {
        kind: 'optout',
        repository: canonicalRepository(predicate.repository),
        requestedAt: predicate.requested_at,
        reason: predicate.reason ?? null,
      };
    case recordTypes.route:
      return {
        kind: 'route',
        repository: canonicalRepository(predicate.repository),
        channel: predicate.channel,
        verifiedAt: predicate.verified_at,
      };
  }
}

/** Writes a record as its in-toto statement. */
export function writeRecord(record: InterchangeRecord): Json {
  const { name, digest } = subjectOf(record);
  const envelope = { _type: statementType, subject: [{ name, digest: { sha256: digest } }] };
  switch (record.kind) {
    case 'certificate':
      return {
        ...envelope,
        predicateType: record.status === 'fixed' ? recordTypes.certificate : recordTypes.failed,
        predicate: {
          repository: canonicalRepository(record.repository),
          advisory: record.advisory,
          ...(record.advisoryUrl === null ? {} : { advisory_url: record.advisoryUrl }),
          status: record.status,
          ...(record.commit === null ? {} : { commit: record.commit }),
          audited_at: record.auditedAt,
        },
      };
    case 'claim':
      return {
        ...envelope,
        predicateType: recordTypes.claim,
        predicate: { contact: record.contact },
      };
    case 'optout':
      return {
        ...envelope,
        predicateType: recordTypes.optout,
        predicate: {
          repository: canonicalRepository(record.repository),
          requested_at: record.requestedAt,
          ...(record.reason === null ? {} : { reason: record.reason }),
        },
      };
    case 'route':
      return {
        ...envelope,
        predicateType: recordTypes.route,
        predicate: {
          repository: canonicalRepository(record.repository),
          channel: record.channel,
          verified_at: record.verifiedAt,
        },
      };
  }
}

/** Where a feed keeps a record, relative to its root. */
export function recordPath(record: InterchangeRecord): string {
  return `${record.kind}/${subjectOf(record).digest}.json`;
}

/** Whether anybody may read it: nothing of it speaks of a weakness that is open (Feeds). */
export function isForEverybody(record: InterchangeRecord): boolean {
  switch (record.kind) {
    case 'certificate':
      return record.status === 'fixed';
    case 'claim':
      return false;
    case 'optout':
    case 'route':
      return true;
  }
}

function subjectOf(record: InterchangeRecord): { readonly name: string; readonly digest: string } {
  switch (record.kind) {
    case 'certificate':
      return {
        name: record.advisory.trim(),
        digest: subjectDigest(record.repository, record.advisory),
      };
    case 'claim':
      return { name: 'finding', digest: record.hash };
    case 'optout':
    case 'route':
      return {
        name: canonicalRepository(record.repository),
        digest: subjectDigest(record.repository),
      };
  }
}

function malformed(error: z.ZodError, expected: string): Result<never, 'record-malformed'> {
  const [issue] = error.issues;
  const pointer = `/${(issue?.path ?? []).map(String).join('/')}`;
  return refuse({
    code: 'record-malformed',
    expected,
    got: `at ${pointer}: ${issue?.message ?? 'another shape'}`.slice(0, 300),
    todo: 'ask whoever publishes it to write it as scrutineer’s interchange schema says',
    pointer,
  });
}
