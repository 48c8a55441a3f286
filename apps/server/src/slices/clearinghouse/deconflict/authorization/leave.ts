import type { Method } from '@breakwater/contract';
import { type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import { needsLeave, type Place, parsePlace, parseTarget, type Target } from '@breakwater/scope';
import type { Reader } from '../../../../platform/database/database.ts';
import { claimsById } from '../claim/store.ts';
import { proofsAround, settlementsAround } from './control-store.ts';
import { type Leave, type LeaveFacts, leaveAt, type Proof, type Written } from './decide.ts';
import { standingStops } from './stop-store.ts';
import { type AuthorizationRow, scopesAround } from './store.ts';

/** What a claim, or whoever is about to act under one, asks leave for. */
export interface LeaveWish {
  /** Canonical or any text that `parseTarget` takes; one that it refuses is allowed nothing. */
  readonly targets: readonly string[];
  /** Parts of them that are left out. */
  readonly except: readonly string[];
  readonly methods: readonly Method[];
  readonly party: string;
  /** The name of the party's role: scopes name roles too. */
  readonly role: string;
  /** When it begins; for who acts now, now. */
  readonly from: Instant;
  /** When it ends; null: one moment. */
  readonly until: Instant | null;
}

/**
 * DCF-33: whether `wish` needs anybody's leave, and has it. For claims: ask when one is taken (with
 * its whole time) and again whenever its holder acts under it (with `until` null and `from` now):
 * never-times, a lapsed proof, a revoked scope and a stop count from the moment they are there. Reads
 * alone; a refusal is the answer `allowed: false` with closed reasons, of which `stopped` means that
 * a stop stands there, whatever is to be done.
 */
export async function leaveFor(reader: Reader, wish: LeaveWish): Promise<Leave> {
  const [leave = unread] = await leavesFor(reader, [wish]);
  return leave;
}

/**
 * The same for many wishes, in their order: one query where none of them is about a live system, and
 * four otherwise, however many there are.
 */
export async function leavesFor(
  reader: Reader,
  wishes: readonly LeaveWish[],
): Promise<readonly Leave[]> {
  const read = wishes.map((wish) => ({
    wish,
    places: each(wish.targets, parsePlace),
    except: each(wish.except, parseTarget),
  }));
  const facts = await leaveFacts(
    reader,
    read.flatMap(({ wish, places }) => placesAsked(places ?? [], wish.methods)),
  );
  return read.map(({ wish, places, except }) => {
    if (places === null || except === null) return unread;
    const { methods, party, role, from: at, until } = wish;
    return leaveAt({ places, except, methods, party, role, at, until }, facts);
  });
}

export interface TargetAsked {
  readonly target: Target;
  /** Whether leave is needed there for what is asked. */
  readonly needed: boolean;
}

/** The places of a wish, and where it needs leave. */
export function placesAsked(
  places: readonly Place[],
  methods: readonly Method[],
): readonly TargetAsked[] {
  return places.map(({ target }) => ({ target, needed: needsLeave(target, methods) }));
}

/** What `leaveAt` has to know about targets, whoever asks. */
export async function leaveFacts(
  reader: Reader,
  asked: readonly TargetAsked[],
): Promise<LeaveFacts> {
  const live = lineagesOf(asked.flatMap(({ target, needed }) => (needed ? [target] : [])));
  return {
    written: (await scopesAround(reader, live)).map(writtenOf),
    proofs: (await proofsAround(reader, live)).flatMap(proofOf),
    settlements: await settlementsAround(reader, live),
    stops: await standingStops(reader, lineagesOf(asked.map(({ target }) => target))),
  };
}

/** What is known where no owner wrote, proved or stopped anything. */
export const noLeaveFacts: LeaveFacts = { written: [], proofs: [], settlements: [], stops: [] };

function lineagesOf(targets: readonly Target[]): readonly string[] {
  return [...new Set(targets.map(({ lineage }) => lineage))];
}

const unread: Leave = {
  allowed: false,
  reasons: ['no-authorization'],
  authorizations: [],
  pace: null,
  until: null,
  again: null,
};

function each<T extends Place | Target>(
  texts: readonly string[],
  parse: (text: string) => { readonly ok: true; readonly value: T } | { readonly ok: false },
): readonly T[] | null {
  const all: T[] = [];
  for (const text of texts) {
    const parsed = parse(text);
    if (!parsed.ok) return null;
    all.push(parsed.value);
  }
  return all;
}

/** A row as the decision sees it: what is kept is canonical, so all of it is read back. */
function writtenOf(row: AuthorizationRow): Written {
  const { id, owner, methods, parties, roles, pace, never } = row;
  const targets = each(row.targets, keptTarget) ?? [];
  const except = each(row.except_targets, keptTarget) ?? [];
  const { from_at: from, until_at: until } = row;
  return { id, owner, targets, except, methods, parties, roles, from, until, pace, never };
}

const revived = new Map<string, ReturnType<typeof parseTarget>>();
const revivedMax = 50_000;

/** A target of a row: the same ones are read whenever somebody asks for leave near them. */
function keptTarget(text: string): ReturnType<typeof parseTarget> {
  const known = revived.get(text);
  if (known !== undefined) return known;
  const target = parseTarget(text);
  const [oldest] = revived.keys();
  if (revived.size >= revivedMax && oldest !== undefined) revived.delete(oldest);
  revived.set(text, target);
  return target;
}

/** A control as the decision sees it; none where it never was found. */
export function proofOf(row: {
  readonly party: string;
  readonly lineage: string;
  readonly valid_until: Instant | null;
}): readonly Proof[] {
  const { party, lineage, valid_until: validUntil } = row;
  return validUntil === null ? [] : [{ party, lineage, validUntil }];
}

/**
 * Where a package lies as a target, and what keeps work on it from beginning under a claim; null
 * where its name is no target.
 */
export async function placeOfWork(
  reader: Reader,
  asked: { readonly package: string; readonly claim: string | null; readonly party: string },
): Promise<Result<string | null, 'claim-lost' | 'stopped-by-owner'>> {
  if (asked.claim !== null) {
    const [claim] = await claimsById(reader, [asked.claim]);
    const held = claim !== undefined && claim.holder === asked.party && claim.ended_at === null;
    if (!held) return refuse(claimLost);
  }
  const target = parseTarget(asked.package);
  if (!target.ok) return ok(null);
  const { lineage } = target.value;
  const stops = await standingStops(reader, [lineage]);
  return stops.length === 0 ? ok(lineage) : refuse(stoppedByOwner);
}

const claimLost = {
  code: 'claim-lost',
  expected: 'a claim that you hold',
  got: 'none with this id, or one that has ended',
  todo: 'claim what the recipe builds first',
  pointer: '/claim',
} as const;
/** Said to whoever begins where an owner's stop stands. */
export const stoppedByOwner = {
  code: 'stopped-by-owner',
  expected: 'a target on which no stop stands',
  got: 'one that whoever controls it stopped',
  todo: 'wait until its owner lifts the stop',
} as const;
