import { z } from 'zod';
import { TargetText, WeaknessId } from './extent.ts';
import { fileBodyBytesMax, operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { repositories } from './repositories.ts';
import { changedSince, IfRevision } from './revision.ts';
import { At, Base64, idOf, Line, Moment, PartyRef, Prose, Reason } from './words.ts';

/** Where wishes may come from: said here, a file its owner publishes, or a peer's record. */
export const wishesForms = [
  'form',
  'security-txt',
  'security-md',
  'csaf-provider',
  'federation',
] as const;
export type WishesForm = (typeof wishesForms)[number];

/** Files that are read into wishes. */
export const wishesFiles = ['security-txt', 'security-md', 'csaf-provider'] as const;

const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected an hour such as 22:00');
const LocalDate = z
  .string()
  .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'expected month and day such as 12-20');
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function quietPeriodOf<M extends z.ZodType>(moment: M) {
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('once'), from: moment, until: moment, zone: Line }),
    /** Each of these days from `from`; past midnight where `until` is not later. */
    z.strictObject({
      kind: z.literal('weekly'),
      days: z.array(z.enum(weekdays)).min(1).max(7),
      from: LocalTime,
      until: LocalTime,
      zone: Line,
    }),
    /** Each year, both days included; over new year where `until` is earlier. */
    z.strictObject({
      kind: z.literal('yearly'),
      from: LocalDate,
      until: LocalDate,
      zone: Line,
    }),
  ]);
}

/** When nobody shall look, in the zone in which its owner reads the clock. */
export const QuietPeriod = quietPeriodOf(At);
export type QuietPeriod = z.infer<typeof QuietPeriod>;

/** How the owner wants to be reached; `here`: through a case of this installation. */
export const Channel = z.strictObject({
  kind: z.enum(['here', 'mail', 'web', 'phone']),
  /** null for `here`. */
  address: z.string().trim().min(3).max(2_000).nullable(),
});
export type Channel = z.infer<typeof Channel>;

/** What its owner does not take for a vulnerability, and why. */
const NotVulnerability = z.strictObject({
  /** null: of any weakness. */
  weakness: WeaknessId.nullable(),
  /** A path with `*` (within a segment) and `**` (over segments); null: anywhere. */
  path: Line.nullable(),
  words: Prose.max(4_000),
});

/** What an owner says that it does not take for a vulnerability, beside a finding that it fits. */
export const NotWanted = z.object({
  /** The finding's place among the drafts. */
  draft: z.number().int(),
  /** What the owner spoke of. */
  target: z.string(),
  weakness: z.string().nullable(),
  path: z.string().nullable(),
  words: z.string(),
});
export type NotWanted = z.infer<typeof NotWanted>;

/** One statement of wishes about one target, with where it comes from. */
export const Wishes = z.object({
  id: idOf('wishes'),
  /** In canonical form. */
  target: z.string(),
  source: z.object({
    form: z.enum(wishesForms),
    /** Where the file or record was read; null for our own form. */
    from: z.string().nullable(),
    /** Who stated it here, or brought the file. */
    by: PartyRef,
    at: At,
    /** As the file itself says; it holds no longer from then on. */
    expiresAt: At.nullable(),
  }),
  /** Only what is held binds a claim. */
  state: z.enum(['held', 'expired', 'withdrawn']),
  optOut: z.object({ since: At, words: z.string().nullable() }).nullable(),
  quiet: z.array(QuietPeriod),
  /** It is quiet now, until then. */
  quietUntil: At.nullable(),
  /** The pace its owner has set, where the owner shows it. */
  pace: z
    .object({
      capacityPerWeek: z.number().nullable(),
      paused: z.boolean(),
      pausedUntil: At.nullable(),
    })
    .nullable(),
  channels: z.array(Channel),
  /** Policy pages of the owner. */
  policies: z.array(z.string()),
  /** null: none, or erased. */
  threatModel: z.string().nullable(),
  notVulnerabilities: z.array(
    z.object({
      weakness: z.string().nullable(),
      path: z.string().nullable(),
      words: z.string().nullable(),
    }),
  ),
  /** The text of the file: to be shown as quoted, never obeyed (law 11). */
  quoted: z.string().nullable(),
  /** What the file says beside, such as languages, keys and distributions. */
  notes: z.array(z.object({ field: z.string(), value: z.string() })),
  revision: z.number(),
});
export type Wishes = z.infer<typeof Wishes>;

