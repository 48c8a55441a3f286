import { z } from 'zod';
import { accessGrants, accessInsiders, accessSides, Statement } from './early-access-grants.ts';
import { AccessDays, AccessWindow, Plan, windowEndsBecause } from './early-access-views.ts';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { Disclosure, TimelineEntry } from './record.ts';
import { At, idOf, Moment } from './words.ts';

const ofEngagement = z.strictObject({ engagement: idOf('engagement') });
const ofPlan = z.strictObject({ plan: idOf('plan') });
const ofWindow = z.strictObject({ window: idOf('window') });

const seesEngagement = { subject: 'engagement', level: 'detail' } as const;
const seesWindow = { subject: 'window', level: 'summary' } as const;
const isSide = { subject: 'window', level: 'all' } as const;

export const earlyAccess = {
  statePlan: operation({
    id: 'early-access.state-plan',
    method: 'POST',
    path: '/v1/engagements/{engagement}/plans',
    summary: 'State what early access is for, who has it, what comes out, and what becomes of it',
    callers: ['liaison', 'official'],
    needs: seesEngagement,
    params: ofEngagement,
    body: z.strictObject({
      objectives: Statement,
      who: Statement,
      outputs: Statement,
      afterwards: Statement,
      personsMax: z.number().int().min(1).max(500),
      returnWithinDays: z.number().int().min(0).max(90),
    }),
    output: z.object({ plan: idOf('plan') }),
    refusals: {
      'government-alone': 403,
      'engagement-over': 409,
      'too-many': 409,
      'classified-text': 422,
    },
  }),
  plans: operation({
    id: 'early-access.plans',
    method: 'GET',
    path: '/v1/engagements/{engagement}/plans',
    summary: 'The plans of an engagement, the newest first; for its two sides',
    callers: accessSides,
    needs: seesEngagement,
    params: ofEngagement,
    output: z.object({ items: z.array(Plan) }),
  }),
  plan: operation({
    id: 'early-access.plan',
    method: 'GET',
    path: '/v1/plans/{plan}',
    summary: 'One plan; for the two sides of its engagement',
    callers: accessSides,
    needs: { subject: 'plan', level: 'all' },
    params: ofPlan,
    output: Plan,
  }),
  days: operation({
    id: 'early-access.days',
    method: 'GET',
    path: '/v1/engagements/{engagement}/days',
    summary:
      'The calendar days that the model used, of all its windows, and what is left of thirty',
    callers: accessSides,
    needs: seesEngagement,
    params: ofEngagement,
    output: AccessDays,
    refusals: { 'sides-alone': 403 },
  }),
  openWindow: operation({
    id: 'early-access.open-window',
    method: 'POST',
    path: '/v1/engagements/{engagement}/windows',
    summary: 'Open a window for a plan; it ends by itself, and nothing makes it longer',
    callers: ['developer'],
    needs: seesEngagement,
    params: ofEngagement,
    body: z.strictObject({
      plan: idOf('plan'),
      /** Left out, or past: now. */
      begins: Moment.optional(),
      /** Left out: as late as it can be. Equal to `begins`: zero days. */
      ends: Moment.optional(),
    }),
    output: z.object({
      window: idOf('window'),
      begins: At,
      ends: At,
      because: z.enum(windowEndsBecause),
    }),
    refusals: {
      'developer-alone': 403,
      'engagement-over': 409,
      'plan-first': 422,
      'no-days-left': 409,
      'too-many': 409,
    },
  }),
  windows: operation({
    id: 'early-access.windows',
    method: 'GET',
    path: '/v1/windows',
    summary: 'The windows you may know of, the newest first',
    callers: accessInsiders,
    query: PageQuery.extend({ engagement: idOf('engagement').optional() }),
    output: pageOf(AccessWindow),
  }),
  window: operation({
    id: 'early-access.window',
    method: 'GET',
    path: '/v1/windows/{window}',
    summary: 'One window: when it ends and why, and to its sides who is inside and what is owed',
    callers: accessInsiders,
    needs: seesWindow,
    params: ofWindow,
    output: AccessWindow,
  }),
  shorten: operation({
    id: 'early-access.shorten',
    method: 'POST',
    path: '/v1/windows/{window}/shorten',
    summary: 'Let a window end earlier',
    callers: ['developer'],
    needs: seesWindow,
    params: ofWindow,
    body: z.strictObject({ ends: Moment }),
    output: z.object({ window: idOf('window'), ends: At }),
    refusals: { 'developer-alone': 403, 'already-over': 409, 'not-earlier': 409 },
  }),
  end: operation({
    id: 'early-access.end',
    method: 'POST',
    path: '/v1/windows/{window}/end',
    summary: 'End a window at once, without a reason',
    callers: ['developer'],
    needs: seesWindow,
    params: ofWindow,
    body: z.strictObject({}),
    output: z.object({ window: idOf('window'), endedAt: At }),
    refusals: { 'developer-alone': 403, 'already-over': 409 },
  }),
  ...accessGrants,
  acts: operation({
    id: 'early-access.acts',
    method: 'GET',
    path: '/v1/windows/{window}/acts',
    summary: 'Every act on a window and its grants, the oldest first; for its two sides',
    callers: accessSides,
    needs: isSide,
    params: ofWindow,
    output: z.object({ items: z.array(TimelineEntry) }),
  }),
  actProof: operation({
    id: 'early-access.act-proof',
    method: 'GET',
    path: '/v1/windows/{window}/acts/{entry}/proof',
    summary: 'One act with its proof under a signed checkpoint, to be checked without this server',
    callers: accessSides,
    needs: isSide,
    params: z.strictObject({ ...ofWindow.shape, entry: idOf('entry') }),
    output: Disclosure,
    refusals: { 'not-yet-signed': 409 },
  }),
};
