import { z } from 'zod';
import {
  AssessmentFigures,
  EvaluationFigures,
  evaluationOutcomes,
  evaluationParts,
  measures,
} from './designation-figures.ts';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { Disclosure, TimelineEntry } from './record.ts';
import { RunLimits } from './runs.ts';
import { Commitment } from './suites.ts';
import { At, DigestText, idOf, PartyRef, Prose } from './words.ts';

/** Who is consulted before a determination: the National Cyber Director, the Assistant to the President for Science and Technology, the Director of CISA. */
export const consultedOffices = ['ncd', 'apst', 'cisa-director'] as const;
export type ConsultedOffice = (typeof consultedOffices)[number];

export const determinationOutcomes = ['covered', 'not-covered', 'withdrawn'] as const;
export type DeterminationOutcome = (typeof determinationOutcomes)[number];

/** A day of the calendar, such as 2026-11-21. */
export const CalendarDate = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'expected a date such as 2026-11-21')
  .refine((text) => {
    const at = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(at.valueOf()) && at.toISOString().startsWith(text);
  }, 'expected a day that the calendar has');

/**
 * The number under which a paper lies elsewhere, such as NSA-2026-0117: two to five capitals, a
 * year, and up to six digits, so that nothing but a number can stand in it.
 */
export const OpaqueReference = z
  .string()
  .regex(/^[A-Z]{2,5}-20\d\d-\d{1,6}$/, 'expected a reference such as NSA-2026-0117');

/** How models are measured against a threshold; said, and committed in the log, before any run. */
export const RuleDocument = z.strictObject({
  format: z.literal('breakwater-threshold-rule/1'),
  /** The commitment of the suite. */
  suite: Commitment,
  measure: z.enum(measures),
  /** What one sample may spend at most. */
  budget: RunLimits,
  /** How often each task is repeated at least. */
  repetitions: z.number().int().min(1).max(100),
  /** Confidence of the interval. */
  level: z.number().min(0.5).max(0.999),
  /** A share from 0 to 1, or minutes, as the measure has it. */
  threshold: z.number().min(0).max(1_000_000),
  /** Whether what reviewers found invalid counts. Both are shown. */
  counts: z.enum(['all', 'without-invalid']),
});
export type RuleDocument = z.infer<typeof RuleDocument>;

export const ThresholdRule = z.object({
  id: idOf('rule'),
  by: PartyRef,
  registeredAt: At,
  /** When it went into the log; runs count that began later. null: not under a checkpoint yet. */
  committedAt: At.nullable(),
  /** Of its canonical JSON (RFC 8785). */
  digest: DigestText,
  document: RuleDocument.nullable(),
});
export type ThresholdRule = z.infer<typeof ThresholdRule>;

const Consultation = z.object({
  id: idOf('consultation'),
  office: z.enum(consultedOffices),
  date: z.string(),
  /** null: it came in with a bundle, which bears none. */
  reference: z.string().nullable(),
  by: PartyRef,
  recordedAt: At,
});

export const Determination = z.object({
  id: idOf('determination'),
  /** null: made elsewhere and taken in, or of another installation's engagement. */
  engagement: idOf('engagement').nullable(),
  outcome: z.enum(determinationOutcomes),
  date: z.string(),
  reference: z.string(),
  enteredAt: At,
  /** It came with a signed bundle from a system apart. */
  takenIn: z.boolean(),
  /** The one that it came after. */
  former: idOf('determination').nullable(),
  /** The one that came after it; null: it is the newest. */
  later: idOf('determination').nullable(),
});
export type Determination = z.infer<typeof Determination>;

const Dissent = z.object({ by: PartyRef, at: At, text: z.string().nullable() });

const FileRun = z.object({
  run: idOf('run'),
  by: PartyRef,
  attachedAt: At,
  beganAt: At,
  samples: z.number(),
});

const Evaluation = z.object({
  id: idOf('evaluation'),
  by: PartyRef,
  at: At,
  outcome: z.enum(evaluationOutcomes),
  /** Of the figures' canonical JSON, as it stands in the log. */
  digest: DigestText,
  runs: z.array(idOf('run')),
  /** null: erased. */
  figures: EvaluationFigures.nullable(),
});

export const FileSummary = z.object({
  id: idOf('file'),
  /** null: the engagement is another installation's, and known by its commitment alone. */
  engagement: idOf('engagement').nullable(),
  commitment: z.string().nullable(),
  keeper: PartyRef,
  openedAt: At,
  former: idOf('determination').nullable(),
  /** The outcome of the newest evaluation. */
  evaluated: z.enum(evaluationOutcomes).nullable(),
  consulted: z.array(z.enum(consultedOffices)),
  dissents: z.number(),
  determination: idOf('determination').nullable(),
});
export type FileSummary = z.infer<typeof FileSummary>;