/** One line of the scope that a disclosure program published. */
export const ProgramScope = z.object({
  /** As the program wrote it. */
  written: z.string(),
  /** In canonical form; null: it names nothing that can be compared. */
  target: z.string().nullable(),
  /** `unsaid`: the program's own host, of which its directory names no scope. */
  says: z.enum(['in', 'out', 'unsaid']),
  kind: z.string().nullable(),
});

export type ProgramScope = z.infer<typeof ProgramScope>;

/** A published disclosure program: information, and by itself nobody's leave. */
export const Program = z.object({
  id: idOf('program'),
  name: z.string(),
  policy: z.string().nullable(),
  contacts: z.array(z.string()),
  /** As its directory judges it; null: not said. */
  safeHarbor: z.enum(['full', 'partial', 'none']).nullable(),
  source: z.object({
    name: z.string(),
    from: z.string().nullable(),
    license: z.string(),
    at: At,
  }),
});
export type Program = z.infer<typeof Program>;

/** Directories of disclosure programs whose files are read. */
export const programFormats = [
  'disclose-io',
  'hackerone',
  'bugcrowd',
  'intigriti',
  'yeswehack',
] as const;

/** What could not be read, and where in the file. */
const NotUnderstood = z.array(z.object({ where: z.string(), code: z.string(), text: z.string() }));

/** A scrutineer interchange record, at the path its feed keeps it under. */
export const RecordFile = z.object({
  path: z.string().max(300),
  record: z.record(z.string(), z.unknown()),
});
export type RecordFile = z.infer<typeof RecordFile>;

const keepers = ['owner', 'operator', 'coordinator'] as const;
const readers = ['finder', 'owner', 'operator', 'coordinator', 'auditor'] as const;
const wish = {
  target: TargetText,
  optOut: z
    .strictObject({ words: Prose.max(4_000).nullable() })
    .nullable()
    .default(null),
  quiet: z.array(quietPeriodOf(Moment)).max(50).default([]),
  showPace: z.boolean().default(false),
  channels: z.array(Channel).max(20).default([]),
  policies: z
    .array(z.url({ protocol: /^https$/ }).max(2_000))
    .max(10)
    .default([]),
  threatModel: Prose.nullable().default(null),
  notVulnerabilities: z.array(NotVulnerability).max(200).default([]),
};
const file = {
  form: z.enum(wishesFiles),
  file: Base64.max(700_000),
  /** Where it was read. */
  from: z.url({ protocol: /^https$/ }).max(2_000),
};
const unreadable = {
  'target-malformed': 422,
  'file-unreadable': 422,
  'file-expired': 422,
  'file-elsewhere': 422,
} as const;

