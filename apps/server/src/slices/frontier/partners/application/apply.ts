import type { partners as contract } from '@breakwater/contract';
import {
  addMilliseconds,
  type Id,
  type Instant,
  ok,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import { sealed } from '../../../../platform/commands/audience.ts';
import type { ContentRef } from '../../../../platform/content/content.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { blindOf } from '../../../../platform/directory/members.ts';
import { hashOf } from '../../../../platform/directory/secret.ts';
import { linkNotValid } from '../../../../platform/directory/sign-in-routes.ts';
import type { Call } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { criteriaOf } from '../criteria/read.ts';
import { findCriteria } from '../criteria/store.ts';
import { linkAt, tokenFor } from '../link.ts';
import { findOpenNomination, markUsed, type NominationRow } from '../nomination/store.ts';
import { findPartnership, partnershipOf } from '../partnership/store.ts';
import type { Caller } from '../sides.ts';
import { findTier, type TierRow } from '../tier/store.ts';
import { promisedBy } from './decide.ts';
import { refusals } from './refusals.ts';
import {
  type ApplicationRow,
  anyWaiting,
  countSince,
  findByLink,
  insertApplication,
  insertRound,
} from './store.ts';
import type { KeptWords } from './words.ts';

type Apply = Call<typeof contract.apply>;

const dayMs = 24 * 60 * 60 * 1_000;
/** Of one party in a day; who has no account is held off by address, at the edge. */
const perDayMax = 20;

/**
 * PAR-5: takes an application in. The same answer whatever others applied for; sent again with its
 * key it answers with the same link, so that a phone that lost the answer loses nothing.
 */
export async function apply(
  services: Services,
  call: Apply,
): Promise<
  Result<{ application: Id<'application'>; link: string; promisedBy: Instant; mailed: boolean }>
> {
  const { body, envelope } = call;
  const criteria = await criteriaNow(services, body);
  if (!criteria.ok) return criteria;
  const { organization, purpose, contacts, meets, helpedBy } = body;
  const kept: KeptWords = { organization, purpose, contacts, meets, helpedBy };
  const words = await services.content.putText(JSON.stringify(kept), 'application.json');
  const mail = await keepMail(services, body.mail);
  const id = newId('application');
  const executed = await services.execute(envelope, async (tx, now) => {
    const fits = await fitsTier(tx, call);
    if (!fits.ok) return fits;
    const [tier, applicant] = [fits.value, applicantOf(call)];
    const may = await mayApply(tx, { applicant, tier, now });
    if (!may.ok) return may;
    const nomination = await nominationOf(tx, call, now);
    if (!nomination.ok) return nomination;
    const renews = await renewed(tx, call);
    if (!renews.ok) return renews;
    const row: ApplicationRow = {
      id,
      tier: tier.id,
      developer: tier.developer,
      applicant,
      helper: body.helper ?? null,
      link_hash: hashOf(tokenFor(services, id)),
      words_content: words.id,
      mail_content: mail?.ref.id ?? null,
      mail_blind: mail?.blind ?? null,
      asks: body.asks,
      sector: body.sector,
      size: body.size,
      region: body.region,
      criteria_version: body.criteriaVersion,
      nominated_side: nomination.value?.side ?? null,
      nominated_by: nomination.value?.member ?? null,
      renews: renews.value,
      applied_at: now,
      withdrawn_at: null,
    };
    await insertApplication(tx, row);
    const promised = promisedBy(now);
    await insertRound(tx, { application: id, round: 1, begun_at: now, promised_by: promised });
    if (nomination.value !== null) await markUsed(tx, nomination.value.id, id);
    const data = { application: id, tier: tier.id, asks: row.asks, version: row.criteria_version };
    return ok({
      events: [{ act: 'partners.applied', subject: id, data }],
      contents: [words, ...(mail === null ? [] : [mail.ref])].map((ref) => ({
        ref,
        subject: id,
        level: sealed,
      })),
      jobs: mail === null ? [] : [{ job: 'partners.mail', payload: { application: id } }],
      response: { application: id, promisedBy: promised },
    });
  });
  if (!executed.ok) return executed;
  const { response } = executed.value;
  return ok({
    ...response,
    link: linkAt(services.site(), 'application', tokenFor(services, response.application)),
    mailed: body.mail !== undefined && services.mail !== null,
  });
}

/** PAR-2: judged by what is published, and by what the applicant read. */
async function criteriaNow(services: Services, body: Apply['body']): Promise<Result<null>> {
  const row = await services.database.read((r) => findCriteria(r));
  if (row === null) return refuse(notPublished);
  if (row.version !== body.criteriaVersion) return refuse(criteriaChanged(row.version));
  const known = (await criteriaOf(services, row)).map(({ id }) => id);
  const unknown = body.meets.findIndex(({ criterion }) => !known.includes(criterion));
  if (unknown < 0) return ok(null);
  return refuse({ ...refusals.criterionUnknown, pointer: `/meets/${unknown}/criterion` });
}

async function fitsTier(tx: Transaction, { body }: Apply): Promise<Result<TierRow>> {
  const tier = await findTier(tx, body.tier);
  if (tier === null || !tier.takes_applications) return refuse(tierClosed);
  return tier.gives.includes(body.asks) ? ok(tier) : refuse(notGiven);
}

/** The party that applies; null: nobody signed in, or the machine itself. */
function applicantOf({ anonymous, actor }: Caller): Id<'party'> | null {
  if (anonymous || actor.id === 'administrator' || actor.id === 'system') return null;
  return actor.id;
}

async function mayApply(
  tx: Transaction,
  {
    applicant,
    tier,
    now,
  }: { readonly applicant: string | null; readonly tier: TierRow; readonly now: Instant },
): Promise<Result<null>> {
  if (applicant === null) return ok(null);
  if (applicant === tier.developer) return refuse(ownTier);
  if (await anyWaiting(tx, { applicant, tier: tier.id })) return refuse(alreadyApplied);
  const today = await countSince(tx, { applicant }, addMilliseconds(now, -dayMs));
  return today >= perDayMax ? refuse(tooMany) : ok(null);
}

async function nominationOf(
  tx: Transaction,
  { body }: Apply,
  now: Instant,
): Promise<Result<NominationRow | null>> {
  if (body.nomination === undefined) return ok(null);
  const row = await findOpenNomination(tx, hashOf(body.nomination), now);
  return row?.tier === body.tier ? ok(row) : refuse(linkNotValid);
}

/** PAR-16: a renewal is applied for by the partner: the party, or whoever holds its link. */
async function renewed(tx: Transaction, call: Apply): Promise<Result<Id<'partner'> | null>> {
  const { renews, token } = call.body;
  if (renews === undefined) return ok(null);
  const byLink = token === undefined ? null : await findByLink(tx, hashOf(token));
  const partnership = byLink === null ? null : await partnershipOf(tx, byLink.id);
  if (partnership?.id === renews) return ok(renews);
  const applicant = applicantOf(call);
  const own = applicant !== null && (await findPartnership(tx, renews))?.applicant === applicant;
  return own ? ok(renews) : refuse(noSuchPartnership);
}

async function keepMail(
  { content }: Services,
  mail: string | undefined,
): Promise<{ readonly ref: ContentRef; readonly blind: Uint8Array } | null> {
  if (mail === undefined) return null;
  return { ref: await content.putText(mail, 'address.txt'), blind: blindOf(content, mail) };
}

const tierClosed = {
  code: 'tier-closed',
  expected: 'a tier that takes applications',
  got: 'one that does not, or none',
  todo: 'see partners.tiers for those that do',
  pointer: '/tier',
} as const;
const notGiven = {
  code: 'not-given',
  expected: 'to ask for what the tier gives',
  got: 'something else',
  todo: 'ask for the other, or for another tier',
  pointer: '/asks',
} as const;
const notPublished = {
  code: 'criteria-not-published',
  expected: 'criteria that are published: nobody is judged by a draft',
  got: 'the draft of this installation',
  todo: 'come back once they are published',
} as const;
const ownTier = {
  code: 'own-tier',
  expected: 'a tier of another party',
  got: 'one of your own',
  todo: 'nothing: it is yours',
} as const;
const alreadyApplied = {
  code: 'already-applied',
  expected: 'a tier for which you have no application that waits',
  got: 'one for which you have',
  todo: 'add to that one, or withdraw it',
} as const;
const tooMany = {
  code: 'too-many-applications',
  expected: `at most ${perDayMax} applications of a party in a day`,
  got: 'one more',
  todo: 'come back tomorrow',
} as const;
const noSuchPartnership = {
  code: 'no-such-partnership',
  expected: 'a partnership of yours',
  got: 'another id',
  todo: 'leave it out, or bring the link of the application it came of',
  pointer: '/renews',
} as const;

function criteriaChanged(version: number) {
  return {
    code: 'criteria-changed',
    expected: `criteria of version ${version}, the newest`,
    got: 'another version',
    todo: 'read the newest criteria and say how you meet them',
    pointer: '/criteriaVersion',
  } as const;
}
