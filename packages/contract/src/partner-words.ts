import { z } from 'zod';
import { At, DigestText, idOf, Line, MailAddress, Name, PartyRef, Prose, Reason } from './words.ts';

/** The sixteen critical-infrastructure sectors (Presidential Policy Directive 21), and what is none. */
export const partnerSectors = [
  'chemical',
  'commercial-facilities',
  'communications',
  'critical-manufacturing',
  'dams',
  'defense-industrial-base',
  'emergency-services',
  'energy',
  'financial-services',
  'food-and-agriculture',
  'government',
  'healthcare',
  'information-technology',
  'nuclear',
  'transportation',
  'water',
  'other',
] as const;
export type PartnerSector = (typeof partnerSectors)[number];

/** By how many people work there. */
export const partnerSizes = ['1-9', '10-49', '50-249', '250-999', '1000-and-more'] as const;
export type PartnerSize = (typeof partnerSizes)[number];

/** States, the District of Columbia and the territories, by their postal codes; and elsewhere. */
export const partnerRegions = [
  ...['AL', 'AK', 'AZ', 'AR', 'CA', 'CO', 'CT', 'DE', 'FL', 'GA', 'HI', 'ID', 'IL', 'IN'],
  ...['IA', 'KS', 'KY', 'LA', 'ME', 'MD', 'MA', 'MI', 'MN', 'MS', 'MO', 'MT', 'NE', 'NV'],
  ...['NH', 'NJ', 'NM', 'NY', 'NC', 'ND', 'OH', 'OK', 'OR', 'PA', 'RI', 'SC', 'SD', 'TN'],
  ...['TX', 'UT', 'VT', 'VA', 'WA', 'WV', 'WI', 'WY'],
  ...['DC', 'AS', 'GU', 'MP', 'PR', 'VI', 'elsewhere'],
] as const;

/** Calling the model oneself, or getting what it finds: the second needs no staff for it. */
export const partnerAsks = ['raw-access', 'outputs'] as const;
export type PartnerAsk = (typeof partnerAsks)[number];

/** Both sides choose, each by a key of its own. */
export const partnerSides = ['government', 'developer'] as const;
export type PartnerSide = (typeof partnerSides)[number];

export const partnerVerdicts = ['accept', 'decline'] as const;
export type PartnerVerdict = (typeof partnerVerdicts)[number];

/** What is promised to everybody alike, in days. */
export const partnerDays = {
  /** From an application to its answer, and from an appeal to its own. */
  answer: 30,
  /** In which an appeal may be made once it was declined. */
  appeal: 30,
  /** For which a nomination's link is good. */
  nomination: 90,
} as const;

/** Fewer than so many are told of in no line and no column. */
export const fairnessLeast = 5;

/** One criterion: what has to hold, how that is judged, and what shows it. */
export const PartnerCriterion = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected small letters, digits and hyphens')
    .max(60),
  words: Line,
  judgedBy: Line,
  shownBy: Line,
  /** What has to be asked for so that it is judged at all. */
  appliesTo: z.array(z.enum(partnerAsks)).min(1).max(2),
});
export type PartnerCriterion = z.infer<typeof PartnerCriterion>;

/** A version of the criteria, for everybody to read. */
export const PartnerCriteria = z.object({
  /** 0: the draft that this software brings; nobody is judged by it. */
  version: z.number().int(),
  /** What nobody published here yet. */
  draft: z.boolean(),
  publishedAt: At.nullable(),
  /** Why it was changed; null for the draft, and where it was erased. */
  why: z.string().nullable(),
  criteria: z.array(PartnerCriterion),
  /** The newest version; an application is judged by the one that stood when it was made. */
  newest: z.number().int(),
});
export type PartnerCriteria = z.infer<typeof PartnerCriteria>;