/** All that lies before the official. */
export const DesignationFile = FileSummary.extend({
  seers: z.array(PartyRef),
  rule: ThresholdRule.nullable(),
  runs: z.array(FileRun),
  /** The oldest first. */
  evaluations: z.array(Evaluation),
  consultations: z.array(Consultation),
  /** Unaltered, the oldest first. */
  dissent: z.array(Dissent),
  determined: Determination.nullable(),
  assessments: z.array(
    z.object({
      id: idOf('assessment'),
      evaluation: idOf('evaluation'),
      parts: z.array(z.enum(evaluationParts)),
      by: PartyRef,
      at: At,
    }),
  ),
  /** What is missing before a determination can be entered. */
  missing: z.array(z.enum(consultedOffices)),
  revision: z.number(),
});
export type DesignationFile = z.infer<typeof DesignationFile>;

/** What a developer is told of an evaluation. */
export const Assessment = z.object({
  id: idOf('assessment'),
  engagement: idOf('engagement'),
  at: At,
  parts: z.array(z.enum(evaluationParts)),
  figures: AssessmentFigures.nullable(),
});
export type Assessment = z.infer<typeof Assessment>;

/** A signed bundle: a note (C2SP signed-note) whose text is lines of names and values. */
export const BundleText = z.string().min(1).max(4_096);

const government = ['liaison', 'official'] as const;
const filers = ['liaison', 'official', 'evaluator'] as const;
const ofFile = z.strictObject({ file: idOf('file') });
const ofRule = z.strictObject({ rule: idOf('rule') });
const ofEngagement = z.strictObject({ engagement: idOf('engagement') });
const ofDetermination = z.strictObject({ determination: idOf('determination') });
const needsFile = { subject: 'file', level: 'summary' } as const;
const needsRule = { subject: 'rule', level: 'summary' } as const;
const needsEngagement = { subject: 'engagement', level: 'summary' } as const;
const needsDetermination = { subject: 'determination', level: 'summary' } as const;
const needsItsFile = { subject: 'determination', level: 'detail' } as const;
const inFile = z.object({ file: idOf('file') });
const undecided = { determined: 409, 'engagement-left': 409 } as const;
const opening = {
  'engagement-left': 409,
  'no-such-rule': 422,
  'no-such-party': 422,
  'official-unclear': 422,
} as const;

/** Who sees the file beside its keeper and the official. */
const Seers = z.array(idOf('party')).max(50);

