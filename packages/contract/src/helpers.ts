import { z } from 'zod';
import { Card, Notice } from './distribute.ts';
import { operation, roles } from './operation.ts';
import { changedSince, IfRevision } from './revision.ts';
import { At, idOf, Line, Moment, PartyRef, Prose, Token } from './words.ts';

/** Somebody to whom one notice was handed: a party here, or whoever holds a link. */
export const Helper = z.object({
  id: idOf('helper'),
  /** A party: sees the card under its own notices. A link: opens the card without an account. */
  kind: z.enum(['party', 'link']),
  name: z.string(),
  party: PartyRef.nullable(),
  createdAt: At,
  expiresAt: At,
  /** When the link was first opened; null: not yet, or a party. */
  openedAt: At.nullable(),
  reportedAt: At.nullable(),
  revokedAt: At.nullable(),
});
export type Helper = z.infer<typeof Helper>;

/** Whoever holds the link, signed in or not. */
const anybody = ['public', ...roles] as const;
const ofNotice = z.strictObject({ notice: idOf('notice') });

export const helpers = {
  delegate: operation({
    id: 'distribute.delegate',
    method: 'POST',
    path: '/v1/notices/{notice}/helpers',
    summary: 'Hand one notice to a helper: a party, or a link that opens this card and no other',
    callers: ['operator'],
    needs: { subject: 'notice', level: 'detail' },
    params: ofNotice,
    body: z.strictObject({
      /** For a link: what you call the helper, such as a name or a firm. */
      name: Line.optional(),
      /** A party that is here; left out, a link is made. */
      party: idOf('party').optional(),
      /** At most 30 days ahead; 14 unless told. */
      expiresAt: Moment.optional(),
      ifRevision: IfRevision.optional(),
    }),
    output: z.object({
      helper: idOf('helper'),
      /** `<public address>/help#<token>`, shown this once; null where a party helps. */
      link: z.string().nullable(),
      expiresAt: At,
    }),
    refusals: {
      'helper-unnamed': 422,
      'no-such-helper': 422,
      'hour-out-of-range': 422,
      'already-receipted': 409,
      'too-many': 409,
      ...changedSince,
    },
  }),
  listHelpers: operation({
    id: 'distribute.list-helpers',
    method: 'GET',
    path: '/v1/notices/{notice}/helpers',
    summary: 'To whom this notice was handed, newest first',
    callers: ['operator'],
    needs: { subject: 'notice', level: 'detail' },
    params: ofNotice,
    output: z.object({ items: z.array(Helper) }),
  }),
  revokeHelper: operation({
    id: 'distribute.revoke-helper',
    method: 'POST',
    path: '/v1/notices/{notice}/helpers/{helper}/revoke',
    summary: 'Take the notice back from a helper at once',
    callers: ['operator'],
    needs: { subject: 'notice', level: 'detail' },
    params: z.strictObject({ notice: idOf('notice'), helper: idOf('helper') }),
    output: z.object({ helper: idOf('helper') }),
    refusals: { 'already-revoked': 409 },
  }),
  /** A POST although it reads: the token must not stand in an address. */
  openHelp: operation({
    id: 'distribute.open-help',
    method: 'POST',
    path: '/v1/help',
    summary: 'The one card a helper was handed by link, for as long as the link holds',
    callers: anybody,
    body: z.strictObject({ token: Token }),
    output: z.object({ card: Card, status: Notice.shape.status, expiresAt: At }),
    refusals: { 'link-not-valid': 403 },
  }),
  reportHelp: operation({
    id: 'distribute.report-help',
    method: 'POST',
    path: '/v1/help/receipt',
    summary: 'Report a card done, or not affected, on behalf of whoever handed it over',
    callers: anybody,
    body: z.strictObject({
      token: Token,
      outcome: z.enum(['done', 'not-affected']),
      note: Prose.max(4_000).optional(),
    }),
    output: z.object({ status: Notice.shape.status }),
    refusals: { 'link-not-valid': 403, 'already-receipted': 409 },
  }),
  undoReceipt: operation({
    id: 'distribute.undo-receipt',
    method: 'POST',
    path: '/v1/notices/{notice}/receipt/undo',
    summary: 'Take a report back: the notice is open again',
    callers: ['operator'],
    needs: { subject: 'notice', level: 'detail' },
    params: ofNotice,
    body: z.strictObject({ ifRevision: IfRevision.optional() }),
    output: z.object({ notice: idOf('notice'), revision: z.number() }),
    refusals: { 'not-receipted': 409, ...changedSince },
  }),
};
