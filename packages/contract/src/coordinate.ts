import { z } from 'zod';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { changedSince, IfRevision } from './revision.ts';
import {
  At,
  idOf,
  Line,
  Moment,
  PackagePrefix,
  PartyRef,
  Prose,
  Reason,
  SearchText,
} from './words.ts';

/** One clock per case, with an hour and a zone; it ends at once when the matter is public. */
export const Embargo = z.discriminatedUnion('state', [
  z.object({ state: z.literal('open') }),
  z.object({ state: z.literal('until'), endsAt: At, zone: z.string() }),
  z.object({
    state: z.literal('ended'),
    endedAt: At,
    because: z.enum(['time', 'public', 'published']),
  }),
]);
export type Embargo = z.infer<typeof Embargo>;

/** Where the case stands, for a person: the furthest step it has reached. */
export const stages = [
  'received',
  'reproduced',
  'with-owner',
  'patch-proposed',
  'patch-verified',
  'published',
  'merged',
] as const;
export type Stage = (typeof stages)[number];

/** Whose act brings a case on. Whoever sees the summary alone is told what the stage tells. */
export const waits = ['coordinator', 'owner', 'finder', 'nobody'] as const;
export type WaitsFor = (typeof waits)[number];

/** Why a case is overdue from an hour on; docs/rules/coordinate.md defines each. */
export const dueReasons = [
  'embargo-ended',
  'owner-silent',
  'coordinator-silent',
  'proof-stuck',
  'patch-stuck',
] as const;
export type DueReason = (typeof dueReasons)[number];

/** Orders of the list of cases, each served by an index. */
export const caseSorts = ['newest', 'changed', 'embargo-end', 'due', 'package'] as const;
export type CaseSort = (typeof caseSorts)[number];

/**
 * What narrows the list of cases. `stage` and `waiting` go with everything. `overdue` is sorted by
 * `due` and `package` by `package`, if at all: no index serves them in another order. `text` keeps
 * the 200 cases that match it best.
 */
export const CaseFilter = z.object({
  stage: z.enum(stages).optional(),
  waiting: z.enum(waits).optional(),
  /** Only cases whose hour has come. */
  overdue: z.literal('true').optional(),
  /** Cases in which this party is an owner; for coordinators. */
  owner: idOf('party').optional(),
  /** The package URL begins so. */
  package: PackagePrefix.optional(),
  text: SearchText.optional(),
});
export type CaseFilter = z.infer<typeof CaseFilter>;

const CaseQuery = PageQuery.extend({ ...CaseFilter.shape, sort: z.enum(caseSorts).optional() });

/** How many of your cases a list holds, and the filter that shows them. */
const Counted = z.object({ count: z.number(), list: CaseFilter });

/** Your own cases counted: never those you may not see. */
export const Funnel = z.object({
  stages: z.array(Counted.extend({ stage: z.enum(stages) })),
  waiting: z.array(Counted.extend({ for: z.enum(waits) })),
  overdue: Counted.extend({
    byReason: z.array(z.object({ because: z.enum(dueReasons), count: z.number() })),
  }),
});
export type Funnel = z.infer<typeof Funnel>;

export const Case = z.object({
  id: idOf('case'),
  title: z.string(),
  package: z.string(),
  version: z.string(),
  recipe: z.string().nullable(),
  stage: z.enum(stages),
  openedAt: At,
  embargo: Embargo,
  findings: z.number().nullable(),
  /** The report of a tool that brought its first finding; null: none, or you may not know. */
  report: idOf('report').nullable(),
  /** Your own level here: what the server shows you follows from it. */
  level: z.enum(['summary', 'detail', 'all']),
  mergedInto: idOf('case').nullable(),
  advisory: z.string().nullable(),
  /** Goes up with every change of the case; null where you see the summary alone. */
  revision: z.number().nullable(),
  /** When anything last changed of what you are shown of it. */
  changedAt: At,
  waitingFor: z.enum(waits),
  /** From when on it is overdue, and why; null: it cannot become so as it stands. */
  due: z.object({ at: At, because: z.enum(dueReasons) }).nullable(),
});
export type Case = z.infer<typeof Case>;

export const Participant = z.object({
  party: PartyRef,
  as: z.enum(['coordinator', 'owner', 'finder']),
  since: At,
  /** Why an owner was told before the case was reproduced. */
  reason: z.string().nullable(),
});

