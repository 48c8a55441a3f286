import { addMilliseconds, bytesToHex, type Instant } from '@breakwater/kernel';
import { newIds } from '../../../platform/clock/clock.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import {
  type Arrival,
  type Candidate,
  type CaseId,
  decidePlace,
  type FindingId,
  guessesMax,
  isGuessable,
  type Member,
  type Placement,
} from './decide.ts';
import {
  type BlindKey,
  guessesSince,
  holdersOf,
  insertGuesses,
  insertKeys,
  type MembershipRow,
  membersOf,
  membersOfEach,
  putMembers,
} from './store.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** What correlation asks of other slices; bound in slices/unasked.ts. */
export interface CorrelateNeeds {
  reportersOf(reader: Reader, findings: readonly FindingId[]): Promise<ReadonlyMap<string, string>>;
  openedAtOf(reader: Reader, cases: readonly CaseId[]): Promise<ReadonlyMap<string, string>>;
}

/** An arrival with the keys by which it is found, and finds. */
export interface KeyedArrival extends Arrival {
  readonly keys: readonly BlindKey[];
}

export interface PlaceInput {
  /** Whose arrivals they all are. */
  readonly reporter: string;
  readonly now: Instant;
  /** Whether guesses are bounded; unless told, they are. */
  readonly bounded?: boolean;
  readonly needs: CorrelateNeeds;
  /** Those of `cases` that the reporter sees already, and so learns nothing by joining. */
  readonly sees: (cases: readonly CaseId[]) => Promise<ReadonlySet<string>>;
}

/**
 * Finds or opens the case of each arriving finding, one after the other, inside the transaction
 * that keeps them: as if each had come by itself. null: it waits, because its reporter guessed
 * enough for a day (COR-7); nothing of it is kept here.
 */
export async function place(
  tx: Transaction,
  arrivals: readonly KeyedArrival[],
  input: PlaceInput,
): Promise<readonly (Placement | null)[]> {
  const { now, reporter } = input;
  const room = await lookAround(tx, arrivals, input);
  // In order: of cases that were opened at one instant, the first is the one that came first.
  const newCases = newIds('case', arrivals.length);
  const guessed: KeyedArrival[] = [];
  const placed: KeyedArrival[] = [];
  const members: MembershipRow[] = [];
  const placements = arrivals.map((arrival, index): Placement | null => {
    const candidates = room.candidatesFor(arrival.keys);
    if (candidates.length === 0 && room.mustWait(arrival.keys)) return null;
    const fresh = newCases[index];
    if (fresh === undefined) throw new Error('an arrival without an id for its case');
    const placement = decidePlace(arrival, candidates, fresh);
    if (room.isGuess(placement)) guessed.push(arrival);
    room.take(arrival, placement);
    placed.push(arrival);
    members.push({
      finding: arrival.finding,
      case_id: placement.case,
      since: now,
      because: placement.opened ? 'opened' : 'exact-identity',
      evidence: placement.evidence,
    });
    return placement;
  });
  await insertGuesses(
    tx,
    guessed.map(({ finding }) => ({ finding, reporter })),
    now,
  );
  await insertKeys(tx, placed);
  await putMembers(tx, members);
  return placements;
}

/** Whether `reporter` may join a case by a guess today. */
export async function mayGuess(reader: Reader, reporter: string, now: Instant): Promise<boolean> {
  return (await guessesSince(reader, reporter, addMilliseconds(now, -dayMs))) < guessesMax;
}

interface Known {
  readonly openedAt: string;
  /** One for each reporter: who found it is all that placing asks. */
  readonly members: readonly Member[];
}

/** The cases that arrivals may join, and what becomes of them as they do. */
interface Surroundings {
  candidatesFor(keys: readonly BlindKey[]): readonly Candidate[];
  /** Beyond the bound: what joins by a guess and what opens a case must look the same. */
  mustWait(keys: readonly BlindKey[]): boolean;
  /** By nothing but what can be guessed, of a case that the reporter did not see before. */
  isGuess(placement: Placement): boolean;
  take(arrival: KeyedArrival, placement: Placement): void;
}

