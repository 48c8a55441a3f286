import { z } from 'zod';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { Problem } from './problem.ts';
import { changedSince, IfRevision } from './revision.ts';
import { At, DigestText, idOf, Line, Moment, PartyRef, Prose, VersionText } from './words.ts';

/** OSV's names of ecosystems whose order of versions is known, some with the release. */
export const Ecosystem = z.enum([
  'npm',
  'PyPI',
  'Maven',
  'Go',
  'crates.io',
  'RubyGems',
  'NuGet',
  'Packagist',
  'Debian',
  'Debian:11',
  'Debian:12',
  'Debian:13',
  'Debian:14',
  'Ubuntu:22.04:LTS',
  'Ubuntu:24.04:LTS',
  'Ubuntu:26.04:LTS',
  'Alpine',
  'Alpine:v3.20',
  'Alpine:v3.21',
  'Alpine:v3.22',
  'Alpine:v3.23',
  'Red Hat',
  'Rocky Linux:8',
  'Rocky Linux:9',
  'Rocky Linux:10',
  'AlmaLinux:8',
  'AlmaLinux:9',
  'AlmaLinux:10',
]);

/** What is affected and where it is fixed, in the ecosystem's own version order. */
export const Affected = z.strictObject({
  ecosystem: Ecosystem,
  package: Line.max(256),
  introduced: VersionText.default('0'),
  fixed: VersionText,
  /** Debian: the binary packages built from it, for operators whose list names only these. */
  binaries: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,80}$/))
    .max(100)
    .default([]),
});

export const Publication = z.strictObject({
  summary: Line,
  details: Prose,
  affected: z.array(Affected).min(1).max(50),
  aliases: z
    .array(
      z
        .string()
        .regex(/^[A-Z][A-Za-z0-9]*-[A-Za-z0-9:._-]+$/)
        .max(80),
    )
    .max(20)
    .default([]),
  references: z
    .array(
      z.strictObject({
        type: z.enum(['ADVISORY', 'FIX', 'REPORT', 'WEB']),
        url: z.url({ protocol: /^https?$/ }).max(1_000),
      }),
    )
    .max(50)
    .default([]),
  /** CVSS vectors, at most one of each version. */
  severity: z.array(Line).max(4).optional(),
  /** What kind of weakness it is, the one that matters most first. */
  weaknesses: z
    .array(z.string().regex(/^CWE-[1-9]\d{0,4}$/))
    .max(10)
    .optional(),
  /** The verified patch operators may take where no fixed version reaches them. */
  patch: idOf('patch').optional(),
  /** Credit exactly as each finder chose; the reporters are added by the server. */
  creditFinders: z.boolean().default(true),
});
export type Publication = z.infer<typeof Publication>;

/** What an advisory can be read as; docs/formats.md says what each cannot say. */
export const advisoryFormats = ['osv', 'csaf', 'cve', 'openvex'] as const;

export const AdvisorySummary = z.object({
  id: z.string(),
  summary: z.string(),
  publishedAt: At,
  aliases: z.array(z.string()),
  affected: z.array(
    z.object({ ecosystem: z.string(), package: z.string(), fixed: z.string().nullable() }),
  ),
  /** Where it is read in OSV form. */
  osv: z.string(),
});

/** One advisory for a page: what the OSV record says, without its grammar. */
export const AdvisoryView = AdvisorySummary.extend({
  modifiedAt: At,
  details: z.string(),
  /** Each as the finder chose; who chose not to be named is not here. */
  credits: z.array(z.string()),
  references: z.array(z.object({ type: z.string(), url: z.string() })),
  patch: z
    .object({
      id: idOf('patch'),
      sha256: DigestText,
      attestation: idOf('attestation').nullable(),
    })
    .nullable(),
});
export type AdvisoryView = z.infer<typeof AdvisoryView>;