export const wishes = {
  wishes: operation({
    id: 'deconflict.wishes',
    method: 'GET',
    path: '/v1/wishes',
    summary: "The owners' wishes that apply to a target, and the programs published for it",
    callers: readers,
    query: z.object({ target: TargetText }),
    output: z.object({
      target: z.string(),
      items: z.array(Wishes),
      programs: z.array(z.object({ program: Program, scopes: z.array(ProgramScope) })),
      /** Advisories whose fix others audited, and it held. */
      audits: z.array(
        z.object({ repository: z.string(), advisory: z.string(), at: At, from: z.string() }),
      ),
    }),
    refusals: { 'target-malformed': 422 },
  }),
  listWishes: operation({
    id: 'deconflict.list-wishes',
    method: 'GET',
    path: '/v1/me/wishes',
    summary: 'Wishes you stated, newest first; a coordinator sees those of everybody',
    callers: keepers,
    query: PageQuery,
    output: pageOf(Wishes),
  }),
  stateWishes: operation({
    id: 'deconflict.state-wishes',
    method: 'POST',
    path: '/v1/wishes',
    summary: 'Say what you wish for a target that you control; in place of what you said before',
    callers: keepers,
    body: z.strictObject({ ...wish, ifRevision: IfRevision.optional() }),
    output: z.object({ wishes: idOf('wishes'), revision: z.number() }),
    refusals: {
      'target-malformed': 422,
      'control-unproven': 403,
      'hour-passed': 422,
      'zone-unknown': 422,
      'period-empty': 422,
      'too-many-wishes': 409,
      ...changedSince,
    },
  }),
  previewWishes: operation({
    id: 'deconflict.preview-wishes',
    method: 'POST',
    path: '/v1/wishes/preview',
    summary: 'What is understood of a security.txt, SECURITY.md or CSAF file; nothing is kept',
    callers: ['finder', ...keepers],
    body: z.strictObject(file),
    output: z.object({
      channels: z.array(Channel),
      policies: z.array(z.string()),
      expiresAt: At.nullable(),
      /** A signature stands in it; it is not checked. */
      signed: z.boolean(),
      notes: Wishes.shape.notes,
      quoted: z.string().nullable(),
      /** Lines that say nothing to us, and why. */
      notUnderstood: NotUnderstood,
    }),
    refusals: unreadable,
  }),
  importWishes: operation({
    id: 'deconflict.import-wishes',
    method: 'POST',
    path: '/v1/wishes/import',
    summary: 'Take in what a target says of itself in a file it publishes',
    callers: keepers,
    body: z.strictObject({ target: TargetText, ...file }),
    output: z.object({ wishes: idOf('wishes'), revision: z.number() }),
    refusals: { ...unreadable, 'control-unproven': 403, 'too-many-wishes': 409 },
  }),
  withdrawWishes: operation({
    id: 'deconflict.withdraw-wishes',
    method: 'POST',
    path: '/v1/wishes/{wishes}/withdraw',
    summary: 'Withdraw wishes you stated; a coordinator may withdraw those of anybody',
    callers: keepers,
    params: z.strictObject({ wishes: idOf('wishes') }),
    body: z.strictObject({ reason: Reason, ifRevision: IfRevision.optional() }),
    output: z.object({ revision: z.number() }),
    refusals: { 'already-withdrawn': 409, ...changedSince },
  }),
  importPrograms: operation({
    id: 'deconflict.import-programs',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/programs/import',
    summary: 'Take in a directory of disclosure programs and their scopes; twice changes nothing',
    callers: ['coordinator'],
    body: z.strictObject({
      format: z.enum(programFormats),
      /** At most 16 MiB when decoded. */
      file: z.base64().max(22_370_000),
      /** Who keeps the directory, such as disclose.io; a later file of it replaces this one. */
      source: Line,
      from: z
        .url({ protocol: /^https$/ })
        .max(2_000)
        .optional(),
      license: Line,
      /** When the directory was as in the file. */
      at: Moment,
    }),
    output: z.object({
      programs: z.number(),
      scopes: z.number(),
      added: z.number(),
      changed: z.number(),
      unchanged: z.number(),
      gone: z.number(),
      /** The first 1,000; `notUnderstoodMore` how many beyond. */
      notUnderstood: NotUnderstood,
      notUnderstoodMore: z.number(),
    }),
    refusals: { 'file-unreadable': 422, 'file-older': 409, 'imports-busy': 503 },
  }),
  programs: operation({
    id: 'deconflict.programs',
    method: 'GET',
    path: '/v1/programs',
    summary: 'Published disclosure programs known here, by name',
    callers: readers,
    query: PageQuery.extend({ source: Line.optional() }),
    output: pageOf(Program),
  }),
  importRecords: operation({
    id: 'deconflict.import-records',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/federation/import',
    summary: "Take in opt-outs, routes and certificates of another installation's feed",
    callers: ['coordinator'],
    body: z.strictObject({
      feed: Line,
      records: z.array(z.strictObject(RecordFile.shape)).min(1).max(5_000),
    }),
    output: z.object({
      added: z.number(),
      changed: z.number(),
      unchanged: z.number(),
      notUnderstood: NotUnderstood,
    }),
  }),
  records: operation({
    id: 'deconflict.records',
    method: 'GET',
    path: '/v1/federation/records',
    summary: 'What this installation tells others: opt-outs, routes and clean certificates',
    callers: ['public', ...readers],
    output: z.object({ items: z.array(RecordFile) }),
    sameForAll: true,
  }),
  ...repositories,
};
