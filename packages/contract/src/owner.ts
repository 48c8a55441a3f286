import { z } from 'zod';
import { Case } from './coordinate.ts';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { changedSince, IfRevision } from './revision.ts';
import { At, idOf, Line, Moment, PartyRef, Prose, Reason } from './words.ts';

/** Until when, or null: until somebody lifts it. */
const Pause = z.object({ until: At.nullable(), zone: z.string().nullable() });

/** How fast an owner takes cases in. Nobody sets it but the owner. */
export const Pace = z.object({
  owner: PartyRef,
  /** Cases a week; null: as they come. */
  capacityPerWeek: z.number().nullable(),
  pause: Pause.nullable(),
  /** Whether a coordinator may send at once what is exploited in the wild. */
  urgent: z.boolean(),
  /** The week that counts: Monday 00:00 UTC to the next. */
  week: z.object({ startsAt: At, endsAt: At, handedOver: z.number() }),
  revision: z.number(),
});
export type Pace = z.infer<typeof Pace>;

/** A case that waits for an owner's pace, in the order in which it will be handed over. */
export const Waiting = z.object({
  case: idOf('case'),
  title: z.string(),
  package: z.string(),
  owner: PartyRef,
  /** 1: next. */
  position: z.number(),
  since: At,
  /** The SSVC decision of the newest score; null: not scored, and so last. */
  decision: z.string().nullable(),
  severity: z.string().nullable(),
  exploited: z.boolean(),
  embargo: Case.shape.embargo,
});
export type Waiting = z.infer<typeof Waiting>;

/** What the owner says the case is; the owner owns it (law 4). */
export const ownerVerdicts = ['affected', 'not-affected', 'will-not-fix', 'disputed'] as const;

/** Where one owner stands in one case. */
export const Standing = z.object({
  owner: PartyRef,
  handedOverAt: At,
  urgent: z.boolean(),
  acknowledgedAt: At.nullable(),
  verdict: z
    .object({
      is: z.enum(ownerVerdicts),
      at: At,
      /** null: erased, or not yours to read. */
      words: z.string().nullable(),
    })
    .nullable(),
  closedAt: At.nullable(),
  revision: z.number(),
});
export type Standing = z.infer<typeof Standing>;

/** A case as it lies in an owner's inbox. */
export const InboxItem = z.object({
  case: Case,
  standing: Standing,
  decision: z.string().nullable(),
  severity: z.string().nullable(),
  exploited: z.boolean(),
});
export type InboxItem = z.infer<typeof InboxItem>;

const inCase = z.strictObject({ case: idOf('case') });
const ofParty = z.strictObject({ party: idOf('party') });
const notYours = { 'case-merged': 409, 'standing-closed': 409, ...changedSince } as const;

export const owner = {
  pace: operation({
    id: 'coordinate.pace',
    method: 'GET',
    path: '/v1/pace',
    summary: 'Your own pace: how many cases a week, whether paused, what came this week',
    callers: ['owner'],
    output: Pace,
  }),
  setPace: operation({
    id: 'coordinate.set-pace',
    method: 'POST',
    path: '/v1/pace',
    summary: 'Set how many cases a week you take, pause, and whether urgent ones may come at once',
    callers: ['owner'],
    body: z.strictObject({
      capacityPerWeek: z.number().int().min(1).max(1_000).nullable(),
      /** null: not paused. `until` null: until you lift it; otherwise an hour with its zone. */
      pause: z.strictObject({ until: Moment.nullable(), zone: Line.nullable() }).nullable(),
      urgent: z.boolean(),
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ revision: z.number() }),
    refusals: { 'hour-passed': 422, 'zone-unknown': 422, ...changedSince },
  }),
  waiting: operation({
    id: 'coordinate.waiting',
    method: 'GET',
    path: '/v1/pace/waiting',
    summary: 'How many cases wait for your pace: the number alone, told only when you ask',
    callers: ['owner'],
    output: z.object({ waiting: z.number() }),
  }),
  paceOf: operation({
    id: 'coordinate.pace-of',
    method: 'GET',
    path: '/v1/parties/{party}/pace',
    summary: 'The pace an owner has set',
    callers: ['coordinator'],
    params: ofParty,
    output: Pace,
  }),
  queue: operation({
    id: 'coordinate.queue',
    method: 'GET',
    path: '/v1/queue',
    summary: "Cases that wait for their owner's pace, in the order of hand-over",
    callers: ['coordinator'],
    query: z.object({ owner: idOf('party').optional(), case: idOf('case').optional() }),
    output: z.object({ items: z.array(Waiting) }),
  }),
  takeBack: operation({
    id: 'coordinate.take-back',
    method: 'POST',
    path: '/v1/cases/{case}/owner/take-back',
    summary: 'Take a case that still waits out of the queue of an owner, with a reason',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'all' },
    params: inCase,
    body: z.strictObject({ party: idOf('party'), reason: Reason }),
    output: z.object({ case: idOf('case') }),
    refusals: { 'not-waiting': 409 },
  }),
  inbox: operation({
    id: 'coordinate.inbox',
    method: 'GET',
    path: '/v1/inbox',
    summary: 'Cases handed to you, in the order in which they came; the open ones unless told',
    callers: ['owner'],
    query: PageQuery.extend({ state: z.enum(['open', 'closed']).default('open') }),
    output: pageOf(InboxItem),
  }),
  standing: operation({
    id: 'coordinate.standing',
    method: 'GET',
    path: '/v1/cases/{case}/standing',
    summary: 'Where each owner stands: acknowledged, the verdict, closed',
    callers: ['coordinator', 'owner', 'finder'],
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    output: z.object({ items: z.array(Standing) }),
  }),
  acknowledge: operation({
    id: 'coordinate.acknowledge',
    method: 'POST',
    path: '/v1/cases/{case}/standing/acknowledge',
    summary: 'Say that you have taken note of the case',
    callers: ['owner'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: z.strictObject({ ifRevision: IfRevision.optional() }),
    output: z.object({ revision: z.number() }),
    refusals: { 'already-acknowledged': 409, ...notYours },
  }),
  giveVerdict: operation({
    id: 'coordinate.give-verdict',
    method: 'POST',
    path: '/v1/cases/{case}/standing/verdict',
    summary: 'Say what the case is: affected, not affected, will not fix, or disputed, with words',
    callers: ['owner'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: z.strictObject({
      is: z.enum(ownerVerdicts),
      words: Prose.max(20_000),
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ revision: z.number() }),
    refusals: notYours,
  }),
  close: operation({
    id: 'coordinate.close',
    method: 'POST',
    path: '/v1/cases/{case}/standing/close',
    summary: 'Close the case on your side, after your verdict',
    callers: ['owner'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: z.strictObject({ ifRevision: IfRevision.optional() }),
    output: z.object({ revision: z.number() }),
    refusals: { 'verdict-missing': 409, ...notYours },
  }),
  reopen: operation({
    id: 'coordinate.reopen',
    method: 'POST',
    path: '/v1/cases/{case}/standing/reopen',
    summary: 'Open the case again on your side',
    callers: ['owner'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: z.strictObject({ ifRevision: IfRevision.optional() }),
    output: z.object({ revision: z.number() }),
    refusals: { 'case-merged': 409, 'standing-open': 409, ...changedSince },
  }),
  reproducer: operation({
    id: 'validate.reproducer',
    method: 'GET',
    path: '/v1/cases/{case}/reproducer',
    summary: 'The recipe, the proofs and how to run them on your own machine, as a tar archive',
    callers: ['owner', 'coordinator'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    output: z.string(),
    file: 'application/x-tar',
  }),
};
