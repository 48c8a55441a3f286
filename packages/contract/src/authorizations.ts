import { z } from 'zod';
import { methods, TargetText } from './extent.ts';
import { operation, roles } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { changedSince, IfRevision } from './revision.ts';
import { At, idOf, Line, Moment, PartyRef, Prose, Reason } from './words.ts';

const MethodName = z.enum(methods);

/** By what somebody shows that a target is its own. */
export const controlWays = ['dns', 'well-known', 'repository', 'statement'] as const;
export type ControlWay = (typeof controlWays)[number];

/**
 * Where a proof of control stands. `lapsed`: it held, and is older than it may be. `contested`:
 * somebody else proved control of the same place, and a coordinator has not decided.
 */
export const controlStates = ['pending', 'proven', 'contested', 'lapsed', 'withdrawn'] as const;
export type ControlState = (typeof controlStates)[number];

/** What the owner has to put where; nobody but the owner is shown it. */
export const Challenge = z.discriminatedUnion('way', [
  z.object({ way: z.literal('dns'), name: z.string(), record: z.string() }),
  z.object({ way: z.literal('well-known'), url: z.string(), text: z.string() }),
  z.object({ way: z.literal('repository'), urls: z.array(z.string()), text: z.string() }),
]);
export type Challenge = z.infer<typeof Challenge>;

/** One party's proof that a target is its own. */
export const Control = z.object({
  id: idOf('control'),
  party: PartyRef,
  target: z.string(),
  way: z.enum(controlWays),
  state: z.enum(controlStates),
  /** null: a statement, which a coordinator confirms. */
  challenge: Challenge.nullable(),
  /** What the party said; null where it said nothing, or it is erased. */
  statement: z.string().nullable(),
  provenAt: At.nullable(),
  /** From when on the proof no longer counts unless it was found again. */
  validUntil: At.nullable(),
  /** When it is looked for again. */
  nextAt: At.nullable(),
  /** Why it was not found the last time it was looked for; null: it was, or it never was. */
  lastFailure: z.string().nullable(),
  createdAt: At,
});
export type Control = z.infer<typeof Control>;

/** Two parties that have both proven control of one place. */
export const Contest = z.object({ controls: z.tuple([Control, Control]) });

const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 22:00');

/** Times at which nothing is done, whatever else is allowed. */
export const NeverTimes = z.strictObject({
  /** IANA name of the zone whose clock the weekly times are read on. */
  zone: z.string().min(1).max(64),
  /** 1 is Monday (ISO 8601); over midnight where `from` is the later one; all day where equal. */
  weekly: z
    .array(
      z.strictObject({
        days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
        from: TimeOfDay,
        until: TimeOfDay,
      }),
    )
    .max(30),
  once: z.array(z.strictObject({ from: Moment, until: Moment })).max(100),
});

/** How fast. null: the owner set no bound of this kind. */
const Pace = z.strictObject({
  requestsPerSecond: z.number().positive().max(1_000_000).nullable(),
  connections: z.number().int().min(1).max(100_000).nullable(),
});

/** An owner's written scope. Empty means nothing: no target, no method or nobody allows nothing. */
const scope = {
  targets: z.array(TargetText).max(200),
  /** Out beats in. */
  except: z.array(TargetText).max(200),
  methods: z.array(MethodName).max(methods.length),
  /** Named parties, and everybody whose role has one of these names. */
  parties: z.array(idOf('party')).max(200),
  roles: z.array(Line.max(64)).max(20),
  from: Moment,
  until: Moment,
  pace: Pace,
  never: NeverTimes,
};

/** What came of the scope at this moment. */
export const authorizationStates = [
  'in-force',
  'not-yet',
  'over',
  'revoked',
  'control-missing',
  'control-lapsed',
  'control-contested',
  'stopped',
] as const;
export type AuthorizationState = (typeof authorizationStates)[number];

export const Authorization = z.object({
  id: idOf('authorization'),
  owner: PartyRef,
  targets: z.array(z.string()),
  except: z.array(z.string()),
  methods: z.array(MethodName),
  /** null: not yours to read; you are among them. */
  parties: z.array(PartyRef).nullable(),
  roles: z.array(z.string()).nullable(),
  from: At,
  until: At,
  pace: z.object({
    requestsPerSecond: z.number().nullable(),
    connections: z.number().nullable(),
  }),
  never: z.object({
    zone: z.string(),
    weekly: z.array(z.object({ days: z.array(z.number()), from: z.string(), until: z.string() })),
    once: z.array(z.object({ from: At, until: At })),
  }),
  /** Whom to reach while something runs; null: erased. */
  contact: z.string().nullable(),
  state: z.enum(authorizationStates),
  revision: z.number(),
  createdAt: At,
});
export type Authorization = z.infer<typeof Authorization>;

