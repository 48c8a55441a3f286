import { z } from 'zod';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { At, idOf, Line, Moment, PartyRef, Prose, Reason } from './words.ts';

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
  /** Your own level here: what the server shows you follows from it. */
  level: z.enum(['summary', 'detail', 'all']),
  mergedInto: idOf('case').nullable(),
  advisory: z.string().nullable(),
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
    summary: 'Cases you may see, newest first',
    callers: readers,
    query: PageQuery,
    output: pageOf(Case),
  }),
  get: operation({
    id: 'coordinate.get',
    method: 'GET',
    path: '/v1/cases/{case}',
    summary: 'One case, as far as you may see it',
    callers: readers,
    params: inCase,
    output: Case,
  }),
  participants: operation({
    id: 'coordinate.participants',
    method: 'GET',
    path: '/v1/cases/{case}/participants',
    summary: 'Who takes part; a finder sees only itself, the owner and the coordinator',
    callers: readers,
    params: inCase,
    output: z.object({ items: z.array(Participant) }),
  }),
  inviteOwner: operation({
    id: 'coordinate.invite-owner',
    method: 'POST',
    path: '/v1/cases/{case}/owner',
    summary: 'Bring the owner in; before the case is reproduced only with a reason',
    callers: ['coordinator'],
    params: inCase,
    body: z.strictObject({ party: idOf('party'), reason: Reason.optional() }),
    output: z.object({ case: idOf('case') }),
    refusals: {
      'not-reproduced': 409,
      'not-an-owner': 422,
      'already-takes-part': 409,
      'case-merged': 409,
    },
  }),
  messages: operation({
    id: 'coordinate.messages',
    method: 'GET',
    path: '/v1/cases/{case}/messages',
    summary: 'Messages in the case room, newest first',
    callers: readers,
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
    params: inCase,
    body: z.strictObject({ endsAt: Moment, zone: Line }),
    output: z.object({ embargo: Embargo }),
    refusals: { 'embargo-ended': 409, 'hour-passed': 422, 'zone-unknown': 422, 'case-merged': 409 },
  }),
  endEmbargo: operation({
    id: 'coordinate.end-embargo',
    method: 'POST',
    path: '/v1/cases/{case}/embargo/end',
    summary: 'The matter is public: the embargo ends now',
    callers: ['coordinator', 'owner'],
    params: inCase,
    body: z.strictObject({ reason: Reason }),
    output: z.object({ embargo: Embargo }),
    refusals: { 'embargo-ended': 409, 'case-merged': 409 },
  }),
};