/** A tier as everybody sees it: by its public name, with its own terms and dates. */
export const PartnerTier = z.object({
  id: idOf('tier'),
  /** null: erased. */
  name: z.string().nullable(),
  about: z.string().nullable(),
  developer: PartyRef,
  gives: z.array(z.enum(partnerAsks)),
  terms: z.object({ version: z.number().int(), digest: DigestText, text: z.string().nullable() }),
  /** Access is given from then until then; null: not said yet. */
  from: At.nullable(),
  until: At.nullable(),
  /** How long a partnership lasts before it is decided anew, and when it is looked at again. */
  partnershipDays: z.number().int(),
  reviewDays: z.number().int(),
  takesApplications: z.boolean(),
  answerDays: z.number().int(),
});
export type PartnerTier = z.infer<typeof PartnerTier>;

/** Of one's own tier: what partners are told once they accepted its terms, and of which model it is. */
export const OwnTier = PartnerTier.extend({
  modelTold: z.string().nullable(),
  model: idOf('model').nullable(),
  revision: z.number(),
});
export type OwnTier = z.infer<typeof OwnTier>;

/** Whom to call when something is wrong. */
export const SecurityContact = z.strictObject({
  name: Line,
  mail: MailAddress.optional(),
  phone: z
    .string()
    .trim()
    .regex(/^[0-9+() ./x-]{5,40}$/, 'expected a telephone number')
    .optional(),
});

/** What an applicant says of one criterion. */
const Claim = z.strictObject({ criterion: PartnerCriterion.shape.id, how: Prose.max(2_000) });

/** What an applicant tells of itself; all but what is closed words is content. */
export const ApplicationWords = z.strictObject({
  organization: Name,
  purpose: Prose.max(4_000),
  contacts: z.array(SecurityContact).min(1).max(5),
  meets: z.array(Claim).max(60),
  /** Who helped to write it, in words. */
  helpedBy: Line.optional(),
});
export type ApplicationWords = z.infer<typeof ApplicationWords>;

/** What one key was turned upon: every criterion that applies, met or not, and why. */
export const KeyFinding = z.strictObject({
  criterion: PartnerCriterion.shape.id,
  met: z.boolean(),
  why: z.string().trim().max(2_000).optional(),
});
export type KeyFinding = z.infer<typeof KeyFinding>;

export const KeyReasons = z.strictObject({
  findings: z.array(KeyFinding).min(1).max(60),
  reason: Reason,
});
export type KeyReasons = z.infer<typeof KeyReasons>;

/** A key as it was turned. */
export const TurnedKey = z.object({
  /** 1: the application; 2: its appeal. */
  round: z.number().int(),
  side: z.enum(partnerSides),
  verdict: z.enum(partnerVerdicts),
  at: At,
  /** null: erased. */
  findings: z.array(KeyFinding).nullable(),
  reason: z.string().nullable(),
});
export type TurnedKey = z.infer<typeof TurnedKey>;

/** What has to hold so that a partner's access is active and does not. */
export const grantMissing = [
  'terms-not-accepted',
  'not-begun',
  'tier-over',
  'partnership-over',
  'ended',
] as const;
export type GrantMissing = (typeof grantMissing)[number];

/** Who may use which tier, under which terms, until when. */
export const Partnership = z.object({
  id: idOf('partner'),
  tier: idOf('tier'),
  tierName: z.string().nullable(),
  application: idOf('application'),
  organization: z.string().nullable(),
  gives: z.enum(partnerAsks),
  since: At,
  /** From then on it is over, and a renewal is a new decision. */
  expiresAt: At,
  /** When it is to be looked at again. */
  reviewAt: At,
  reviewedAt: At.nullable(),
  ended: z
    .object({
      at: At,
      by: z.enum([...partnerSides, 'partner']),
      reason: z.string().nullable(),
      findings: z.array(KeyFinding).nullable(),
    })
    .nullable(),
  /** The terms that stand, and those that the partner accepted last. */
  terms: DigestText,
  acceptedTerms: DigestText.nullable(),
  /** What is behind the tier; told once the terms that stand were accepted. */
  modelTold: z.string().nullable(),
  /** Active while nothing is missing; what the gateway will ask for before each call. */
  grant: z.object({ active: z.boolean(), missing: z.array(z.enum(grantMissing)) }),
});
export type Partnership = z.infer<typeof Partnership>;

