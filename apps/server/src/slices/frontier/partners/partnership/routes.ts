import { partners as contract } from '@breakwater/contract';
import {
  addMilliseconds,
  type Id,
  type Instant,
  ok,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { sealed } from '../../../../platform/commands/audience.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Call, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { type As, asOf, notThere, seenOf } from '../application/access.ts';
import { judge } from '../application/decide.ts';
import { refusals } from '../application/refusals.ts';
import { type ApplicationRow, findApplication } from '../application/store.ts';
import { criteriaFor } from '../criteria/read.ts';
import type { PartnersNeeds } from '../needs.ts';
import { type Caller, personOf } from '../sides.ts';
import { findTier } from '../tier/store.ts';
import {
  acceptTerms,
  endPartnership,
  findPartnership,
  listPartnerships,
  type PartnershipRow,
  writeReview,
} from './store.ts';
import { partnershipView } from './views.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** Partnerships: who may use which tier, until when, and how that ends. */
export function partnershipRoutes(services: Services, needs: PartnersNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(contract.partnerships, async (call) => {
      const { query, now } = call;
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read((r) => listPartnerships(r, seenOf(call), page));
      const items = [];
      for (const row of rows) {
        const of = await database.read((r) => findApplication(r, row.application));
        const as = of === null ? null : asOf(of, call, undefined);
        if (as !== null) items.push(await partnershipView(services, needs, row, { as, now }));
      }
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(contract.acceptTerms, (call) => accept(services, call)),
    route(contract.leave, (call) => leave(services, call)),
    route(contract.review, (call) => review(services, call)),
  ];
}

interface Found {
  readonly row: PartnershipRow;
  readonly application: ApplicationRow;
  readonly as: As;
}

/** The partnership where the caller comes to it in one of these ways. */
async function find(
  reader: Reader,
  caller: Caller,
  wish: {
    readonly partner: string;
    readonly token?: string | undefined;
    readonly by: readonly As[];
  },
): Promise<Found | null> {
  const row = await findPartnership(reader, wish.partner);
  const application = row === null ? null : await findApplication(reader, row.application);
  const as = application === null ? null : asOf(application, caller, wish.token);
  if (row === null || application === null || as === null) return null;
  return wish.by.includes(as) ? { row, application, as } : null;
}

function isOver(row: PartnershipRow, now: Instant): boolean {
  return row.ended_at !== null || now >= row.expires_at;
}

/** PAR-15: those that stand, and no others; new ones have to be accepted anew. */
async function accept(
  services: Services,
  call: Call<typeof contract.acceptTerms>,
): Promise<Result<{ partner: Id<'partner'> }>> {
  const { params, body, envelope } = call;
  const executed = await services.execute(envelope, async (tx, at) => {
    const wish = { ...params, token: body.token, by: ['applicant'] as const };
    const found = await find(tx, call, wish);
    if (found === null) return notThere(body.token, 'a partnership of yours');
    if (isOver(found.row, at)) return refuse(over);
    const tier = await findTier(tx, found.row.tier);
    if (tier?.terms_digest !== body.terms) return refuse(termsChanged);
    await acceptTerms(tx, params.partner, { terms: body.terms, at });
    const data = { partner: params.partner, terms: body.terms };
    return ok({
      events: [{ act: 'partners.terms-accepted', subject: params.partner, data }],
      response: { partner: params.partner },
    });
  });
  return responseOf(executed);
}

/** PAR-16: at once, and without a reason (law 13). */
async function leave(
  services: Services,
  call: Call<typeof contract.leave>,
): Promise<Result<{ partner: Id<'partner'> }>> {
  const { params, body, envelope } = call;
  const executed = await services.execute(envelope, async (tx, at) => {
    const wish = { ...params, token: body.token, by: ['applicant'] as const };
    const found = await find(tx, call, wish);
    if (found === null) return notThere(body.token, 'a partnership of yours');
    if (isOver(found.row, at)) return refuse(over);
    await endPartnership(tx, params.partner, { at, by: 'partner', content: null });
    const data = { partner: params.partner, by: 'partner' };
    return ok({
      events: [{ act: 'partners.ended', subject: params.partner, data }],
      response: { partner: params.partner },
    });
  });
  return responseOf(executed);
}

/** PAR-16: it stays where every criterion is met still, and ends where one is not. */
async function review(
  services: Services,
  call: Call<typeof contract.review>,
): Promise<Result<{ partner: Id<'partner'> }>> {
  const { params, body, envelope, database, content } = { ...call, ...services };
  const { findings, reason, outcome } = body;
  const by: readonly As[] = ['government', 'developer', 'applicant', 'helper'];
  const before = await database.read((r) => find(r, call, { ...params, by }));
  if (before === null) return notThere(undefined, 'a partnership');
  const { application, as } = before;
  if (as === 'applicant' || as === 'helper') return refuse(refusals.ownApplication);
  const criteria = await criteriaFor(services, application.criteria_version, application.asks);
  const verdict = outcome === 'stays' ? 'accept' : 'decline';
  const judged = judge(criteria, { verdict, findings });
  if (!judged.ok) return judged;
  const text = await content.putText(JSON.stringify({ findings, reason }), 'review.json');
  const executed = await services.execute(envelope, async (tx, at) => {
    const row = await findPartnership(tx, params.partner);
    const tier = row === null ? null : await findTier(tx, row.tier);
    if (row === null || tier === null || isOver(row, at)) return refuse(over);
    const next = addMilliseconds(at, tier.review_days * dayMs);
    if (outcome === 'stays') await writeReview(tx, row.id, { at, next, content: text.id });
    else await endPartnership(tx, row.id, { at, by: as, content: text.id });
    const act = outcome === 'stays' ? 'partners.reviewed' : 'partners.ended';
    const data = { partner: row.id, by: as, member: personOf(call) };
    return ok({
      events: [{ act, subject: row.id, data }],
      contents: [{ ref: text, subject: row.id, level: sealed }],
      response: { partner: row.id },
    });
  });
  return responseOf(executed);
}

const over = {
  code: 'partnership-over',
  expected: 'a partnership that stands',
  got: 'one that ended, or is over by its date',
  todo: 'apply anew: a renewal is a new decision',
} as const;
const termsChanged = {
  code: 'terms-changed',
  expected: 'the digest of the terms of the tier that stand',
  got: 'another',
  todo: 'read the terms that stand now, and accept those',
  pointer: '/terms',
} as const;
