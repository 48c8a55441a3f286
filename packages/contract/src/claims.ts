import { z } from 'zod';
import { Claim, ClaimAnswered, ClaimRules, Covered, Sharing, Wait } from './claim.ts';
import { Scope, ScopeAnswer, TargetText, Term } from './extent.ts';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { At, idOf, Moment, PartyRef, Reason } from './words.ts';

const ofClaim = z.strictObject({ claim: idOf('claim') });
const asked = z.strictObject({ scope: Scope, sharing: Sharing.default('beside'), ...Term });

/** The extent or the term is no good. */
const scopeRefusals = {
  'target-malformed': 422,
  'target-too-wide': 422,
  'target-with-version': 422,
  'package-malformed': 422,
  'repository-malformed': 422,
  'host-malformed': 422,
  'network-malformed': 422,
  'url-malformed': 422,
  'product-malformed': 422,
  'versions-malformed': 422,
  'commits-malformed': 422,
  'weakness-unknown': 422,
  'scope-empty': 422,
  'term-out-of-range': 422,
} as const;

/** The published limits stand against it. */
const limitRefusals = { 'too-many-claims': 409, 'asked-too-often': 429 } as const;

/** The owner does not want it looked at, or not now; `deconflict.wishes` tells more. */
const ownersRefusals = { 'owner-opted-out': 409, 'quiet-until': 409 } as const;

/** What is looked at runs somewhere, and its owner does not allow it; or a stop stands there. */
const leaveRefusals = { 'leave-missing': 403, 'stopped-by-owner': 409 } as const;

/** Told to whoever acts under a claim that has ended: the message says why and since when. */
const claimLost = { 'claim-lost': 409, 'stopped-by-owner': 409 } as const;

