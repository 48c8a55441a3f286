import { z } from 'zod';
import { protections } from './terms.ts';
import { At, DigestText, idOf, PartyRef } from './words.ts';

/** Calendar days of one model at most (Executive Order 14409, Sec. 3(b)(ii)). */
export const earlyAccessDaysMax = 30;

/** Why a window ends when it does: its developer asked so, its date for partners, or the cap. */
export const windowEndsBecause = ['asked', 'partner-date', 'thirty-days'] as const;

/** What became of what was taken. Kept by law: a legal hold stands, and it is owed still. */
export const afterwards = ['returned', 'destroyed', 'kept-by-law'] as const;

/** What has to hold for a grant to be active, and does not. */
export const grantConditions = [
  'window-not-begun',
  'window-over',
  'terms-missing',
  'not-accepted',
  'revoked',
  'engagement-left',
  'model-released',
  'person-gone',
] as const;

/** A date on the calendar of a zone, such as 2026-11-21. */
const LocalDate = z.string().regex(/^\d{4}-\d\d-\d\d$/);

/** A person or a service; null: its name was erased. */
const MemberRef = z.object({ id: idOf('member'), name: z.string().nullable(), party: PartyRef });

/** What the Government means to do with a model, stated before there is a window. It does not change. */
export const Plan = z.object({
  id: idOf('plan'),
  engagement: idOf('engagement'),
  by: PartyRef,
  statedAt: At,
  /** Texts are null once erased. */
  objectives: z.string().nullable(),
  /** Who will have access: in words; who has is the access list. */
  who: z.string().nullable(),
  /** What comes out: findings, an assessment, figures. */
  outputs: z.string().nullable(),
  /** How what was taken is returned or destroyed. */
  afterwards: z.string().nullable(),
  /** Persons and services inside at one time at most. */
  personsMax: z.number(),
  /** Days after access ends in which what was taken is returned or destroyed. */
  returnWithinDays: z.number(),
});
export type Plan = z.infer<typeof Plan>;

/** Calendar days of a model, as the clocks of the developer's zone show them. */
export const AccessDays = z.object({
  zone: z.string(),
  /** Dates that some window of the model used or is to use, of all engagements and codenames. */
  used: z.array(LocalDate),
  /** Of thirty. */
  left: z.number(),
  /** Where a window that begins now would end at the latest; null: no day is left. */
  latestEnd: At.nullable(),
});
export type AccessDays = z.infer<typeof AccessDays>;

/** A window: it is open from `begins` to before `ends`, unless it ended earlier by an act. */
export const AccessWindow = z.object({
  id: idOf('window'),
  engagement: idOf('engagement'),
  developer: PartyRef,
  /** null: only who takes part as a side is told. */
  plan: idOf('plan').nullable(),
  /** IANA; days are counted in it. */
  zone: z.string(),
  openedAt: At,
  begins: At,
  /** First instant outside. It only ever moves earlier. */
  ends: At,
  because: z.enum(windowEndsBecause),
  /** By an act of the developer: at once. null: none; the clock ends it. */
  endedAt: At.nullable(),
  /** By the server's clock, at `asOf`. */
  open: z.boolean(),
  asOf: At,
  /** The dates it used or is to use. */
  days: z.array(LocalDate),
  /** null to whoever is of neither side. */
  inside: z
    .object({
      /** Standing grants, of how many the plan speaks of. */
      granted: z.number(),
      active: z.number(),
      personsMax: z.number(),
      /** Grants of which a return or destruction is owed. */
      owed: z.number(),
    })
    .nullable(),
});
export type AccessWindow = z.infer<typeof AccessWindow>;

/** What a person owes after access is over. */
const Owed = z.object({
  since: At,
  /** By the plan. */
  dueAt: At,
  /** Kept by law: stated, and owed still. null: nothing was stated. */
  stated: z.enum(afterwards).nullable(),
});

/** One person's access, or that of a service bound to a person. */
export const AccessGrant = z.object({
  id: idOf('grant'),
  window: idOf('window'),
  /** Who has access. */
  member: MemberRef,
  /** Who accepts and answers: the member itself, or the person that a service is bound to. */
  person: MemberRef,
  kind: z.enum(['person', 'service']),
  addedBy: PartyRef,
  addedAt: At,
  /** All six, in the order of the executive order. */
  protections: z
    .array(
      z.object({
        protection: z.enum(protections),
        /** The version both sides signed last; null: none yet. */
        terms: idOf('terms').nullable(),
        /** When the person accepted exactly that version; null: it did not. */
        acceptedAt: At.nullable(),
      }),
    )
    .length(protections.length),
  revokedAt: At.nullable(),
  revokedBy: PartyRef.nullable(),
  /** Active now, by the server's clock at `asOf`; then `until` is when it ends at the latest. */
  active: z.boolean(),
  until: At.nullable(),
  asOf: At,
  /** What does not hold; empty where it is active. */
  missing: z.array(
    z.object({ what: z.enum(grantConditions), protection: z.enum(protections).nullable() }),
  ),
  /** Sessions of use, and calls of the model that were told of. */
  uses: z.number(),
  calls: z.number(),
  lastUsedAt: At.nullable(),
  exports: z.number(),
  /** null: nothing is owed, or not yet. */
  owed: Owed.nullable(),
  attestation: z
    .object({ how: z.enum(afterwards), at: At, statement: z.string().nullable() })
    .nullable(),
});
export type AccessGrant = z.infer<typeof AccessGrant>;

/** A session of use: one purpose, stated when it began. */
export const AccessUse = z.object({
  id: idOf('use'),
  grant: idOf('grant'),
  window: idOf('window'),
  member: MemberRef,
  purpose: z.string().nullable(),
  beganAt: At,
  endedAt: At.nullable(),
  /** As whoever calls the model told; on the way at most a few seconds behind. */
  calls: z.number(),
  lastAskedAt: At,
  /** Findings that came of it, as far as you may see them: each has a handling of its own. */
  findings: z.array(idOf('finding')),
});
export type AccessUse = z.infer<typeof AccessUse>;

/** Something that was taken out, by its digest. */
export const AccessExport = z.object({
  id: idOf('export'),
  use: idOf('use'),
  grant: idOf('grant'),
  member: MemberRef,
  what: z.string().nullable(),
  digest: DigestText,
  bytes: z.number(),
  to: z.string().nullable(),
  purpose: z.string().nullable(),
  at: At,
});
export type AccessExport = z.infer<typeof AccessExport>;
