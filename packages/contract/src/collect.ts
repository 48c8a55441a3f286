import { z } from 'zod';
import { Embargo, stages } from './coordinate.ts';
import { fileBodyBytesMax, operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { changedSince, IfRevision } from './revision.ts';
import { verdicts } from './validate.ts';
import { NotWanted } from './wishes.ts';
import {
  At,
  Base64,
  DigestText,
  idOf,
  Line,
  Name,
  PackageUrl,
  PartyRef,
  Prose,
  TlpLabel,
  VersionText,
} from './words.ts';

/** Where the weakness is, as the reporter names it. */
export const Location = z.strictObject({
  path: z.string().min(1).max(1_000),
  function: z.string().max(500).optional(),
  line: z.number().int().min(1).max(100_000_000).optional(),
});

const common = {
  package: PackageUrl,
  version: VersionText,
  /** Name of a recipe that builds and runs this package; without one nothing can be reproduced. */
  recipe: Line.optional(),
  title: Line,
  marking: TlpLabel.default('AMBER+STRICT'),
  /** The tool and version that found it, as the reporter names it. */
  tool: Line.optional(),
};

/** A raw crash: the tool's report and the input that triggers it. */
export const CrashFinding = z.strictObject({
  kind: z.literal('crash'),
  ...common,
  report: z.string().min(1).max(4_000_000),
  input: Base64,
});

/** A finding in Breakwater's own form. */
export const NativeFinding = z.strictObject({
  kind: z.literal('native'),
  ...common,
  description: Prose,
  weakness: z
    .string()
    .regex(/^CWE-\d{1,6}$/)
    .optional(),
  location: Location.optional(),
  /** CVE, GHSA, OSV or vendor identifiers the reporter believes it has. */
  identifiers: z.array(z.string().min(3).max(80)).max(20).default([]),
  /** Proof of concept in the form the recipe expects. */
  proof: Base64.optional(),
  cvss: z.string().max(300).optional(),
});

export const FindingSubmission = z.discriminatedUnion('kind', [CrashFinding, NativeFinding]);
export type FindingSubmission = z.infer<typeof FindingSubmission>;

/**
 * What a submitter learns at once. That a match exists is a listed disclosure; whose is not.
 * `suppressed`: its tool was told not to tell of it; it is kept and opens no case.
 * `waiting`: it is in, and its case is looked for later: you joined as many by what can be guessed
 * as a day allows.
 */
export const standings = ['new', 'joined', 'known-fixed', 'suppressed', 'waiting'] as const;

export const Finding = z.object({
  id: idOf('finding'),
  kind: z.enum(['crash', 'native']),
  title: z.string(),
  package: z.string(),
  version: z.string(),
  recipe: z.string().nullable(),
  marking: TlpLabel,
  tool: z.string().nullable(),
  /** null: you may not know who. */
  reporter: PartyRef.nullable(),
  receivedAt: At,
  case: idOf('case').nullable(),
  standing: z.enum(standings).nullable(),
  /** Present at detail level only. */
  crash: z
    .object({
      type: z.string(),
      security: z.boolean(),
      state: z.array(z.string()),
      frames: z.array(
        z.object({
          function: z.string(),
          file: z.string().nullable(),
          line: z.number().nullable(),
        }),
      ),
    })
    .nullable(),
  description: z.string().nullable(),
  location: Location.nullable(),
  weakness: z.string().nullable(),
  identifiers: z.array(z.string()),
  /** Content ids of what came in, verbatim. */
  contents: z.array(
    z.object({ name: z.string(), content: idOf('content'), size: z.number(), sha256: DigestText }),
  ),
});
export type Finding = z.infer<typeof Finding>;

/** One of your own findings, and what became of it. */
export const OwnFinding = z.object({
  finding: idOf('finding'),
  title: z.string(),
  package: z.string(),
  version: z.string(),
  receivedAt: At,
  /** As you were told when you handed it in, or when its case was found. */
  standing: z.enum(standings).nullable(),
  case: idOf('case').nullable(),
  /** Of the whole case. */
  stage: z.enum(stages).nullable(),
  embargo: Embargo.nullable(),
  /** What the sandbox said of this very finding, newest first run; null: none ended yet. */
  verdict: z.enum(verdicts).nullable(),
  /** How you are credited when it is published; null: not by name. */
  credit: z.string().nullable(),
  advisory: z.string().nullable(),
});
export type OwnFinding = z.infer<typeof OwnFinding>;

/** Files of many findings that are taken in as they are. */
export const reportFormats = ['sarif', 'findings'] as const;

/** What became of one element of a report; `known`: this party handed it in before. */
export const reportOutcomes = [...standings, 'known', 'left-out', 'refused'] as const;

/** One element of a report, at its place in the file. */
export const ReportRow = z.object({
  /** Such as `/runs/0/results/3`. */
  where: z.string(),
  outcome: z.enum(reportOutcomes),
  finding: idOf('finding').nullable(),
  /** Why it was left out or refused, in a sentence; null where it is in. */
  why: z.string().nullable(),
});
export type ReportRow = z.infer<typeof ReportRow>;

/** The largest file that is taken in at once, in bytes; and the findings in it. */
export const reportLimits = { bytesMax: 32 * 1024 * 1024, findingsMax: 20_000 } as const;

/**
 * A file of findings in our own form: `{"findings": [{"finding": …, "where": …}]}`, for programs that
 * read other formats. `where` and `fingerprint` are those of the file it came from.
 */
export const FindingsFile = z.strictObject({
  findings: z
    .array(
      z.strictObject({
        where: z.string().min(1).max(200).optional(),
        finding: FindingSubmission,
        fingerprint: z.string().min(1).max(4_000).optional(),
        suppressed: z.boolean().optional(),
      }),
    )
    .max(reportLimits.findingsMax),
});
export type FindingsFile = z.input<typeof FindingsFile>;

/** What a report of a tool holds, counted before it is handed in. */
export const ReportCounts = z.object({
  results: z.number(),
  /** Taken in as findings. */
  findings: z.number(),
  /** Kept, and of no case: its tool was told not to tell of them. */
  suppressed: z.number(),
  /** Its tool says that they passed, do not apply, only inform, or are gone. */
  leftOut: z.number(),
  /** Nothing can be made of them. */
  refused: z.number(),
  /** Packages that findings name themselves, the most frequent first. */
  packages: z.array(z.object({ package: z.string(), findings: z.number() })).max(20),
  /** Findings that are refused unless a package is named beside the file; the same of a version. */
  withoutPackage: z.number(),
  withoutVersion: z.number(),
});
export type ReportCounts = z.infer<typeof ReportCounts>;

/** How a finder wants to be credited: nobody else can change it (law 4). */
export const Credit = z.object({
  as: z.enum(['named', 'anonymous']),
  /** The line in the advisory; your party's name until you choose one. */
  name: z.string(),
  revision: z.number(),
});
export type Credit = z.infer<typeof Credit>;

/** A finding read out of a file, before it is handed in: whole, or with what is missing. */
export const FindingDraft = z.object({
  kind: z.enum(['crash', 'native']),
  package: z.string().nullable(),
  version: z.string().nullable(),
  recipe: z.string().nullable(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  weakness: z.string().nullable(),
  location: Location.nullable(),
  identifiers: z.array(z.string()),
  cvss: z.string().nullable(),
  /** Of a crash: what was read out of the report. */
  crash: z
    .object({ type: z.string(), security: z.boolean(), state: z.array(z.string()) })
    .nullable(),
  /** Fields of the submission that the file does not tell and you must add. */
  missing: z.array(z.string()),
});
export type FindingDraft = z.infer<typeof FindingDraft>;

export const collect = {
  submit: operation({
    id: 'collect.submit',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/findings',
    summary: 'Hand in a finding; learn at once whether it is new, known or already fixed',
    callers: ['finder', 'coordinator', 'owner'],
    body: FindingSubmission,
    output: z.object({
      finding: idOf('finding'),
      standing: z.enum(standings).exclude(['suppressed']),
      case: idOf('case').nullable(),
      /** The kinds of evidence that joined it, such as `crash-signature`. */
      joinedBy: z.array(z.string()),
      advisory: z.string().nullable(),
    }),
    refusals: {
      'report-unreadable': 422,
      'recipe-unknown': 422,
      'package-malformed': 422,
      'cvss-malformed': 422,
    },
  }),
  import: operation({
    id: 'collect.import',
    // Base64 of the largest report, and what goes with it.
    bodyBytesMax: 44 * 1024 * 1024,
    method: 'POST',
    path: '/v1/findings/import',
    summary:
      'Hand in all findings of a report at once; what you handed in before is not taken twice',
    callers: ['finder', 'coordinator', 'owner'],
    body: z.strictObject({
      format: z.enum(reportFormats),
      file: z.base64().max(Math.ceil(reportLimits.bytesMax / 3) * 4),
      /** Of findings that do not name a package or version themselves. */
      package: PackageUrl.optional(),
      version: VersionText.optional(),
      recipe: Line.optional(),
      /** Of all findings that bear none. */
      marking: TlpLabel.optional(),
    }),
    output: z.object({
      /** null: nothing in it was another than before, and nothing was written. */
      report: idOf('report').nullable(),
      rows: z.array(ReportRow),
      /** Findings of the report before this one, of the same tools and package, that are not in it. */
      gone: z.array(idOf('finding')),
      /** What is in the file and in no finding, in whole sentences. */
      notes: z.array(z.string()),
    }),
    refusals: {
      'report-unreadable': 422,
      'too-many-findings': 422,
      'imports-busy': 503,
    },
  }),
  letIn: operation({
    id: 'collect.let-in',
    method: 'POST',
    path: '/v1/parties/{party}/waiting/let-in',
    summary: 'Have what waits of a party find its cases within a minute: it does not guess',
    callers: ['coordinator'],
    params: z.strictObject({ party: idOf('party') }),
    output: z.object({ waiting: z.number() }),
  }),
  get: operation({
    id: 'collect.get',
    method: 'GET',
    path: '/v1/findings/{finding}',
    summary: 'One finding, as far as you may see it',
    callers: ['finder', 'coordinator', 'owner'],
    needs: { subject: 'finding', level: 'summary' },
    params: z.strictObject({ finding: idOf('finding') }),
    output: Finding,
  }),
  list: operation({
    id: 'collect.list',
    method: 'GET',
    path: '/v1/findings',
    summary: 'Findings you may see, newest first',
    callers: ['finder', 'coordinator', 'owner'],
    query: PageQuery,
    output: pageOf(Finding),
  }),
  listMine: operation({
    id: 'collect.list-mine',
    method: 'GET',
    path: '/v1/me/findings',
    summary: 'What you handed in, newest first, and what became of each',
    callers: ['finder', 'coordinator', 'owner'],
    query: PageQuery,
    output: pageOf(OwnFinding),
  }),
  preview: operation({
    id: 'collect.preview',
    bodyBytesMax: fileBodyBytesMax,
    method: 'POST',
    path: '/v1/findings/preview',
    summary: 'What is understood of a file before it is handed in; nothing is kept',
    callers: ['finder', 'coordinator', 'owner'],
    body: z.strictObject({ file: Base64 }),
    output: z.object({
      format: z.enum(['sanitizer-report', 'native', 'sarif', 'osv', 'csaf', 'cve']),
      drafts: z.array(FindingDraft),
      /** Of a report of many: what of it would be handed in as a whole; null: it is none. */
      report: ReportCounts.nullable(),
      /** What owners of these packages do not take for a vulnerability; it stops nobody. */
      notWanted: z.array(NotWanted),
      /** What was in the file and is not in a draft, in whole sentences. */
      notes: z.array(z.string()),
    }),
    refusals: { 'format-unknown': 422 },
  }),
  credit: operation({
    id: 'collect.credit',
    method: 'GET',
    path: '/v1/me/credit',
    summary: 'How you are credited in advisories',
    callers: ['finder', 'coordinator', 'owner'],
    output: Credit,
  }),
  setCredit: operation({
    id: 'collect.set-credit',
    method: 'POST',
    path: '/v1/me/credit',
    summary: 'Choose to be credited, under which name, or not',
    callers: ['finder', 'coordinator', 'owner'],
    body: z.strictObject({
      as: z.enum(['named', 'anonymous']),
      /** Left out: the name of your party. */
      name: Name.optional(),
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ revision: z.number() }),
    refusals: changedSince,
  }),
};
