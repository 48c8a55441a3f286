import { z } from 'zod';
import { operation } from './operation.ts';
import { At, DigestText, idOf, Line, PartyRef, Prose } from './words.ts';

/** The six protections of access (Executive Order 14409, Sec. 3(b)(ii)), each with terms of its own. */
export const protections = [
  'confidentiality',
  'cybersecurity',
  'insider-risk',
  'intellectual-property',
  'use',
  'nondisclosure',
] as const;
export type Protection = (typeof protections)[number];

/** What terms of an engagement are about: a protection, or the agreement as a whole. */
export const termsKinds = [...protections, 'agreement'] as const;
export type TermsKind = (typeof termsKinds)[number];

/** The two that sign: the developer, and the Government's people. */
export const sides = ['developer', 'government'] as const;
export type Side = (typeof sides)[number];

/** Versions of one kind at most. */
export const termsVersionsMax = 500;

/** What one side put under a version. */
const Signature = z.object({
  side: z.enum(sides),
  party: PartyRef,
  /** As the person wrote it when it signed; null: erased. */
  name: z.string().nullable(),
  title: z.string().nullable(),
  /** What was signed: SHA-256 over the text in UTF-8. */
  digest: DigestText,
  at: At,
});

/** One version of one document; its text does not change. */
export const Terms = z.object({
  id: idOf('terms'),
  engagement: idOf('engagement'),
  kind: z.enum(termsKinds),
  /** From 1 on, in the order in which they were proposed. */
  version: z.number().int(),
  side: z.enum(sides),
  by: PartyRef,
  proposedAt: At,
  digest: DigestText,
  /** By each side at most one; two make it a fact. */
  signatures: z.array(Signature).max(2),
  /** When the second signature came; null: not both have signed. */
  signedAt: At.nullable(),
  /** Signed by both, and no later version is. */
  inForce: z.boolean(),
  /** When a later version came: of a signed one a signed one, of another any. null: none did. */
  supersededAt: At.nullable(),
});
export type Terms = z.infer<typeof Terms>;

/** What came between two versions, word by word; the parts in their order. */
export const Redline = z.object({
  from: idOf('terms'),
  to: idOf('terms'),
  parts: z.array(z.object({ change: z.enum(['same', 'added', 'removed']), text: z.string() })),
});
export type Redline = z.infer<typeof Redline>;

const ofEngagement = z.strictObject({ engagement: idOf('engagement') });
const ofTerms = z.strictObject({ ...ofEngagement.shape, terms: idOf('terms') });
const callers = ['developer', 'liaison', 'official'] as const;
const sidesAlone = {
  'neither-side': 403,
  'engagement-left': 409,
  'classified-text': 422,
} as const;
const needs = { subject: 'engagement', level: 'detail' } as const;

export const terms = {
  propose: operation({
    id: 'engage.propose-terms',
    method: 'POST',
    path: '/v1/engagements/{engagement}/terms',
    summary:
      'Propose a version of the terms of one protection, or of the agreement; either side may',
    callers: ['developer', 'liaison'],
    needs,
    params: ofEngagement,
    body: z.strictObject({ kind: z.enum(termsKinds), text: Prose }),
    output: z.object({ terms: idOf('terms'), version: z.number().int(), digest: DigestText }),
    refusals: { ...sidesAlone, 'same-text': 409, 'too-many-versions': 409 },
  }),
  list: operation({
    id: 'engage.terms',
    method: 'GET',
    path: '/v1/engagements/{engagement}/terms',
    summary: 'Every version of the terms of an engagement, by kind, the newest first',
    callers,
    needs,
    params: ofEngagement,
    output: z.object({ items: z.array(Terms) }),
  }),
  get: operation({
    id: 'engage.terms-version',
    method: 'GET',
    path: '/v1/engagements/{engagement}/terms/{terms}',
    summary: 'One version of terms with its text',
    callers,
    needs,
    params: ofTerms,
    /** null: erased. */
    output: Terms.extend({ text: z.string().nullable() }),
  }),
  redline: operation({
    id: 'engage.redline',
    method: 'GET',
    path: '/v1/engagements/{engagement}/terms/{terms}/redline',
    summary: 'What changed from one version to another, word by word',
    callers,
    needs,
    params: ofTerms,
    /** Left out: the version before. */
    query: z.strictObject({ from: idOf('terms').optional() }),
    output: Redline,
    refusals: { 'no-such-version': 422, erased: 404 },
  }),
  sign: operation({
    id: 'engage.sign-terms',
    method: 'POST',
    path: '/v1/engagements/{engagement}/terms/{terms}/sign',
    summary: 'Sign a version for your side, by name, as you read it',
    callers: ['developer', 'liaison'],
    needs,
    params: ofTerms,
    body: z.strictObject({
      /** The person who signs, and as what. */
      name: Line,
      title: Line,
      /** SHA-256 over the text that was read. */
      digest: DigestText,
    }),
    output: z.object({ terms: idOf('terms'), inForce: z.boolean() }),
    refusals: {
      ...sidesAlone,
      'digest-differs': 422,
      'already-signed': 409,
      'terms-superseded': 409,
    },
  }),
};
