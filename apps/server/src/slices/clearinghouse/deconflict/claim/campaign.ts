import { addMilliseconds, type Id, ok, parseId, type Result, refuse } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import type { Actor, Envelope } from '../../../../platform/commands/commands.ts';
import type { Services } from '../../../../services.ts';
import { askedLook } from './asked-look.ts';
import { covers, type Look, lookOf } from './extent.ts';
import { deskOf } from './index.ts';
import { hourMs } from './rules.ts';
import { claimsById } from './store.ts';

/** A campaign that wants to begin. */
export interface CampaignWish {
  readonly actor: Actor;
  /** The package that its recipe builds. */
  readonly package: string;
  readonly seconds: number;
  /** A claim of its starter's own; null: one is made. */
  readonly claim: Id<'claim'> | null;
  /** The starter's own key: the same request makes the same claim. */
  readonly idempotencyKey: string;
}

/** What a campaign runs under. */
export interface CampaignClaim {
  readonly claim: Id<'claim'> | null;
  /** True where it was made for the campaign. */
  readonly isMade: boolean;
}

/**
 * DCF-16: the claim that a campaign runs under. A package whose name is no target has no place that
 * anybody could claim, and runs under none.
 */
export async function claimForCampaign(
  services: Services,
  wish: CampaignWish,
): Promise<Result<CampaignClaim>> {
  const target = parseTarget(wish.package);
  if (!target.ok) return ok({ claim: wish.claim, isMade: false });
  const look = await askedLook(services, {
    targets: [target.value.text],
    places: [],
    except: [],
    methods: ['fuzz'],
    weaknesses: [],
    exceptWeaknesses: [],
  });
  if (!look.ok) return look;
  if (wish.claim !== null) return await namedClaim(services, wish, look.value);
  return await madeClaim(services, wish, look.value);
}

async function namedClaim(
  { database, clock }: Services,
  { claim: id, actor }: CampaignWish,
  look: Look,
): Promise<Result<CampaignClaim>> {
  const [row] = await database.read((r) => claimsById(r, [id ?? '']));
  const now = clock.now();
  const isHeld =
    row !== undefined &&
    row.holder === actor.id &&
    row.ended_at === null &&
    row.from_at <= now &&
    row.ends_at > now;
  if (!isHeld) return refuse(notHeld);
  return covers(lookOf(row.extent), look) ? ok({ claim: id, isMade: false }) : refuse(elsewhere);
}

async function madeClaim(
  services: Services,
  { actor, seconds, idempotencyKey }: CampaignWish,
  look: Look,
): Promise<Result<CampaignClaim>> {
  const done = await deskOf(services).carryOut({
    envelope: envelopeOf(actor, 'deconflict.claim', `campaign:${idempotencyKey}`),
    input: {
      kind: 'claim',
      look,
      sharing: 'beside',
      from: null,
      until: addMilliseconds(services.clock.now(), seconds * 1_000 + queueMs),
      listed: true,
    },
  });
  if (!done.ok) return done;
  const claim = claimIn(done.value.response);
  return claim === null ? refuse(inConflict) : ok({ claim, isMade: true });
}

/** How long a campaign may wait for a sandbox beyond its own time. */
const queueMs = 6 * hourMs;

/** Releases the claim that was made for a campaign, with what came of it. */
export async function releaseAfterCampaign(
  services: Services,
  done: {
    readonly campaign: string;
    readonly claim: Id<'claim'>;
    readonly party: string;
    /** null: it did not get to look. */
    readonly outcome: 'nothing-found' | 'findings' | 'unfinished' | null;
  },
): Promise<void> {
  const [row] = await services.database.read((r) => claimsById(r, [done.claim]));
  if (row === undefined || row.ended_at !== null) return;
  const { outcome } = done;
  const covered = outcome === null ? [] : [{ look: lookOf(row.extent), outcome }];
  const actor: Actor = { id: row.holder, role: '', principals: [] };
  await deskOf(services).carryOut({
    envelope: envelopeOf(actor, 'deconflict.release-claim', `campaign-end:${done.campaign}`),
    input: { kind: 'release', claim: done.claim, covered },
  });
}

function envelopeOf(actor: Actor, operation: string, idempotencyKey: string): Envelope {
  return { actor, operation, idempotencyKey, request: {} };
}

function claimIn(answer: unknown): Id<'claim'> | null {
  const claim: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'claim') : null;
  return typeof claim === 'string' ? parseId('claim', claim) : null;
}

const notHeld = {
  code: 'claim-lost',
  expected: 'a claim that you hold and that has begun',
  got: 'none with this id, or one that has ended or not begun',
  todo: 'claim what the recipe builds first, or leave it out and one is made',
  pointer: '/claim',
} as const;

const elsewhere = {
  code: 'claim-elsewhere',
  expected: 'a claim that covers fuzzing all of the package that the recipe builds',
  got: 'one for something else, or for less',
  todo: 'leave it out and one is made, or claim the package with the method fuzz',
  pointer: '/claim',
} as const;

const inConflict = {
  code: 'claim-conflict',
  expected: 'a package that nobody fuzzes alone',
  got: 'one that somebody has claimed alone, or waits for',
  todo: 'preview a claim on it: that tells until when, and what is left',
} as const;