/** Why something may not be done there now; `allowed` stands alone. */
export const leaveReasons = [
  'allowed',
  'needs-no-leave',
  'no-authorization',
  'out-of-scope',
  'method-not-allowed',
  'not-yet',
  'over',
  'never-time',
  'control-missing',
  'control-lapsed',
  'control-contested',
  'stopped',
] as const;
export type LeaveReason = (typeof leaveReasons)[number];

/** Whether one thing may be done at one place at one moment, and why. */
export const Leave = z.object({
  allowed: z.boolean(),
  target: z.string(),
  method: MethodName,
  at: At,
  reasons: z.array(z.enum(leaveReasons)),
  /** By which scope; null: none, or none is needed. */
  authorization: idOf('authorization').nullable(),
  pace: Authorization.shape.pace.nullable(),
  /** Whom to reach while something runs; null: nobody was named, or it is erased. */
  contact: z.string().nullable(),
  /** Until when it holds at most: the scope's end, or the next never-time. */
  until: At.nullable(),
  /** When it may be asked for again: the end of a never-time, or the scope's beginning. */
  again: At.nullable(),
});
export type Leave = z.infer<typeof Leave>;

/** One press of the stop switch. */
export const Stop = z.object({
  id: idOf('stop'),
  target: z.string(),
  by: PartyRef,
  at: At,
  reason: z.string().nullable(),
  liftedAt: At.nullable(),
  liftedBy: PartyRef.nullable(),
  liftReason: z.string().nullable(),
  /** How many claims and campaigns it ended; told to those who control the target. */
  claims: z.number(),
  campaigns: z.number(),
});
export type Stop = z.infer<typeof Stop>;

const keepers = ['owner', 'operator'] as const;
const targetMalformed = { 'target-malformed': 422 } as const;
const ofControl = z.strictObject({ control: idOf('control') });
const ofAuthorization = z.strictObject({ authorization: idOf('authorization') });
const badScope = {
  ...targetMalformed,
  'zone-unknown': 422,
  'window-empty': 422,
  'window-too-long': 422,
} as const;