async function lookAround(
  tx: Transaction,
  arrivals: readonly KeyedArrival[],
  { reporter, now, needs, sees, bounded = true }: PlaceInput,
): Promise<Surroundings> {
  const sought = arrivals.flatMap(({ keys }) => keys.filter((key) => key.use !== 'hold'));
  const holders = await holdersOf(tx, distinct(sought));
  const cases = [...new Set(holders.map((holder) => holder.case_id))];
  const known = await knownOf(tx, cases, needs);
  const seen = new Set<string>(await sees(cases));
  let guesses = await guessesSince(tx, reporter, addMilliseconds(now, -dayMs));
  const held = new Map<string, Map<CaseId, string>>();
  const hold = (value: Uint8Array, kind: string, caseId: CaseId) => {
    const key = bytesToHex(value);
    const cases = held.get(key) ?? new Map<CaseId, string>();
    held.set(key, cases.set(caseId, kind));
  };
  for (const { value, kind, case_id } of holders) hold(value, kind, case_id);

  const guesswork = (caseId: CaseId, evidence: readonly string[]) =>
    bounded && evidence.every(isGuessable) && !seen.has(caseId);

  return {
    candidatesFor(keys) {
      const evidence = new Map<CaseId, Set<string>>();
      for (const key of keys) {
        if (key.use === 'hold') continue;
        for (const [caseId, kind] of held.get(bytesToHex(key.value)) ?? []) {
          evidence.set(caseId, (evidence.get(caseId) ?? new Set()).add(kind));
        }
      }
      return [...evidence].flatMap(([caseId, kinds]): Candidate[] => {
        const about = known.get(caseId);
        if (about === undefined) throw new Error(`no case ${caseId}`);
        const candidate = { case: caseId, evidence: [...kinds], ...about };
        if (guesswork(caseId, candidate.evidence) && guesses >= guessesMax) return [];
        return [candidate];
      });
    },
    mustWait: (keys) =>
      bounded &&
      guesses >= guessesMax &&
      keys.some(({ kind, use }) => use !== 'hold' && isGuessable(kind)),
    isGuess: (placement) =>
      !placement.opened && guesswork(placement.case, placement.evidence) && ++guesses > 0,
    take(arrival, placement) {
      const before = known.get(placement.case) ?? { openedAt: now, members: [] };
      const isNew = !before.members.some((member) => member.reporter === arrival.reporter);
      const { finding, reporter: by } = arrival;
      if (isNew) {
        const members = [...before.members, { finding, reporter: by }];
        known.set(placement.case, { ...before, members });
      }
      // Whoever is in a case sees it from then on.
      seen.add(placement.case);
      for (const key of arrival.keys) {
        if (key.use !== 'seek') hold(key.value, key.kind, placement.case);
      }
    },
  };
}

function distinct(keys: readonly BlindKey[]): readonly Uint8Array[] {
  return [...new Map(keys.map(({ value }) => [bytesToHex(value), value])).values()];
}

async function knownOf(
  reader: Reader,
  cases: readonly CaseId[],
  needs: CorrelateNeeds,
): Promise<Map<string, Known>> {
  if (cases.length === 0) return new Map();
  const openedAt = await needs.openedAtOf(reader, cases);
  const members = await reportedMembersOf(reader, cases, needs);
  return new Map(
    cases.map((caseId) => {
      const byReporter = new Map((members.get(caseId) ?? []).map((m) => [m.reporter, m]));
      const at = openedAt.get(caseId);
      if (at === undefined) throw new Error(`no room for ${caseId}`);
      return [caseId, { openedAt: at, members: [...byReporter.values()] }];
    }),
  );
}

/** The findings of a case with their reporters. */
export async function reportedMembers(
  reader: Reader,
  caseId: string,
  needs: Pick<CorrelateNeeds, 'reportersOf'>,
): Promise<Member[]> {
  const findings = (await membersOf(reader, caseId)).map((row) => row.finding);
  const reporters = await needs.reportersOf(reader, findings);
  return withReporters(findings, reporters);
}

/** The findings of each of `cases` with their reporters. */
export async function reportedMembersOf(
  reader: Reader,
  cases: readonly string[],
  needs: Pick<CorrelateNeeds, 'reportersOf'>,
): Promise<ReadonlyMap<string, readonly Member[]>> {
  const members = await membersOfEach(reader, cases);
  const reporters = await needs.reportersOf(reader, [...members.values()].flat());
  return new Map(
    [...members].map(([caseId, findings]) => [caseId, withReporters(findings, reporters)]),
  );
}

function withReporters(
  findings: readonly FindingId[],
  reporters: ReadonlyMap<string, string>,
): Member[] {
  return findings.map((finding) => {
    const reporter = reporters.get(finding);
    if (reporter === undefined) throw new Error(`no finding ${finding}`);
    return { finding, reporter };
  });
}