/** What was said on an application after it was made. */
export const ApplicationSaid = z.object({
  by: z.enum([...partnerSides, 'applicant']),
  kind: z.enum(['question', 'addition', 'appeal']),
  at: At,
  text: z.string().nullable(),
});

/** What the reader may do next; the screen shows nothing else. */
export const applicationActs = [
  'add',
  'withdraw',
  'appeal',
  'accept-terms',
  'leave',
  'ask',
  'state-interest',
  'turn-key',
] as const;

/** Where it stands, as its applicant reads it. */
export const applicationStandings = [
  'waiting',
  'accepted',
  'declined',
  'appealed',
  'withdrawn',
] as const;

export const ApplicationSummary = z.object({
  id: idOf('application'),
  tier: idOf('tier'),
  tierName: z.string().nullable(),
  /** null: erased. */
  organization: z.string().nullable(),
  asks: z.enum(partnerAsks),
  sector: z.enum(partnerSectors),
  size: z.enum(partnerSizes),
  region: z.enum(partnerRegions),
  criteriaVersion: z.number().int(),
  nominatedBy: z.enum(partnerSides).nullable(),
  /** The partnership that this would go on from. */
  renews: idOf('partner').nullable(),
  standing: z.enum(applicationStandings),
  /** Asked last by the other side and not answered: the applicant's turn. */
  asked: z.boolean(),
  appliedAt: At,
  appealedAt: At.nullable(),
  answeredAt: At.nullable(),
  /** When an answer was promised for, of the application or of its appeal. */
  promisedBy: At,
  /** The promise was missed. */
  late: z.boolean(),
  /** How the reader comes to it. */
  as: z.enum([...partnerSides, 'applicant', 'helper']),
});
export type ApplicationSummary = z.infer<typeof ApplicationSummary>;

export const Application = ApplicationSummary.extend({
  words: ApplicationWords.nullable(),
  helper: PartyRef.nullable(),
  said: z.array(ApplicationSaid),
  /** To its applicant, and to a side that turned no key: those of rounds that are over. */
  keys: z.array(TurnedKey),
  /** Statements of interest of one's own side in this round. */
  interests: z.array(
    z.object({
      round: z.number().int(),
      side: z.enum(partnerSides),
      conflicted: z.boolean(),
      /** Of the reader itself. */
      own: z.boolean(),
      at: At,
      words: z.string().nullable(),
    }),
  ),
  /** Until when an appeal may be made; null: not declined, or appealed already. */
  appealUntil: At.nullable(),
  partnership: Partnership.nullable(),
  can: z.array(z.enum(applicationActs)),
});
export type Application = z.infer<typeof Application>;

/** One line of the fairness figures; null: too few, or another could be told by it. */
export const FairnessLine = z.object({
  /** A sector, size class or region; null: all those together that are told of in no line. */
  group: z.string().nullable(),
  /** How many groups it stands for. */
  groups: z.number().int(),
  applications: z.number().int().nullable(),
  accepted: z.number().int().nullable(),
  declined: z.number().int().nullable(),
  appealed: z.number().int().nullable(),
  /** Answered after the promised day. */
  late: z.number().int().nullable(),
  /** Days from application to answer, whole days. */
  daysMedian: z.number().int().nullable(),
});
export type FairnessLine = z.infer<typeof FairnessLine>;

/** A calendar quarter in UTC, such as 2026-Q4. */
export const Quarter = z.string().regex(/^20\d\d-Q[1-4]$/, 'expected a quarter such as 2026-Q4');

/** What came of the applications that came to their end in one quarter; never changes after it. */
export const Fairness = z.object({
  /** null: no quarter is over yet in which there could have been an application. */
  quarter: Quarter.nullable(),
  /** Those that can be asked for, the newest first. */
  quarters: z.array(Quarter),
  least: z.literal(fairnessLeast),
  total: FairnessLine.nullable(),
  sectors: z.array(FairnessLine),
  sizes: z.array(FairnessLine),
  regions: z.array(FairnessLine),
});
export type Fairness = z.infer<typeof Fairness>;
