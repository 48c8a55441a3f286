import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { readJson } from '../json/read-json.ts';

/** The `_type` of every statement (in-toto Attestation Framework v1, Statement). */
export const statementType = 'https://in-toto.io/Statement/v1';

/** The DSSE payload type of an in-toto statement (Envelope layer). */
export const statementPayloadType = 'application/vnd.in-toto+json';

/** Whoever signs may be the attacker: a deep predicate shall not exhaust the stack. */
const limits = { bytesMax: 16 * 1024 * 1024, depthMax: 128 };

const hex = /^[0-9a-f]{2,256}$/;
const DigestSet = z
  .record(z.string().min(1).max(64), z.string().min(1).max(512))
  .refine((set) => Object.keys(set).length > 0, 'at least one digest')
  .refine(
    (set) =>
      set['sha256'] === undefined || (hex.test(set['sha256']) && set['sha256'].length === 64),
    'sha256 as 64 lower-case hex digits',
  );

/** A subject: what the statement speaks about, matched purely by digest. */
export const Subject = z.object({
  name: z.string().max(1000).optional(),
  digest: DigestSet,
});
export type Subject = z.infer<typeof Subject>;

/** An absolute URI whose scheme is in lower case (Field types, TypeURI). */
const TypeUri = z
  .string()
  .max(500)
  .regex(/^[a-z][a-z0-9+.-]*:[^\s"<>\\^`{|}]+$/, 'a URI with a lower-case scheme');

/** An in-toto Statement v1; fields the framework may add later are ignored. */
export const Statement = z.object({
  _type: z.literal(statementType),
  subject: z.array(Subject).min(1).max(1000),
  predicateType: TypeUri,
  predicate: z.record(z.string(), z.json()).default({}),
});
export type Statement = z.infer<typeof Statement>;

/** Parses the bytes of a checked envelope's payload as a Statement v1. */
export function parseStatement(payload: Uint8Array): Result<Statement, 'statement-malformed'> {
  const json = readJson(payload, limits);
  if (!json.ok) return malformed(`no JSON in UTF-8 of such a size and depth: ${json.refusal.got}`);
  const parsed = Statement.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const at = `/${(issue?.path ?? []).join('/')}: ${issue?.message ?? 'another shape'}`;
  // A path holds names of any length.
  return malformed(at.slice(0, 300));
}

function malformed(got: string): Result<Statement, 'statement-malformed'> {
  return refuse({
    code: 'statement-malformed',
    expected: 'an in-toto Statement v1',
    got,
    todo: 'check that the envelope holds an in-toto attestation of version 1',
  });
}