/** An advisory as it would go out now, and what stands in its way. */
export const PublicationPreview = z.object({
  /** The record in OSV form, to the byte, but for the hour; null where its parts make none. */
  osv: z.string().nullable(),
  credits: z.array(z.object({ finder: PartyRef, line: z.string().nullable() })),
  inventories: z.number(),
  /** How many of them run an affected version; null where the record cannot be matched. */
  affected: z.number().nullable(),
  /** What publishing would be refused for, all at once; empty: it would go out. */
  problems: z.array(
    Problem.pick({ code: true, expected: true, got: true, todo: true }).extend({
      pointer: z.string().nullable(),
    }),
  ),
});
export type PublicationPreview = z.infer<typeof PublicationPreview>;

const inCase = z.strictObject({ case: idOf('case') });

/** Publishing an advisory and reading it; distribute.ts has the rest of the slice. */
export const advisories = {
  publish: operation({
    id: 'distribute.publish',
    method: 'POST',
    path: '/v1/cases/{case}/advisory',
    summary: 'Publish the advisory; the embargo ends with it and affected operators get their card',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'all', weighs: ['marking'] },
    params: inCase,
    body: Publication.extend({ ifRevision: IfRevision.optional() }),
    output: z.object({ advisory: z.string() }),
    refusals: {
      embargoed: 409,
      'already-published': 409,
      'patch-not-verified': 409,
      'advisory-malformed': 422,
      'version-malformed': 422,
      'case-merged': 409,
      ...changedSince,
    },
  }),
  revise: operation({
    id: 'distribute.revise',
    method: 'POST',
    path: '/v1/cases/{case}/advisory/versions',
    summary: 'Publish a later version of the advisory; the earlier ones stay as they were',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'all', weighs: ['marking'] },
    params: inCase,
    body: Publication.extend({
      /** What is new, in one line; it stands in the advisory's history. */
      change: Line,
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ advisory: z.string(), version: z.number() }),
    refusals: {
      'not-published': 409,
      'patch-not-verified': 409,
      'advisory-malformed': 422,
      'version-malformed': 422,
      'case-merged': 409,
      ...changedSince,
    },
  }),
  preview: operation({
    id: 'distribute.preview',
    method: 'POST',
    path: '/v1/cases/{case}/advisory/preview',
    summary: 'The advisory as it would go out, its credits, its reach, and what stands in its way',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'all' },
    params: inCase,
    body: Publication,
    output: PublicationPreview,
  }),
  listAdvisories: operation({
    id: 'distribute.list-advisories',
    method: 'GET',
    path: '/v1/advisories',
    summary: 'Published advisories, newest first',
    sameForAll: true,
    callers: ['public', 'coordinator', 'owner', 'finder', 'operator', 'auditor', 'evaluator'],
    query: PageQuery.extend({
      /** Part of the name of a package. */
      package: Line.max(256).optional(),
      ecosystem: Line.max(40).optional(),
      /** The id of an advisory, or a CVE or other alias. */
      id: Line.max(80).optional(),
      /** Published at or after this hour. */
      since: Moment.optional(),
    }),
    output: pageOf(AdvisorySummary),
  }),
  advisory: operation({
    id: 'distribute.advisory',
    method: 'GET',
    path: '/v1/advisories/{advisory}',
    summary: 'One advisory: in OSV form, as CSAF 2.0, as OpenVEX, or as a CVE container (a draft)',
    callers: ['public', 'coordinator', 'owner', 'finder', 'operator', 'auditor', 'evaluator'],
    params: z.strictObject({ advisory: z.string().regex(/^x_BW-\d{4}-[0-9A-HJKMNP-TV-Z]{8}$/) }),
    query: z.strictObject({
      format: z.enum(advisoryFormats).default('osv'),
      /** One of those that were out; the newest unless told. */
      version: z.coerce.number().int().min(1).max(10_000).optional(),
    }),
    output: z.string(),
    file: 'application/json',
    sameForAll: true,
  }),
  getAdvisory: operation({
    id: 'distribute.get-advisory',
    method: 'GET',
    path: '/v1/advisories/{advisory}/view',
    summary: 'One advisory for a page, with its credits, its patch and its attestation',
    sameForAll: true,
    callers: ['public', 'coordinator', 'owner', 'finder', 'operator', 'auditor', 'evaluator'],
    params: z.strictObject({ advisory: z.string().regex(/^x_BW-\d{4}-[0-9A-HJKMNP-TV-Z]{8}$/) }),
    output: AdvisoryView,
  }),
};