export const designate = {
  registerRule: operation({
    id: 'designate.register-rule',
    method: 'POST',
    path: '/v1/rules',
    summary: 'Register a threshold rule; its digest goes into the log, before any run it judges',
    callers: government,
    body: z.strictObject({ document: RuleDocument, seers: Seers.default([]) }),
    output: z.object({ rule: idOf('rule'), digest: DigestText }),
    refusals: { 'threshold-out-of-range': 422, 'no-such-party': 422 },
  }),
  rules: operation({
    id: 'designate.rules',
    method: 'GET',
    path: '/v1/rules',
    summary: 'The threshold rules you may see, the newest first',
    callers: filers,
    query: PageQuery,
    output: pageOf(ThresholdRule),
  }),
  rule: operation({
    id: 'designate.rule',
    method: 'GET',
    path: '/v1/rules/{rule}',
    summary: 'One threshold rule, and when it was committed',
    callers: filers,
    needs: needsRule,
    params: ofRule,
    output: ThresholdRule,
  }),
  ruleProof: operation({
    id: 'designate.rule-proof',
    method: 'GET',
    path: '/v1/rules/{rule}/proof',
    summary: 'The entry of the log that commits a rule, with its proof under a signed checkpoint',
    callers: filers,
    needs: needsRule,
    params: ofRule,
    output: Disclosure,
    refusals: { 'not-yet-signed': 409 },
  }),
  openFile: operation({
    id: 'designate.open-file',
    method: 'POST',
    path: '/v1/files',
    summary: 'Open the file for the official, on an engagement or on the commitment of one',
    callers: government,
    body: z.strictObject({
      /** One of the two. */
      engagement: idOf('engagement').optional(),
      /** Of an engagement on another installation, as it says it. */
      commitment: Commitment.optional(),
      rule: idOf('rule').optional(),
      /** The official's party; left out: the installation's, where there is one. */
      official: idOf('party').optional(),
      seers: Seers.default([]),
    }),
    output: inFile,
    refusals: {
      ...opening,
      'one-of-two': 422,
      'no-such-engagement': 422,
      'file-open': 409,
      'already-determined': 409,
    },
  }),
  files: operation({
    id: 'designate.files',
    method: 'GET',
    path: '/v1/files',
    summary: 'The files you may see, the newest first',
    callers: filers,
    query: PageQuery.extend({ engagement: idOf('engagement').optional() }),
    output: pageOf(FileSummary),
  }),
  file: operation({
    id: 'designate.file',
    method: 'GET',
    path: '/v1/files/{file}',
    summary: 'One file: rule, runs, estimate and interval, reviews, dissents, consultations',
    callers: filers,
    needs: needsFile,
    params: ofFile,
    output: DesignationFile,
  }),
  acts: operation({
    id: 'designate.acts',
    method: 'GET',
    path: '/v1/files/{file}/acts',
    summary: 'Every act on a file, the oldest first',
    callers: filers,
    needs: needsFile,
    params: ofFile,
    output: z.object({ items: z.array(TimelineEntry) }),
  }),
  actProof: operation({
    id: 'designate.act-proof',
    method: 'GET',
    path: '/v1/files/{file}/acts/{entry}/proof',
    summary: 'One act on a file with its proof under a signed checkpoint',
    callers: filers,
    needs: needsFile,
    params: z.strictObject({ ...ofFile.shape, entry: idOf('entry') }),
    output: Disclosure,
    refusals: { 'not-yet-signed': 409 },
  }),
  alterSeers: operation({
    id: 'designate.alter-seers',
    method: 'POST',
    path: '/v1/files/{file}/seers',
    summary: 'Name anew who sees the file beside its keeper and the official',
    callers: government,
    needs: needsFile,
    params: ofFile,
    body: z.strictObject({ seers: Seers }),
    output: inFile,
    refusals: { 'keeper-alone': 403, 'no-such-party': 422 },
  }),
  attachRun: operation({
    id: 'designate.attach-run',
    method: 'POST',
    path: '/v1/files/{file}/runs',
    summary: 'Attach a run of the suite of the rule, begun after the rule was committed',
    callers: filers,
    needs: needsFile,
    params: ofFile,
    body: z.strictObject({ run: idOf('run') }),
    output: inFile,
    refusals: {
      ...undecided,
      'no-rule': 409,
      'rule-not-committed': 409,
      'no-such-run': 422,
      'run-not-taken-in': 409,
      'run-before-rule': 409,
      'other-suite': 409,
      'other-budget': 409,
      'other-model': 409,
      'already-attached': 409,
      'too-many': 409,
    },
  }),
  evaluate: operation({
    id: 'designate.evaluate',
    method: 'POST',
    path: '/v1/files/{file}/evaluate',
    summary: 'Evaluate the rule on the attached runs: where the whole interval lies',
    callers: filers,
    needs: needsFile,
    params: ofFile,
    body: z.strictObject({}),
    output: z.object({
      file: idOf('file'),
      evaluation: idOf('evaluation'),
      outcome: z.enum(evaluationOutcomes),
    }),
    refusals: {
      ...undecided,
      'no-rule': 409,
      'no-runs': 409,
      'run-not-seen': 403,
      'log-erased': 409,
      'repetitions-missing': 409,
      'no-estimate': 409,
      'too-many': 409,
      'logs-busy': 503,
    },
  }),
  dissent: operation({
    id: 'designate.dissent',
    method: 'POST',
    path: '/v1/files/{file}/dissents',
    summary: 'Enter a dissent; it stays with the file, with your name and unaltered',
    callers: filers,
    needs: needsFile,
    params: ofFile,
    body: z.strictObject({ text: Prose.max(20_000) }),
    output: inFile,
    refusals: { 'too-many': 409 },
  }),
  consult: operation({
    id: 'designate.record-consultation',
    method: 'POST',
    path: '/v1/files/{file}/consultations',
    summary: 'Record that an office was consulted: its date and a reference, and nothing of it',
    callers: government,
    needs: needsFile,
    params: ofFile,
    body: z.strictObject({
      office: z.enum(consultedOffices),
      date: CalendarDate,
      reference: OpaqueReference,
    }),
    output: z.object({ file: idOf('file'), consultation: idOf('consultation') }),
    refusals: { ...undecided, 'already-consulted': 409, 'date-ahead': 422 },
  }),
  determine: operation({
    id: 'designate.enter-determination',
    method: 'POST',
    path: '/v1/files/{file}/determination',
    summary: 'Enter the determination: outcome, date and a reference, once all were consulted',
    callers: ['official'],
    needs: needsFile,
    params: ofFile,
    body: z.strictObject({
      outcome: z.enum(determinationOutcomes),
      date: CalendarDate,
      reference: OpaqueReference,
    }),
    output: z.object({ file: idOf('file'), determination: idOf('determination') }),
    refusals: {
      ...undecided,
      'official-alone': 403,
      'consultation-missing': 409,
      'date-ahead': 422,
      'date-before-consultation': 422,
      'nothing-to-withdraw': 409,
    },
  }),
  reExamine: operation({
    id: 'designate.re-examine',
    method: 'POST',
    path: '/v1/determinations/{determination}/re-examine',
    summary: 'Open a new file that names a former determination; that one stays as it is',
    callers: government,
    needs: needsItsFile,
    params: ofDetermination,
    body: z.strictObject({
      rule: idOf('rule').optional(),
      official: idOf('party').optional(),
      seers: Seers.default([]),
    }),
    output: inFile,
    refusals: { ...opening, 'file-open': 409, 'not-the-newest': 409 },
  }),
  determinations: operation({
    id: 'designate.determinations',
    method: 'GET',
    path: '/v1/determinations',
    summary: 'The determinations you may see, the newest first',
    callers: ['developer', ...filers],
    query: PageQuery.extend({ engagement: idOf('engagement').optional() }),
    output: pageOf(Determination),
  }),
  determinationProof: operation({
    id: 'designate.determination-proof',
    method: 'GET',
    path: '/v1/determinations/{determination}/proof',
    summary: 'The entry of the log that holds a determination, with its proof',
    callers: ['developer', ...filers],
    needs: needsDetermination,
    params: ofDetermination,
    output: Disclosure,
    refusals: { 'not-yet-signed': 409 },
  }),
  tell: operation({
    id: 'designate.tell',
    method: 'POST',
    path: '/v1/files/{file}/assessments',
    summary: 'Tell the developer the chosen parts of an evaluation, and no more',
    callers: government,
    needs: needsFile,
    params: ofFile,
    body: z.strictObject({
      evaluation: idOf('evaluation'),
      parts: z.array(z.enum(evaluationParts)).min(1).max(evaluationParts.length),
    }),
    output: z.object({ file: idOf('file'), assessment: idOf('assessment') }),
    refusals: { 'no-such-evaluation': 422, 'no-developer': 409, 'too-many': 409 },
  }),
  assessments: operation({
    id: 'designate.assessments',
    method: 'GET',
    path: '/v1/engagements/{engagement}/assessments',
    summary: 'What you were told of evaluations of your model, the newest first',
    callers: ['developer', ...government],
    needs: needsEngagement,
    params: ofEngagement,
    query: PageQuery,
    output: pageOf(Assessment),
  }),
  commitEngagement: operation({
    id: 'designate.commit-engagement',
    method: 'POST',
    path: '/v1/engagements/{engagement}/commitment',
    summary: 'The opaque commitment by which a system apart names this engagement',
    callers: government,
    needs: needsEngagement,
    params: ofEngagement,
    body: z.strictObject({}),
    output: z.object({ engagement: idOf('engagement'), commitment: Commitment }),
  }),
  bundle: operation({
    id: 'designate.bundle',
    method: 'POST',
    path: '/v1/determinations/{determination}/bundle',
    summary: 'The signed bundle that alone leaves a system apart, to be carried out by hand',
    callers: ['official'],
    needs: needsItsFile,
    params: ofDetermination,
    body: z.strictObject({}),
    output: z.object({ determination: idOf('determination'), bundle: BundleText }),
    refusals: { 'no-commitment': 409, 'taken-in': 409 },
  }),
  bundleKey: operation({
    id: 'designate.bundle-key',
    method: 'GET',
    path: '/v1/bundle-key',
    summary: 'The public key by which bundles of this installation are checked elsewhere',
    callers: [...government, 'administrator'],
    output: z.object({ key: z.string() }),
  }),
  takeIn: operation({
    id: 'designate.take-in',
    method: 'POST',
    path: '/v1/bundles',
    summary: 'Take in a signed bundle from a system apart, checked against the configured key',
    callers: government,
    body: z.strictObject({ bundle: BundleText }),
    output: z.object({ engagement: idOf('engagement'), determination: idOf('determination') }),
    refusals: {
      'no-bundle-key': 409,
      'bundle-malformed': 422,
      'signature-not-ours': 422,
      'no-such-engagement': 422,
      'engagement-left': 409,
      'already-taken-in': 409,
      'goes-back': 409,
      'date-ahead': 422,
      'date-before-consultation': 422,
      'nothing-to-withdraw': 409,
    },
  }),
};
