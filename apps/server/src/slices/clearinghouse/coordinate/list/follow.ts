import type { Embargo } from '@breakwater/contract';
import { type Instant, type Json, parseId } from '@breakwater/kernel';
import { everyone, type Grant, levels } from '../../../../platform/commands/audience.ts';
import type { Event } from '../../../../platform/commands/commands.ts';
import { audiencesOf } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { lastAnswered } from '../owner/store.ts';
import {
  embargoOf,
  lastSaid,
  type ParticipantRow,
  participantsOfEach,
  type RoomRow,
  roomsOf,
  stageOf,
} from '../store.ts';
import {
  type PatchFact,
  type ProofState,
  type Turn,
  type TurnFacts,
  turnOf,
  turnShown,
} from './decide.ts';
import { type Listing, type ListingRow, putListings, unlisted } from './store.ts';

/** A finding and whose it is. */
export interface Member {
  readonly finding: string;
  readonly reporter: string;
}

/** What a case's place in the lists is told from, beside the room; bound in slices/index.ts. */
export interface ListingNeeds {
  /** The findings of each of `cases`, with their reporters. */
  membersOf(
    reader: Reader,
    cases: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Member[]>>;
  /** The newest validation of each of `findings` that has one. */
  proofs(
    reader: Reader,
    findings: readonly string[],
  ): Promise<
    readonly {
      readonly finding: string;
      readonly verdict: string | null;
      readonly requestedAt: Instant;
    }[]
  >;
  /** The newest patch of a case. */
  patch(reader: Reader, caseId: string): Promise<PatchFact | null>;
  /** When one of `parties` last proposed a patch in the case. */
  lastProposed(reader: Reader, caseId: string, parties: readonly string[]): Promise<Instant | null>;
}

/** The cases an event is about. */
export function casesIn({ subject, data }: Event): readonly string[] {
  const finders = data['finders'];
  const named: Json[] = [subject, data['case'] ?? null, data['from'] ?? null, data['into'] ?? null];
  if (isRecord(finders)) named.push(...Object.keys(finders));
  return [...new Set(named)].filter(
    (id): id is string => typeof id === 'string' && parseId('case', id) !== null,
  );
}

function isRecord(json: Json | undefined): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Acts that change what a finder is shown of the case, beside its stage. */
const shownToFinders = ['coordinate.embargo-set', 'coordinate.embargo-ended'];

export interface Change {
  readonly act: string;
  readonly at: Instant;
  /**
   * The cases, each with the findings the act was on: whoever sees none of them is told nothing
   * new. null: it was on the case as a whole.
   */
  readonly cases: ReadonlyMap<string, readonly string[] | null>;
}

/** The one finding an event is on, or null. */
export function findingIn({ data }: Event): string | null {
  const finding = data['finding'];
  return typeof finding === 'string' ? finding : null;
}

/** Writes each case's place in the list of everyone who may see it, and takes it out of all others. */
export async function relist(tx: Transaction, changed: Change, needs: ListingNeeds): Promise<void> {
  const { act, at, cases } = changed;
  const ids = [...cases.keys()];
  const rooms = [...(await roomsOf(tx, ids)).values()];
  const about = [...cases.values()].flatMap((findings) => findings ?? []);
  const audiences = await audiencesOf(tx, [...ids, ...about]);
  const participants = await participantsOfEach(tx, ids);
  const proofs = await proofsOf(tx, rooms, needs);
  const touches = shownToFinders.includes(act) ? levels.summary : levels.detail;
  const listings: Listing[] = [];
  for (const room of rooms) {
    const findings = cases.get(room.id) ?? null;
    const told = findings?.flatMap((finding) => audiences.get(finding) ?? []) ?? null;
    const taking = participants.get(room.id) ?? [];
    const proof = proofs(room.id);
    listings.push({
      caseId: room.id,
      package: room.package,
      rows: rowsOf(room, {
        at,
        touches,
        audience: audiences.get(room.id) ?? [],
        about: told === null ? null : new Set(told.map((grant) => grant.principal)),
        participants: taking,
        proof,
        works: turnOf(await turnFacts(tx, room, { participants: taking, proof: proof.all, needs })),
      }),
    });
  }
  await putListings(tx, listings, at);
}

function rowsOf(
  room: RoomRow,
  given: {
    readonly at: Instant;
    readonly touches: number;
    readonly audience: readonly Grant[];
    readonly about: ReadonlySet<string> | null;
    readonly participants: readonly ParticipantRow[];
    readonly proof: Proofs;
    readonly works: Turn;
  },
): readonly ListingRow[] {
  const { at, about, proof } = given;
  const shown = { stage: stageOf(room), embargo: embargoOf(room) };
  // `everyone` lists no cases: what is public is read as an advisory.
  const listed = given.audience.filter((grant) => grant.principal !== everyone);
  return listed.map(({ principal, level }): ListingRow => {
    const turn =
      level >= levels.detail ? given.works : turnShown({ ...shown, proof: proof.of(principal) });
    const own = given.participants.find((p) => p.party === principal && p.role === 'finder');
    return {
      principal,
      level,
      stage: shown.stage,
      ...turn,
      shownAt: level >= levels.detail ? room.opened_at : (own?.since ?? at),
      endsAt: endsAt(shown.embargo),
      touched: level >= given.touches && (about?.has(principal) ?? true),
    };
  });
}

/** Puts the cases of an installation that is older than the lists into them. */
export async function listUnlisted(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  needs: ListingNeeds,
): Promise<void> {
  let last: string | undefined;
  for (;;) {
    const ids = await database.read((r) => unlisted(r, 100));
    // What stays where it is, is seen by nobody.
    if (ids.length === 0 || ids[0] === last) return;
    last = ids[0];
    const at = clock.now();
    for (const caseId of ids) {
      const cases = new Map([[caseId, null]]);
      await database.write((tx) => relist(tx, { act: 'listed', at, cases }, needs));
    }
  }
}

/** Takes cases out of every list and count: nobody may see them any more. */
export async function takeFromLists(
  tx: Transaction,
  cases: readonly string[],
  at: Instant,
): Promise<void> {
  await putListings(
    tx,
    cases.map((caseId) => ({ caseId, package: '', rows: [] })),
    at,
  );
}

function endsAt(embargo: Embargo): Instant | null {
  return embargo.state === 'until' ? embargo.endsAt : null;
}

interface Proofs {
  readonly all: ProofState;
  of(reporter: string): ProofState;
}

const none: ProofState = { state: 'none' };

/** How far the proofs are; asked only while nothing else tells how far the case is. */
async function proofsOf(
  tx: Transaction,
  rooms: readonly RoomRow[],
  needs: ListingNeeds,
): Promise<(caseId: string) => Proofs> {
  const received = rooms.filter((room) => stageOf(room) === 'received').map((room) => room.id);
  if (received.length === 0) return () => ({ all: none, of: () => none });
  const members = await needs.membersOf(tx, received);
  const found = await needs.proofs(
    tx,
    [...members.values()].flat().map((member) => member.finding),
  );
  const byFinding = Map.groupBy(found, (proof) => proof.finding);
  return (caseId) => {
    const own = members.get(caseId) ?? [];
    const of = (some: readonly Member[]) =>
      proofState(some.flatMap((member) => byFinding.get(member.finding) ?? []));
    return {
      all: of(own),
      of: (reporter) => of(own.filter((member) => member.reporter === reporter)),
    };
  };
}

function proofState(proofs: Awaited<ReturnType<ListingNeeds['proofs']>>): ProofState {
  if (proofs.length === 0) return none;
  if (proofs.some((p) => p.verdict === 'reproduced')) return { state: 'reproduced' };
  const [open] = proofs
    .filter((p) => p.verdict === null)
    .map((p) => p.requestedAt)
    .toSorted();
  return open === undefined ? { state: 'failed' } : { state: 'under-way', since: open };
}

async function turnFacts(
  tx: Transaction,
  room: RoomRow,
  given: {
    readonly participants: readonly ParticipantRow[];
    readonly proof: ProofState;
    readonly needs: ListingNeeds;
  },
): Promise<TurnFacts> {
  const owners = given.participants.filter((p) => p.role === 'owner');
  const stage = stageOf(room);
  const waitsForOwner = stage === 'with-owner' || stage === 'patch-proposed';
  const parties = owners.map((o) => o.party);
  const acted = waitsForOwner
    ? [
        ...owners.map((o) => o.since),
        await lastSaid(tx, room.id, parties),
        await lastAnswered(tx, room.id, parties),
        await given.needs.lastProposed(tx, room.id, parties),
      ]
    : [];
  return {
    stage,
    embargo: embargoOf(room),
    since: room.stage_since,
    proof: given.proof,
    patch: stage === 'patch-proposed' ? await given.needs.patch(tx, room.id) : null,
    ownerActedAt:
      acted
        .filter((at) => at !== null)
        .toSorted()
        .at(-1) ?? null,
  };
}