export const Message = z.object({
  id: idOf('message'),
  author: PartyRef,
  at: At,
  /** null: erased. */
  text: z.string().nullable(),
});

const inCase = z.strictObject({ case: idOf('case') });
const readers = ['coordinator', 'owner', 'finder'] as const;

export const coordinate = {
  list: operation({
    id: 'coordinate.list',
    method: 'GET',
    path: '/v1/cases',
    summary: 'Cases you may see, filtered and in the order you ask for; newest first unless told',
    callers: readers,
    query: CaseQuery,
    output: pageOf(Case),
    refusals: { 'sort-not-served': 422, 'filter-not-yours': 422, 'search-starting': 503 },
  }),
  funnel: operation({
    id: 'coordinate.funnel',
    method: 'GET',
    path: '/v1/funnel',
    summary: 'Your cases counted by stage, by whom they wait for, and those overdue',
    callers: readers,
    output: Funnel,
  }),
  get: operation({
    id: 'coordinate.get',
    method: 'GET',
    path: '/v1/cases/{case}',
    summary: 'One case, as far as you may see it',
    callers: readers,
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    output: Case,
  }),
  participants: operation({
    id: 'coordinate.participants',
    method: 'GET',
    path: '/v1/cases/{case}/participants',
    summary: 'Who takes part; a finder sees only itself, the owner and the coordinator',
    callers: readers,
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    output: z.object({ items: z.array(Participant) }),
  }),
  inviteOwner: operation({
    id: 'coordinate.invite-owner',
    method: 'POST',
    path: '/v1/cases/{case}/owner',
    summary: 'Bring the owner in, at the pace the owner set; unreproduced only with a reason',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'all', weighs: ['marking'] },
    params: inCase,
    body: z.strictObject({
      party: idOf('party'),
      reason: Reason.optional(),
      /** Send at once what is exploited in the wild, where the owner allows it; with a reason. */
      urgent: z.boolean().optional(),
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({
      case: idOf('case'),
      /** `waits`: for the owner's pace; it is handed over by itself, in order. */
      outcome: z.enum(['handed-over', 'waits']),
    }),
    refusals: {
      'not-reproduced': 409,
      'not-an-owner': 422,
      'already-takes-part': 409,
      'already-waits': 409,
      'urgent-not-allowed': 409,
      'not-exploited': 409,
      'reason-missing': 422,
      'case-merged': 409,
      ...changedSince,
    },
  }),
  messages: operation({
    id: 'coordinate.messages',
    method: 'GET',
    path: '/v1/cases/{case}/messages',
    summary: 'Messages in the case room, newest first',
    callers: readers,
    needs: { subject: 'case', level: 'summary' },
    params: inCase,
    query: PageQuery,
    output: pageOf(Message),
  }),
  say: operation({
    id: 'coordinate.say',
    method: 'POST',
    path: '/v1/cases/{case}/messages',
    summary: 'Write a message to everyone in the case room',
    callers: readers,
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: z.strictObject({ text: Prose }),
    output: z.object({ message: idOf('message') }),
    refusals: { 'case-merged': 409 },
  }),
  setEmbargo: operation({
    id: 'coordinate.set-embargo',
    method: 'POST',
    path: '/v1/cases/{case}/embargo',
    summary: 'Set the hour at which the embargo ends',
    callers: ['coordinator'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: z.strictObject({ endsAt: Moment, zone: Line, ifRevision: IfRevision.optional() }),
    output: z.object({ embargo: Embargo }),
    refusals: {
      'embargo-ended': 409,
      'hour-passed': 422,
      'zone-unknown': 422,
      'case-merged': 409,
      ...changedSince,
    },
  }),
  endEmbargo: operation({
    id: 'coordinate.end-embargo',
    method: 'POST',
    path: '/v1/cases/{case}/embargo/end',
    summary: 'The matter is public: the embargo ends now',
    callers: ['coordinator', 'owner'],
    needs: { subject: 'case', level: 'detail' },
    params: inCase,
    body: z.strictObject({ reason: Reason, ifRevision: IfRevision.optional() }),
    output: z.object({ embargo: Embargo }),
    refusals: { 'embargo-ended': 409, 'case-merged': 409, ...changedSince },
  }),
};
