import {
  type Application,
  type ApplicationSummary,
  applicationActs,
  partnerRegions,
} from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';
import { criteriaFor } from '../criteria/read.ts';
import type { PartnersNeeds } from '../needs.ts';
import { partnershipOf } from '../partnership/store.ts';
import { partnershipView } from '../partnership/views.ts';
import { type Caller, personOf } from '../sides.ts';
import { findTier } from '../tier/store.ts';
import { tierWords } from '../tier/views.ts';
import type { As } from './access.ts';
import { byOf } from './act.ts';
import { appealUntil, mayTurn, openRound } from './decide.ts';
import { type ApplicationRow, stateOf, type Whole, wholeOf } from './store.ts';
import { applicationWords, reasonsOf } from './words.ts';

/** Who looks, and when. */
export interface Looking {
  readonly caller: Caller;
  readonly as: As;
  readonly now: Instant;
}

/** An application in lists. */
export async function summaryView(
  services: Services,
  row: ApplicationRow,
  { as, now }: Looking,
): Promise<ApplicationSummary> {
  const whole = await services.database.read((r) => wholeOf(r, row));
  const tier = await services.database.read((r) => findTier(r, row.tier));
  const words = await applicationWords(services, row.words_content);
  const last = whole.rounds.at(-1);
  if (last === undefined) throw new Error(`application ${row.id} has no round`);
  return {
    id: row.id,
    tier: row.tier,
    tierName: tier === null ? null : ((await tierWords(services, tier))?.name ?? null),
    organization: words?.organization ?? null,
    asks: row.asks,
    sector: row.sector,
    size: row.size,
    region: partnerRegions.find((region) => region === row.region) ?? 'elsewhere',
    criteriaVersion: row.criteria_version,
    nominatedBy: row.nominated_side,
    renews: row.renews,
    standing: standingOf(whole),
    asked: openRound(stateOf(whole, [])) !== null && whole.said.at(-1)?.kind === 'question',
    appliedAt: row.applied_at,
    appealedAt: whole.rounds[1]?.begun_at ?? null,
    answeredAt: last.answered_at,
    promisedBy: last.promised_by,
    late: (last.answered_at ?? row.withdrawn_at ?? now) > last.promised_by,
    as,
  };
}

function standingOf({ row, rounds }: Whole): ApplicationSummary['standing'] {
  if (row.withdrawn_at !== null) return 'withdrawn';
  const last = rounds.at(-1);
  if (last?.verdict === 'accept') return 'accepted';
  if (last?.verdict === 'decline') return 'declined';
  return rounds.length > 1 ? 'appealed' : 'waiting';
}

/** One application, as far as its reader may see it. */
export async function applicationView(
  services: Services,
  needs: PartnersNeeds,
  row: ApplicationRow,
  looking: Looking,
): Promise<Application> {
  const { database, content, directory } = services;
  const { whole, partnership } = await database.read(async (r) => ({
    whole: await wholeOf(r, row),
    partnership: await partnershipOf(r, row.id),
  }));
  const { as, caller, now } = looking;
  const criteria = await criteriaFor(services, row.criteria_version, row.asks);
  const state = stateOf(whole, criteria);
  const view =
    partnership === null ? null : await partnershipView(services, needs, partnership, { as, now });
  const textOf = async (id: Parameters<typeof content.getText>[0] | null) =>
    id === null ? null : await content.getText(id);
  return {
    ...(await summaryView(services, row, looking)),
    words: await applicationWords(services, row.words_content),
    helper: row.helper === null ? null : await directory.refOf(row.helper),
    said: await Promise.all(
      whole.said.map(async ({ by, kind, at, content: text }) => ({
        by,
        kind,
        at,
        text: await textOf(text),
      })),
    ),
    keys: await Promise.all(
      keysSeen(whole, as).map(async ({ round, side, verdict, at, content: text }) => ({
        ...{ round, side, verdict, at },
        ...(await reasonsOf(services, text)),
      })),
    ),
    interests: await Promise.all(
      whole.interests
        .filter(({ side }) => side === as)
        .map(async ({ round, side, conflicted, at, member, content: text }) => ({
          ...{ round, side, conflicted, at },
          own: member === personOf(caller),
          words: await textOf(text),
        })),
    ),
    appealUntil: appealUntil(state),
    partnership: view,
    can: actsOf({ state, looking, view }),
  };
}

/** PAR-10: of a round that waits nobody sees the other side's key, so that each judges by itself. */
function keysSeen({ rounds, keys }: Whole, as: As): Whole['keys'] {
  const answered = new Set(rounds.flatMap(({ round, verdict }) => (verdict ? [round] : [])));
  return keys.filter(({ round, side }) => answered.has(round) || side === as);
}

function actsOf({
  state,
  looking: { as, caller, now },
  view,
}: {
  readonly state: ReturnType<typeof stateOf>;
  readonly looking: Looking;
  readonly view: Application['partnership'];
}): Application['can'] {
  const isOpen = openRound(state) !== null;
  const until = appealUntil(state);
  const by = byOf(as, caller);
  const isOwn = as === 'applicant';
  const isSide = by.as === 'government' || by.as === 'developer';
  const stands = view !== null && view.ended === null && now < view.expiresAt;
  const may: Readonly<Record<(typeof applicationActs)[number], boolean>> = {
    add: isOpen && !isSide,
    withdraw: isOpen && isOwn,
    appeal: isOwn && until !== null && now < until,
    'accept-terms': isOwn && stands && view.acceptedTerms !== view.terms,
    leave: isOwn && stands,
    ask: isOpen && isSide,
    'state-interest': isOpen && isSide,
    'turn-key': isSide && mayTurn(state, by),
  };
  return applicationActs.filter((each) => may[each]);
}