export const claims = {
  claim: operation({
    id: 'deconflict.claim',
    method: 'POST',
    path: '/v1/claims',
    summary: 'Claim what you mean to look at for a time; or learn what stands in the way',
    callers: ['finder', 'coordinator'],
    body: z.strictObject({
      ...asked.shape,
      /** False keeps it off the map of coverage; an overlap is told nonetheless. */
      listed: z.boolean().default(true),
    }),
    output: ClaimAnswered,
    refusals: { ...scopeRefusals, ...limitRefusals, ...ownersRefusals, ...leaveRefusals },
  }),
  /** A POST although it reads: a scope does not fit in an address. */
  preview: operation({
    id: 'deconflict.preview-claim',
    method: 'POST',
    path: '/v1/claims/preview',
    summary: 'What a claim would be answered, without taking it',
    callers: ['finder', 'coordinator'],
    body: asked,
    output: ClaimAnswered,
    refusals: { ...scopeRefusals, ...limitRefusals, ...ownersRefusals, ...leaveRefusals },
  }),
  list: operation({
    id: 'deconflict.list-claims',
    method: 'GET',
    path: '/v1/claims',
    summary: 'Your claims, what ends first first; or those that have ended, newest first',
    callers: ['finder', 'coordinator'],
    query: z.strictObject({ ...PageQuery.shape, show: z.enum(['live', 'ended']).default('live') }),
    output: pageOf(Claim),
  }),
  get: operation({
    id: 'deconflict.get-claim',
    method: 'GET',
    path: '/v1/claims/{claim}',
    summary: 'One claim: yours, or as coordinator anybody’s',
    callers: ['finder', 'coordinator'],
    params: ofClaim,
    output: Claim,
  }),
  renew: operation({
    id: 'deconflict.renew-claim',
    method: 'POST',
    path: '/v1/claims/{claim}/renew',
    summary: 'Hold a claim longer, within the published limits and unless somebody waits for it',
    callers: ['finder', 'coordinator'],
    params: ofClaim,
    body: z.strictObject({ until: Moment }),
    output: z.object({ claim: idOf('claim'), until: At, renewalsLeft: z.number().int() }),
    refusals: {
      ...claimLost,
      'owner-opted-out': 409,
      ...leaveRefusals,
      'term-out-of-range': 422,
      'renewals-spent': 409,
      'others-wait': 409,
      'renewal-in-conflict': 409,
    },
  }),
  use: operation({
    id: 'deconflict.use-claim',
    method: 'POST',
    path: '/v1/claims/{claim}/use',
    summary: 'Say that you work with it, so that it does not lapse',
    callers: ['finder', 'coordinator'],
    params: ofClaim,
    body: z.strictObject({}),
    output: z.object({ claim: idOf('claim'), until: At, lapsesAt: At }),
    refusals: { ...claimLost, 'claim-not-begun': 409, ...leaveRefusals },
  }),
  release: operation({
    id: 'deconflict.release-claim',
    method: 'POST',
    path: '/v1/claims/{claim}/release',
    summary: 'Give a claim back and say what it covered; what was covered joins the map',
    callers: ['finder', 'coordinator'],
    params: ofClaim,
    body: z.strictObject({ covered: z.array(Covered).max(20).default([]) }),
    output: z.object({ claim: idOf('claim'), coverage: z.number().int() }),
    refusals: { ...claimLost, ...scopeRefusals, 'covered-beyond-claim': 422 },
  }),
  offer: operation({
    id: 'deconflict.offer-claim',
    method: 'POST',
    path: '/v1/claims/{claim}/offer',
    summary: 'Offer a claim to another party, which holds it once it accepts',
    callers: ['finder', 'coordinator'],
    params: ofClaim,
    body: z.strictObject({ to: idOf('party') }),
    output: z.object({ claim: idOf('claim') }),
    refusals: { ...claimLost, 'no-such-taker': 422, 'already-offered': 409 },
  }),
  answerOffer: operation({
    id: 'deconflict.answer-offer',
    method: 'POST',
    path: '/v1/claims/{claim}/offer/answer',
    summary: 'Take a claim over that was offered to you, or decline it',
    callers: ['finder', 'coordinator'],
    params: ofClaim,
    body: z.strictObject({ accept: z.boolean() }),
    /** The taker's own claim, with its rest of time; null where it was declined. */
    output: z.object({ claim: idOf('claim').nullable() }),
    refusals: { ...claimLost, ...leaveRefusals, 'too-many-claims': 409, 'offer-in-conflict': 409 },
  }),
  wait: operation({
    id: 'deconflict.wait',
    method: 'POST',
    path: '/v1/claim-waits',
    summary:
      'Stand in line for what is held: it is granted to you when it frees, in published order',
    callers: ['finder', 'coordinator'],
    body: z.strictObject({
      scope: Scope,
      sharing: Sharing.default('beside'),
      /** How long you want it once it is granted. */
      hours: z
        .number()
        .int()
        .min(1)
        .max(24 * 30),
      /** When you no longer want it. */
      giveUpAt: Moment,
      listed: z.boolean().default(true),
    }),
    output: z.object({ wait: idOf('wait') }),
    refusals: {
      ...scopeRefusals,
      ...limitRefusals,
      'owner-opted-out': 409,
      ...leaveRefusals,
      'too-many-waits': 409,
    },
  }),
  listWaits: operation({
    id: 'deconflict.list-waits',
    method: 'GET',
    path: '/v1/claim-waits',
    summary: 'What you stand in line for, and what came of it',
    callers: ['finder', 'coordinator'],
    output: z.object({ items: z.array(Wait) }),
  }),
  withdrawWait: operation({
    id: 'deconflict.withdraw-wait',
    method: 'POST',
    path: '/v1/claim-waits/{wait}/withdraw',
    summary: 'Leave the line',
    callers: ['finder', 'coordinator'],
    params: z.strictObject({ wait: idOf('wait') }),
    output: z.object({ wait: idOf('wait') }),
    refusals: { 'not-waiting': 409 },
  }),
  watchWaits: operation({
    id: 'deconflict.watch-waits',
    method: 'GET',
    path: '/v1/claim-wait-watch',
    summary: 'Everybody who stands in line, who came last first',
    callers: ['coordinator'],
    query: z.strictObject({ ...PageQuery.shape }),
    output: pageOf(Wait),
  }),
  endWait: operation({
    id: 'deconflict.end-wait',
    method: 'POST',
    path: '/v1/claim-waits/{wait}/end',
    summary: 'End somebody’s place in line, with a reason that whoever stood there is told',
    callers: ['coordinator'],
    params: z.strictObject({ wait: idOf('wait') }),
    body: z.strictObject({ reason: Reason }),
    output: z.object({ wait: idOf('wait') }),
    refusals: { 'not-waiting': 409 },
  }),
  askJoin: operation({
    id: 'deconflict.ask-join',
    method: 'POST',
    path: '/v1/claim-joins',
    summary: 'Ask whoever stands in the way to let you in; who asks is shown once both agree',
    callers: ['finder', 'coordinator'],
    body: asked,
    output: z.object({ join: idOf('joining') }),
    refusals: { ...scopeRefusals, ...limitRefusals, ...leaveRefusals, 'nothing-in-the-way': 409 },
  }),
  answerJoin: operation({
    id: 'deconflict.answer-join',
    method: 'POST',
    path: '/v1/claim-joins/{joining}/answer',
    summary: 'Let whoever asked in beside your claim, or not; declining tells nobody anything',
    callers: ['finder', 'coordinator'],
    params: z.strictObject({ joining: idOf('joining') }),
    body: z.strictObject({ accept: z.boolean() }),
    output: z.object({ join: idOf('joining'), with: PartyRef.nullable() }),
    refusals: claimLost,
  }),
  listRequests: operation({
    id: 'deconflict.list-claim-requests',
    method: 'GET',
    path: '/v1/claim-requests',
    summary: 'What others ask of you about claims, and what you asked of them',
    callers: ['finder', 'coordinator'],
    output: z.object({
      /** Claims offered to you. */
      offers: z.array(
        z.object({ claim: idOf('claim'), from: PartyRef, scope: ScopeAnswer, until: At }),
      ),
      /** Somebody wants in beside a claim of yours: with what, not who. */
      joins: z.array(
        z.object({ join: idOf('joining'), claim: idOf('claim'), scope: ScopeAnswer, until: At }),
      ),
      /** What you asked; `with` names who let you in. No answer and a no look alike. */
      asked: z.array(
        z.object({ join: idOf('joining'), scope: ScopeAnswer, until: At, with: z.array(PartyRef) }),
      ),
    }),
  }),
  override: operation({
    id: 'deconflict.override-claim',
    method: 'POST',
    path: '/v1/claims/{claim}/override',
    summary: 'End somebody’s claim in an emergency, with a reason that its holder is told',
    callers: ['coordinator'],
    params: ofClaim,
    body: z.strictObject({ reason: Reason }),
    output: z.object({ claim: idOf('claim') }),
    refusals: claimLost,
  }),
  watch: operation({
    id: 'deconflict.watch-claims',
    method: 'GET',
    path: '/v1/claim-watch',
    summary: 'All claims: those that live, those held but not used, and what was in conflict',
    callers: ['coordinator'],
    query: z.strictObject({
      ...PageQuery.shape,
      show: z.enum(['live', 'unused', 'ended']).default('live'),
    }),
    output: pageOf(Claim),
  }),
  conflicts: operation({
    id: 'deconflict.list-conflicts',
    method: 'GET',
    path: '/v1/claim-conflicts',
    summary: 'Who was refused what because of whom, newest first; and who asks very often',
    callers: ['coordinator'],
    query: z.strictObject({ ...PageQuery.shape }),
    output: pageOf(
      z.object({
        asker: PartyRef,
        scope: ScopeAnswer,
        at: At,
        /** Those that stood in the way, at most twenty. */
        claims: z.array(idOf('claim')),
      }),
    ),
  }),
  askers: operation({
    id: 'deconflict.list-askers',
    method: 'GET',
    path: '/v1/claim-askers',
    summary: 'Who used how much of the published limits today; who was stopped comes first',
    callers: ['coordinator'],
    output: z.object({
      items: z.array(
        z.object({
          party: PartyRef,
          live: z.number().int(),
          unused: z.number().int(),
          asked: z.number().int(),
          stopped: z.number().int(),
        }),
      ),
    }),
  }),
  map: operation({
    id: 'deconflict.map',
    method: 'POST',
    path: '/v1/coverage',
    summary: 'What of a target is covered now and was before, by day and never by whom',
    callers: ['finder', 'owner', 'coordinator'],
    body: z.strictObject({
      target: TargetText,
      /** Days back; what lies ahead is told as far as it is claimed. */
      days: z.number().int().min(1).max(400).default(90),
    }),
    output: z.object({
      target: z.string(),
      /** At most five hundred, newest first. Days in UTC (YYYY-MM-DD). */
      items: z.array(
        z.object({
          scope: ScopeAnswer,
          when: z.enum(['now', 'ahead', 'before']),
          fromDay: z.iso.date(),
          untilDay: z.iso.date(),
          outcome: Covered.shape.outcome.nullable(),
          /**
           * A coordinator does not believe it; why is told to whoever said it and to coordinators.
           * null: it stands.
           */
          struck: z.object({ reason: z.string().nullable() }).nullable(),
          /** What it was said in: to coordinators; empty to others. */
          records: z.array(idOf('decision')),
        }),
      ),
    }),
    refusals: { ...scopeRefusals, ...limitRefusals },
  }),
  strikeCoverage: operation({
    id: 'deconflict.strike-coverage',
    method: 'POST',
    path: '/v1/coverage/strike',
    summary: 'Strike what somebody said it covered, with a reason; it stays on the map as struck',
    callers: ['coordinator'],
    body: z.strictObject({ record: idOf('decision'), reason: Reason }),
    output: z.object({ record: idOf('decision') }),
    refusals: { 'already-struck': 409 },
  }),
  rules: operation({
    id: 'deconflict.claim-rules',
    method: 'GET',
    path: '/v1/claim-rules',
    summary: 'The published limits and orders by which claims are granted and lapse',
    callers: ['public', 'finder', 'owner', 'operator', 'auditor', 'coordinator', 'evaluator'],
    output: ClaimRules,
    sameForAll: true,
  }),
};
