import { z } from 'zod';
import { gatewayMarks } from './gateway-marks.ts';
import { operation } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { At, DigestText, idOf, PartyRef, Reason } from './words.ts';

/**
 * What an incident came to: the use is what the key is for; the marks said what was not so; it was
 * acted upon.
 */
export const incidentClosings = ['expected', 'mistaken', 'acted'] as const;

/** Days for which marks that were expected of a key raise no other incident. */
export const expectedForDays = 30;

/** What the watch said of one key: counts of requests by mark, never a word of what was said. */
export const GatewayIncident = z.object({
  id: idOf('incident'),
  key: idOf('gkey'),
  party: PartyRef,
  /** The person or service that the key is bound to; null: its name was erased. */
  holder: z.object({ id: idOf('member'), name: z.string().nullable() }),
  model: idOf('model'),
  raisedAt: At,
  /** Of the first and the last request that bears a mark. */
  firstAt: At,
  lastAt: At,
  /** Requests that bear one mark or more. */
  requests: z.number(),
  marks: z.array(
    z.object({ mark: z.enum(gatewayMarks), requests: z.number(), firstAt: At, lastAt: At }),
  ),
  /** null: it is open. */
  closed: z
    .object({
      at: At,
      as: z.enum(incidentClosings),
      by: PartyRef,
      /** null: erased. */
      reason: z.string().nullable(),
    })
    .nullable(),
});
export type GatewayIncident = z.infer<typeof GatewayIncident>;

const ofIncident = z.strictObject({ incident: idOf('incident') });
const canary = { model: idOf('model'), digest: DigestText };

/** What the watch of the gateway tells a developer, and the canaries it watches for. */
export const gatewayIncidents = {
  incidents: operation({
    id: 'gateway.incidents',
    method: 'GET',
    path: '/v1/gateway/incidents',
    summary: 'What the watch said of keys on models of yours, the newest first',
    callers: ['developer'],
    query: PageQuery.extend({ open: z.enum(['yes', 'no']).optional() }),
    output: pageOf(GatewayIncident),
  }),
  incident: operation({
    id: 'gateway.incident',
    method: 'GET',
    path: '/v1/gateway/incidents/{incident}',
    summary: 'One incident: key, person, party, marks and counts; and what it came to',
    callers: ['developer'],
    params: ofIncident,
    output: GatewayIncident,
  }),
  closeIncident: operation({
    id: 'gateway.close-incident',
    method: 'POST',
    path: '/v1/gateway/incidents/{incident}/close',
    summary: 'Close an incident with what it came to, and why; what comes later raises another',
    callers: ['developer'],
    params: ofIncident,
    body: z.strictObject({
      /** `expected`: for thirty days the same marks of this key raise no other. */
      as: z.enum(incidentClosings),
      reason: Reason,
    }),
    output: z.object({ incident: idOf('incident'), closedAt: At }),
    refusals: { 'already-closed': 409 },
  }),
  addCanary: operation({
    id: 'gateway.add-canary',
    method: 'POST',
    path: '/v1/gateway/canaries',
    summary: 'Have a string of yours watched for in requests and answers of a model of yours',
    callers: ['developer'],
    body: z.strictObject({
      ...canary,
      /**
       * SHA-256 of the string, which nobody else is told: 16 to 128 letters, digits, hyphens and
       * underscores, standing by itself wherever it turns up.
       */
      digest: DigestText,
    }),
    output: z.object(canary),
    refusals: { 'too-many': 409 },
  }),
  removeCanary: operation({
    id: 'gateway.remove-canary',
    method: 'POST',
    path: '/v1/gateway/canaries/remove',
    summary: 'Have a string of yours watched for no more',
    callers: ['developer'],
    body: z.strictObject(canary),
    output: z.object(canary),
    refusals: { 'no-such-canary': 409 },
  }),
  canaries: operation({
    id: 'gateway.canaries',
    method: 'GET',
    path: '/v1/gateway/canaries',
    summary: 'The strings of yours that are watched for, as their digests',
    callers: ['developer'],
    output: z.object({ items: z.array(z.object({ ...canary, addedAt: At })) }),
  }),
};
