import type { Embargo, Stage } from '@breakwater/contract';
import { type Instant, type Json, parseId } from '@breakwater/kernel';
import { everyone, levels } from '../../../../platform/commands/audience.ts';
import type { Event } from '../../../../platform/commands/commands.ts';
import { audienceOf } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import { lastAnswered } from '../owner/store.ts';
import {
  embargoOf,
  lastSaid,
  type ParticipantRow,
  participantsOf,
  type RoomRow,
  roomOf,
  stageOf,
} from '../store.ts';
import { type PatchFact, type ProofState, type TurnFacts, turnOf, turnShown } from './decide.ts';
import { type ListingRow, putListing, unlisted } from './store.ts';

/** What a case's place in the lists is told from, beside the room; bound in slices/index.ts. */
export interface ListingNeeds {
  members(
    reader: Reader,
    caseId: string,
  ): Promise<readonly { readonly finding: string; readonly reporter: string }[]>;
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
  readonly caseId: string;
  readonly act: string;
  readonly at: Instant;
  /** The one finding the act was on: whoever does not see it is told nothing new. */
  readonly finding: string | null;
}

/** The one finding an event is on, or null. */
export function findingIn({ data }: Event): string | null {
  const finding = data['finding'];
  return typeof finding === 'string' ? finding : null;
}

async function principalsSeeing(tx: Transaction, subject: string): Promise<ReadonlySet<string>> {
  return new Set((await audienceOf(tx, subject)).map((grant) => grant.principal));
}

/** Writes the case's place in the list of everyone who may see it, and takes it out of all others. */
export async function relist(tx: Transaction, changed: Change, needs: ListingNeeds): Promise<void> {
  const { caseId, act, at, finding } = changed;
  const room = await roomOf(tx, caseId);
  if (room === null) return;
  // `everyone` lists no cases: what is public is read as an advisory.
  const audience = (await audienceOf(tx, caseId)).filter((g) => g.principal !== everyone);
  const participants = await participantsOf(tx, caseId);
  const proofs = await proofsOf(tx, room, needs);
  const works = turnOf(await turnFacts(tx, room, { participants, proof: proofs.all, needs }));
  const touches = shownToFinders.includes(act) ? levels.summary : levels.detail;
  const about = finding === null ? null : await principalsSeeing(tx, finding);
  const rows = audience.map(({ principal, level }): ListingRow => {
    const shown = { stage: stageOf(room), embargo: embargoOf(room) };
    const turn =
      level >= levels.detail ? works : turnShown({ ...shown, proof: proofs.of(principal) });
    const since = participants.find((p) => p.party === principal && p.role === 'finder')?.since;
    return {
      principal,
      level,
      stage: shown.stage,
      ...turn,
      shownAt: level >= levels.detail ? room.opened_at : (since ?? at),
      endsAt: endsAt(shown.embargo),
      touched: level >= touches && (about?.has(principal) ?? true),
    };
  });
  await putListing(tx, { caseId, package: room.package, at, rows });
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
      await database.write((tx) => relist(tx, { caseId, act: 'listed', at, finding: null }, needs));
    }
  }
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
async function proofsOf(tx: Transaction, room: RoomRow, needs: ListingNeeds): Promise<Proofs> {
  const stage: Stage = stageOf(room);
  if (stage !== 'received') return { all: none, of: () => none };
  const members = await needs.members(tx, room.id);
  const found = await needs.proofs(
    tx,
    members.map((m) => m.finding),
  );
  const reporterOf = new Map(members.map((m) => [m.finding, m.reporter]));
  return {
    all: proofState(found),
    of: (reporter) => proofState(found.filter((p) => reporterOf.get(p.finding) === reporter)),
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
