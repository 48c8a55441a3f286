import type { Id, Instant } from '@breakwater/kernel';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Target } from '@breakwater/scope';
import { ancestorsOf } from '@breakwater/scope';
import { newId } from '../../../../platform/clock/clock.ts';
import { coordinators, levels, seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor, Event, NewContent, Outcome } from '../../../../platform/commands/commands.ts';
import type { Decided, Member } from '../../../../platform/commands/together.ts';
import { setAudience } from '../../../../platform/commands/visibility.ts';
import type { ContentRef } from '../../../../platform/content/content.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import { type ClaimRow, claimsAt, updateClaims } from '../claim/store.ts';
import { type ControlRow, proofsAround } from './control-store.ts';
import { controlOf } from './decide.ts';
import { insertStop, stopAt } from './stop-store.ts';
import { controlFacts } from './views.ts';

/** What stopping asks of other slices; bound in slices/index.ts. */
export interface StopNeeds {
  /**
   * Ends the campaigns that have not ended and run on a part of the place, or under one of the
   * claims; answers with them.
   */
  stopCampaigns(
    tx: Transaction,
    at: { readonly lineage: string; readonly claims: readonly string[]; readonly now: Instant },
  ): Promise<readonly Id<'campaign'>[]>;
}

export interface StopWish {
  readonly target: Target;
  readonly reason: ContentRef | null;
}

/** Told to the holders at once by mail, one job each. */
export const stoppedMail = 'notify.stopped';

type Stopped = { readonly stop: Id<'stop'> };

/**
 * DCF-38: presses the stop switch. In the one transaction, in the turn of all who take claims: every
 * claim there ends, every campaign there is told to, and until the stop is lifted none begins.
 */
export function decideStops(needs: StopNeeds) {
  return async (
    tx: Transaction,
    now: Instant,
    members: readonly Member<StopWish>[],
  ): Promise<Decided<Stopped>> => {
    const outcomes: Result<Outcome<Stopped>>[] = [];
    for (const { envelope, input } of members) {
      outcomes.push(await press(tx, needs, { actor: envelope.actor, wish: input, now }));
    }
    return { outcomes, aside: [] };
  };
}

async function press(
  tx: Transaction,
  needs: StopNeeds,
  given: { readonly actor: Actor; readonly wish: StopWish; readonly now: Instant },
): Promise<Result<Outcome<Stopped>>> {
  const { actor, wish, now } = given;
  const { lineage, text } = wish.target;
  const control = await controlBy(tx, lineage, { party: actor.id, now });
  if (control === null && !seesAllWork(actor)) return refuse(notInControl);
  if ((await stopAt(tx, lineage)) !== null) return refuse(alreadyStopped);
  const claims = await endClaims(tx, lineage, now);
  const ids = claims.map(({ id }) => id);
  const campaigns = await needs.stopCampaigns(tx, { lineage, claims: ids, now });
  const stop = newId('stop');
  await insertStop(tx, {
    id: stop,
    target: text,
    lineage,
    by_party: actor.id,
    control: control?.id ?? null,
    at: now,
    reason_content: wish.reason?.id ?? null,
    claims: claims.length,
    campaigns: campaigns.length,
  });
  await setAudience(tx, stop, [
    { principal: actor.id, level: levels.all },
    { principal: coordinators, level: levels.all },
  ]);
  return ok({
    events: eventsOf(stop, { target: text, claims: ids, campaigns }),
    contents: contentsOf(stop, wish.reason),
    jobs: [...new Set(claims.map(({ holder }) => holder))].map((party) => ({
      job: stoppedMail,
      payload: { party, stop },
    })),
    response: { stop },
  });
}

/** Of the claims on any part of the place those that have not ended, ended now. */
async function endClaims(
  tx: Transaction,
  lineage: string,
  now: Instant,
): Promise<readonly ClaimRow[]> {
  const rows = await claimsAt(tx, { lineages: [lineage], ancestors: ancestorsOf(lineage) });
  const ended = rows
    .filter((row) => row.ends_at > now)
    .map((row): ClaimRow => ({ ...row, state: 'stopped', ended_at: now }));
  await updateClaims(tx, ended);
  return ended;
}

function eventsOf(
  stop: Id<'stop'>,
  what: {
    readonly target: string;
    readonly claims: readonly Id<'claim'>[];
    readonly campaigns: readonly Id<'campaign'>[];
  },
): readonly Event[] {
  const { target, claims, campaigns } = what;
  return [
    { act: 'deconflict.stopped', subject: stop, data: { stop, target } },
    ...claims.map((claim) => ({
      act: 'deconflict.claim-stopped',
      subject: claim,
      data: { claim, stop },
    })),
    ...campaigns.map((campaign) => ({
      act: 'discover.stopped',
      subject: campaign,
      data: { campaign, stop },
    })),
  ];
}

function contentsOf(stop: Id<'stop'>, reason: ContentRef | null): readonly NewContent[] {
  return reason === null ? [] : [{ ref: reason, subject: stop, level: levels.all }];
}

/** The proof by which a party may stop everything at a place: one that counts now, contested or not. */
async function controlBy(
  reader: Reader,
  lineage: string,
  who: { readonly party: string; readonly now: Instant },
): Promise<ControlRow | null> {
  const rows = await proofsAround(reader, [lineage]);
  return (
    rows.find(
      (row) =>
        row.party === who.party &&
        lineage.startsWith(row.lineage) &&
        row.valid_until !== null &&
        row.valid_until > who.now,
    ) ?? null
  );
}

/**
 * DCF-39: whether somebody may lift a stop: who is believed to control the place. Where nobody is, a
 * coordinator may lift what a coordinator stopped, or it would stand for ever.
 */
export async function mayLift(
  reader: Reader,
  stop: { readonly lineage: string; readonly control: string | null },
  who: { readonly actor: Actor; readonly now: Instant },
): Promise<boolean> {
  const facts = { ...(await controlFacts(reader, [stop.lineage])), at: who.now };
  const place = { lineage: stop.lineage, except: [] };
  if (controlOf(who.actor.id, place, facts) === 'held') return true;
  const owners = new Set(facts.proofs.map(({ party }) => party));
  const owned = [...owners].some((owner) => controlOf(owner, place, facts) === 'held');
  return seesAllWork(who.actor) && stop.control === null && !owned;
}

const notInControl = {
  code: 'control-missing',
  expected: 'a target that you have proven to control',
  got: 'another one',
  todo: 'prove control of it first, or ask the coordinator to press the switch',
} as const;
const alreadyStopped = {
  code: 'already-stopped',
  expected: 'a target on which no stop stands',
  got: 'one that is stopped',
  todo: 'nothing: nothing runs on it, and nothing can begin',
} as const;
