import { z } from 'zod';
import { gatewayTraffic } from './gateway-traffic.ts';
import {
  Allotment,
  AllotmentWish,
  Cut,
  GatewayKey,
  GatewayOffer,
  GatewayUpstream,
  KeyLimits,
  KeyProof,
  UpstreamWish,
} from './gateway-words.ts';
import { operation, roles } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { changedSince, IfRevision } from './revision.ts';
import { At, idOf, Line, Moment, Reason } from './words.ts';

/** An upstream's own key: goes into the content store, and into no answer. */
const UpstreamSecret = z
  .string()
  .regex(/^[\x21-\x7e]{1,4000}$/, 'expected the key as its header has it, without spaces');

const scopeOf = z.union([idOf('window'), idOf('tier')]);
const ofUpstream = z.strictObject({ upstream: idOf('upstream') });
const ofKey = z.strictObject({ gkey: idOf('gkey') });
const seesKey = { subject: 'gkey', level: 'detail' } as const;

/** What developers give through the gateway, keys on it, and what cuts them off. */
export const gateway = {
  addUpstream: operation({
    id: 'gateway.add-upstream',
    method: 'POST',
    path: '/v1/models/{model}/upstreams',
    summary: 'Name an endpoint of yours for a model, with its prices and bounds, and its secret',
    callers: ['developer'],
    params: z.strictObject({ model: idOf('model') }),
    body: z.strictObject({ ...UpstreamWish.shape, secret: UpstreamSecret }),
    output: z.object({ upstream: idOf('upstream') }),
    refusals: { 'too-many': 409, 'address-not-allowed': 422 },
  }),
  reviseUpstream: operation({
    id: 'gateway.revise-upstream',
    method: 'POST',
    path: '/v1/gateway/upstreams/{upstream}',
    summary: 'Put an endpoint of yours anew as a whole; without a secret it keeps the one it has',
    callers: ['developer'],
    params: ofUpstream,
    body: z.strictObject({
      ...UpstreamWish.shape,
      secret: UpstreamSecret.optional(),
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({ upstream: idOf('upstream') }),
    refusals: { ...changedSince, 'already-removed': 409, 'address-not-allowed': 422 },
  }),
  removeUpstream: operation({
    id: 'gateway.remove-upstream',
    method: 'POST',
    path: '/v1/gateway/upstreams/{upstream}/remove',
    summary: 'Use an endpoint of yours no more; its secret is erased',
    callers: ['developer'],
    params: ofUpstream,
    body: z.strictObject({}),
    output: z.object({ upstream: idOf('upstream') }),
    refusals: { 'already-removed': 409 },
  }),
  upstreams: operation({
    id: 'gateway.upstreams',
    method: 'GET',
    path: '/v1/gateway/upstreams',
    summary: 'Endpoints of yours, without their secrets',
    callers: ['developer'],
    output: z.object({ items: z.array(GatewayUpstream) }),
  }),
  allot: operation({
    id: 'gateway.allot',
    method: 'POST',
    path: '/v1/gateway/allotments/{scope}',
    summary: 'State what each grant in a window, or each partnership of a tier, takes at most',
    callers: ['developer'],
    params: z.strictObject({ scope: scopeOf }),
    body: z.strictObject({ ...AllotmentWish.shape, ifRevision: IfRevision.optional() }),
    output: z.object({ scope: scopeOf }),
    refusals: { ...changedSince },
  }),
  allotments: operation({
    id: 'gateway.allotments',
    method: 'GET',
    path: '/v1/gateway/allotments',
    summary: 'What you give through the gateway, by window and tier',
    callers: ['developer'],
    output: z.object({ items: z.array(Allotment) }),
  }),
  offers: operation({
    id: 'gateway.offers',
    method: 'GET',
    path: '/v1/gateway/offers',
    summary: 'What you may have keys on now: your active grants and partnerships, and what is left',
    callers: [...roles],
    output: z.object({
      items: z.array(GatewayOffer),
      /** Where clients reach the gateway; null: it is not said. */
      address: z.string().nullable(),
    }),
  }),
  issue: operation({
    id: 'gateway.issue-key',
    method: 'POST',
    path: '/v1/gateway/keys',
    summary: 'Make a key on an active grant or partnership; its secret is in this answer alone',
    callers: [...roles],
    body: z.strictObject({
      standsOn: z.union([idOf('grant'), idOf('partner')]),
      /** The person or service that uses it; of a grant, the one it is of. */
      holder: idOf('member').optional(),
      name: Line,
      /** Left out: all that no other key of the same stand has. */
      limits: KeyLimits.optional(),
      /** Left out: none. */
      proof: KeyProof.optional(),
      /** Left out, or later than that: when what it stands on ends. */
      until: Moment.optional(),
      /** `always`: streams are asked for their figures, whether the client wants them or not. */
      usageInStreams: z.enum(['as-asked', 'always']).optional(),
    }),
    output: z.object({ key: idOf('gkey'), secret: z.string(), until: At, limits: KeyLimits }),
    refusals: {
      'not-active': 409,
      'nothing-allotted': 409,
      'nothing-left': 409,
      'beyond-allotment': 422,
      'currency-differs': 422,
      'no-such-person': 422,
      'person-alone': 403,
      'cut-off': 403,
      'proof-demanded': 422,
      'already-over': 422,
      'too-many': 409,
      'shown-before': 409,
    },
  }),
  keys: operation({
    id: 'gateway.keys',
    method: 'GET',
    path: '/v1/gateway/keys',
    summary: 'Keys of your party, and keys on models of yours; the newest first',
    callers: [...roles],
    query: PageQuery.extend({ of: z.union([idOf('grant'), idOf('partner'), scopeOf]).optional() }),
    output: pageOf(GatewayKey),
  }),
  key: operation({
    id: 'gateway.key',
    method: 'GET',
    path: '/v1/gateway/keys/{gkey}',
    summary: 'One key: whether it is taken now, until when, and otherwise what is missing',
    callers: [...roles],
    needs: seesKey,
    params: ofKey,
    output: GatewayKey,
  }),
  endKey: operation({
    id: 'gateway.end-key',
    method: 'POST',
    path: '/v1/gateway/keys/{gkey}/end',
    summary: 'End a key of your own party for good, with all that is under way by it',
    callers: [...roles],
    needs: seesKey,
    params: ofKey,
    body: z.strictObject({}),
    output: z.object({ key: idOf('gkey'), endedAt: At }),
    refusals: { 'holder-alone': 403, 'already-ended': 409 },
  }),
  cut: operation({
    id: 'gateway.cut',
    method: 'POST',
    path: '/v1/gateway/cuts',
    summary: 'Cut off a key, person, party, window, tier or model at once, with a reason',
    callers: [...roles],
    body: z.strictObject({ of: Cut.shape.of, reason: Reason }),
    output: z.object({ cut: idOf('cut'), at: At }),
    refusals: { 'already-cut': 409 },
  }),
  cuts: operation({
    id: 'gateway.cuts',
    method: 'GET',
    path: '/v1/gateway/cuts',
    summary: 'What you cut off, the newest first',
    callers: [...roles],
    query: PageQuery,
    output: pageOf(Cut),
  }),
  lift: operation({
    id: 'gateway.lift-cut',
    method: 'POST',
    path: '/v1/gateway/cuts/{cut}/lift',
    summary: 'Take back a cut-off of your own',
    callers: [...roles],
    params: z.strictObject({ cut: idOf('cut') }),
    body: z.strictObject({}),
    output: z.object({ cut: idOf('cut'), liftedAt: At }),
    refusals: { 'already-lifted': 409 },
  }),
  ...gatewayTraffic,
};
