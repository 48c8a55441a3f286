import { z } from 'zod';
import {
  AssessmentFigures,
  EvaluationFigures,
  evaluationOutcomes,
  evaluationParts,
  measures,
} from './designation-figures.ts';
import { RunLimits } from './runs.ts';
import { Commitment } from './suites.ts';
import { At, DigestText, idOf, PartyRef } from './words.ts';

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