export const authorizations = {
  openControl: operation({
    id: 'deconflict.open-control',
    method: 'POST',
    path: '/v1/controls',
    summary: 'Say that a target is yours, and get what to put where to show it',
    callers: keepers,
    body: z.strictObject({
      target: TargetText,
      way: z.enum(controlWays),
      /** Why it is yours; needed where a coordinator decides. */
      statement: Prose.max(4_000).optional(),
    }),
    output: Control,
    refusals: {
      ...targetMalformed,
      'way-unfit': 422,
      'statement-missing': 422,
      'too-many-controls': 409,
    },
  }),
  proveControl: operation({
    id: 'deconflict.prove-control',
    method: 'POST',
    path: '/v1/controls/{control}/prove',
    summary: 'Have the proof looked for now',
    callers: keepers,
    params: ofControl,
    output: Control,
    refusals: {
      'proof-missing': 422,
      'proof-unreachable': 422,
      'address-not-allowed': 422,
      'control-closed': 409,
      'way-unfit': 422,
    },
  }),
  controls: operation({
    id: 'deconflict.controls',
    method: 'GET',
    path: '/v1/controls',
    summary: 'Your proofs of control; a coordinator sees all',
    callers: [...keepers, 'coordinator'],
    query: PageQuery.extend({ state: z.enum(controlStates).optional() }),
    output: pageOf(Control),
  }),
  control: operation({
    id: 'deconflict.control',
    method: 'GET',
    path: '/v1/controls/{control}',
    summary: 'One proof of control',
    callers: [...keepers, 'coordinator'],
    params: ofControl,
    output: Control,
  }),
  withdrawControl: operation({
    id: 'deconflict.withdraw-control',
    method: 'POST',
    path: '/v1/controls/{control}/withdraw',
    summary: 'Say that a target is no longer yours; what rests on it ends at once',
    callers: keepers,
    params: ofControl,
    output: z.object({ control: idOf('control') }),
    refusals: { 'control-closed': 409 },
  }),
  ruleControl: operation({
    id: 'deconflict.rule-control',
    method: 'POST',
    path: '/v1/controls/{control}/rule',
    summary: 'Confirm or turn down what a party stated about its target, with a reason',
    callers: ['coordinator'],
    params: ofControl,
    body: z.strictObject({ stands: z.boolean(), reason: Reason }),
    output: Control,
    refusals: { 'control-closed': 409, 'way-unfit': 422 },
  }),
  contests: operation({
    id: 'deconflict.contests',
    method: 'GET',
    path: '/v1/contests',
    summary: 'Places of which two parties have both proven control, and neither is believed',
    callers: ['coordinator'],
    output: z.object({ items: z.array(Contest) }),
  }),
  settle: operation({
    id: 'deconflict.settle',
    method: 'POST',
    path: '/v1/contests',
    summary: 'Decide which of two parties is believed where both proved control, with a reason',
    callers: ['coordinator'],
    body: z.strictObject({
      believed: idOf('control'),
      over: idOf('control'),
      reason: Reason,
    }),
    output: z.object({ believed: idOf('control') }),
    refusals: { 'not-contested': 409 },
  }),
  authorize: operation({
    id: 'deconflict.authorize',
    method: 'POST',
    path: '/v1/authorizations',
    summary: 'Write down who may do what to your systems, when, how fast and when never',
    callers: keepers,
    body: z.strictObject({ ...scope, contact: Prose.max(2_000) }),
    output: Authorization,
    refusals: { ...badScope, 'too-many-authorizations': 409 },
  }),
  reviseAuthorization: operation({
    id: 'deconflict.revise-authorization',
    method: 'POST',
    path: '/v1/authorizations/{authorization}',
    summary: 'Write your scope anew: what you send takes the place of what stood',
    callers: keepers,
    params: ofAuthorization,
    body: z.strictObject({
      ...scope,
      /** Left out: it stays. */
      contact: Prose.max(2_000).optional(),
      ifRevision: IfRevision.optional(),
    }),
    output: Authorization,
    refusals: { ...badScope, 'authorization-revoked': 409, ...changedSince },
  }),
  revokeAuthorization: operation({
    id: 'deconflict.revoke-authorization',
    method: 'POST',
    path: '/v1/authorizations/{authorization}/revoke',
    summary: 'Take your leave back; it counts from now on',
    callers: keepers,
    params: ofAuthorization,
    output: z.object({ authorization: idOf('authorization') }),
    refusals: { 'authorization-revoked': 409 },
  }),
  authorizations: operation({
    id: 'deconflict.authorizations',
    method: 'GET',
    path: '/v1/authorizations',
    summary: 'The scopes you wrote and those that name you; a coordinator sees all',
    callers: [...keepers, 'finder', 'coordinator'],
    query: PageQuery.extend({
      /** Those alone that say something about this target. */
      target: TargetText.optional(),
      /** `mine`: written by you; `for-me`: that name you or your role. */
      which: z.enum(['all', 'mine', 'for-me']).default('all'),
    }),
    output: pageOf(Authorization),
    refusals: targetMalformed,
  }),
  authorization: operation({
    id: 'deconflict.authorization',
    method: 'GET',
    path: '/v1/authorizations/{authorization}',
    summary: 'One scope, as far as it concerns you',
    callers: [...keepers, 'finder', 'coordinator'],
    params: ofAuthorization,
    output: Authorization,
  }),
  may: operation({
    id: 'deconflict.may',
    method: 'GET',
    path: '/v1/leave',
    summary: 'May I do this there, now? Yes or no, with the reasons',
    callers: roles,
    query: z.object({ target: TargetText, method: MethodName, at: Moment.optional() }),
    output: Leave,
    refusals: targetMalformed,
  }),
  stop: operation({
    id: 'deconflict.stop',
    method: 'POST',
    path: '/v1/stops',
    summary: 'Stop everything on a target at once: claims, campaigns and leave',
    callers: [...keepers, 'coordinator'],
    body: z.strictObject({ target: TargetText, reason: Reason.optional() }),
    output: Stop,
    refusals: { ...targetMalformed, 'control-missing': 403, 'already-stopped': 409 },
  }),
  liftStop: operation({
    id: 'deconflict.lift-stop',
    method: 'POST',
    path: '/v1/stops/{stop}/lift',
    summary: 'Let work on the target begin again, with a reason; what was ended stays ended',
    callers: [...keepers, 'coordinator'],
    params: z.strictObject({ stop: idOf('stop') }),
    body: z.strictObject({ reason: Reason }),
    output: Stop,
    refusals: { 'stop-lifted': 409, 'owner-alone': 403 },
  }),
  stops: operation({
    id: 'deconflict.stops',
    method: 'GET',
    path: '/v1/stops',
    summary: 'Stops on your targets; a coordinator sees all',
    callers: [...keepers, 'coordinator'],
    query: PageQuery.extend({ state: z.enum(['standing', 'lifted']).optional() }),
    output: pageOf(Stop),
  }),
};
