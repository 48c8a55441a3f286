import { z } from 'zod';
import { fileBodyBytesMax, operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { At, Base64, DigestText, idOf, Line, PartyRef, Prose, VersionText } from './words.ts';

/** What is affected and where it is fixed, in the ecosystem's own version order. */
export const Affected = z.strictObject({
  ecosystem: z.enum(['npm', 'Debian', 'Debian:11', 'Debian:12', 'Debian:13', 'Debian:14']),
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
  /** The verified patch operators may take where no fixed version reaches them. */
  patch: idOf('patch').optional(),
  /** Credit exactly as each finder chose; the reporters are added by the server. */
  creditFinders: z.boolean().default(true),
});
export type Publication = z.infer<typeof Publication>;

export const AdvisorySummary = z.object({
  id: z.string(),
  summary: z.string(),
  publishedAt: At,
  aliases: z.array(z.string()),
});

export const Inventory = z.object({
  id: idOf('inventory'),
  name: z.string(),
  format: z.string(),
  components: z.number(),
  sha256: DigestText,
  uploadedAt: At,
  notes: z.array(z.string()),
});

/** Everything an operator must do, in plain words, on one card. */
export const Card = z.object({
  headline: z.string(),
  /** One sentence: what can happen. */
  why: z.string(),
  /** What to do, in order; commands are exact and can be copied. */
  steps: z.array(z.object({ text: z.string(), command: z.string().nullable() })),
  patch: z
    .object({ id: idOf('patch'), sha256: DigestText, attestation: idOf('attestation').nullable() })
    .nullable(),
  /** null: no fixed deadline; with the next scheduled update. */
  dueAt: At.nullable(),
  /** First line: why, in plain words. After it: the rule that gave it, with its inputs. */
  dueBecause: z.string(),
  where: z.array(
    z.object({
      component: z.string(),
      version: z.string(),
      fixed: z.string().nullable(),
      reason: z.string(),
      path: z.string().nullable(),
    }),
  ),
  advisory: z.string(),
});
export type Card = z.infer<typeof Card>;

export const Notice = z.object({
  id: idOf('notice'),
  advisory: z.string(),
  inventory: z.object({ id: idOf('inventory'), name: z.string() }),
  createdAt: At,
  status: z.enum(['open', 'done', 'helper', 'not-affected', 'withdrawn']),
  receipt: z
    .object({
      at: At,
      outcome: z.enum(['done', 'helper', 'not-affected']),
      note: z.string().nullable(),
    })
    .nullable(),
  card: Card,
});
export type Notice = z.infer<typeof Notice>;

const inCase = z.strictObject({ case: idOf('case') });

export const distribute = {
  publish: operation({
    id: 'distribute.publish',
    method: 'POST',
    path: '/v1/cases/{case}/advisory',
    summary: 'Publish the advisory; the embargo ends with it and affected operators get their card',
    callers: ['coordinator'],
    params: inCase,
    body: Publication,
    output: z.object({ advisory: z.string() }),
    refusals: {
      embargoed: 409,
      'already-published': 409,
      'patch-not-verified': 409,
      'advisory-malformed': 422,
      'version-malformed': 422,
      'case-merged': 409,
    },
  }),
  listAdvisories: operation({
    id: 'distribute.list-advisories',
    method: 'GET',
    path: '/v1/advisories',
    summary: 'Published advisories, newest first',
    callers: ['public', 'coordinator', 'owner', 'finder', 'operator', 'auditor'],
    query: PageQuery,
    output: pageOf(AdvisorySummary),
  }),
  advisory: operation({
    id: 'distribute.advisory',
    method: 'GET',
    path: '/v1/advisories/{advisory}',
    summary: 'One advisory in OSV form',
    callers: ['public', 'coordinator', 'owner', 'finder', 'operator', 'auditor'],
    params: z.strictObject({ advisory: z.string().regex(/^x_BW-\d{4}-[0-9A-HJKMNP-TV-Z]{8}$/) }),
    output: z.string(),
    file: 'application/json',
  }),
  addInventory: operation({
    id: 'distribute.add-inventory',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/inventories',
    summary: 'Upload an inventory: a lock file, a package list or a CycloneDX SBOM',
    callers: ['operator'],
    body: z.strictObject({
      name: Line,
      file: Base64,
      /** For a Debian package list: the release it comes from, such as 12. */
      debianRelease: z
        .string()
        .regex(/^\d{1,3}$/)
        .optional(),
    }),
    output: z.object({
      inventory: idOf('inventory'),
      format: z.string(),
      components: z.number(),
    }),
    refusals: { 'inventory-unreadable': 422 },
  }),
  listInventories: operation({
    id: 'distribute.list-inventories',
    method: 'GET',
    path: '/v1/inventories',
    summary: 'Your inventories, newest first',
    callers: ['operator'],
    query: PageQuery,
    output: pageOf(Inventory),
  }),
  listNotices: operation({
    id: 'distribute.list-notices',
    method: 'GET',
    path: '/v1/notices',
    summary: 'Your notices, newest first: one card each',
    callers: ['operator'],
    query: PageQuery,
    output: pageOf(Notice),
  }),
  notice: operation({
    id: 'distribute.notice',
    method: 'GET',
    path: '/v1/notices/{notice}',
    summary: 'One notice with its card',
    callers: ['operator'],
    params: z.strictObject({ notice: idOf('notice') }),
    output: Notice,
  }),
  receipt: operation({
    id: 'distribute.receipt',
    method: 'POST',
    path: '/v1/notices/{notice}/receipt',
    summary: 'Report it done, handed to a helper, or not affected',
    callers: ['operator'],
    params: z.strictObject({ notice: idOf('notice') }),
    body: z.strictObject({
      outcome: z.enum(['done', 'helper', 'not-affected']),
      note: Prose.max(4_000).optional(),
    }),
    output: z.object({ notice: idOf('notice'), status: z.string() }),
    refusals: { 'already-receipted': 409 },
  }),
  exposure: operation({
    id: 'distribute.exposure',
    method: 'GET',
    path: '/v1/cases/{case}/exposure',
    summary: 'Which operators run an affected version, and who reported it done',
    callers: ['coordinator'],
    params: inCase,
    output: z.object({
      inventories: z.number(),
      affected: z.number(),
      done: z.number(),
      helper: z.number(),
      items: z.array(
        z.object({
          notice: idOf('notice'),
          operator: PartyRef,
          status: z.string(),
          component: z.string(),
          version: z.string(),
          dueAt: At.nullable(),
        }),
      ),
    }),
  }),
};
