import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import type { Event } from '../../../platform/commands/commands.ts';

export type CaseId = Id<'case'>;
export type FindingId = Id<'finding'>;

/** How many cases a party may join in a day by nothing but what can be guessed. */
export const guessesMax = 20;

/**
 * Evidence that can be written down without having the bug. Numbers, functions of a program and
 * fingerprints of a public tool can be tried one after another, to learn which of them are known
 * here; the frames of a stack, three deep, are had by running it.
 */
export function isGuessable(kind: string): boolean {
  return kind === 'identifier' || kind === 'location-and-weakness' || kind === 'tool-fingerprint';
}

/** A finding in a case, and whose it is. */
export interface Member {
  readonly finding: FindingId;
  readonly reporter: string;
}

/** A case that already holds a finding with the same key. */
export interface Candidate {
  readonly case: CaseId;
  readonly openedAt: string;
  /** The kinds of evidence that matched. */
  readonly evidence: readonly string[];
  readonly members: readonly Member[];
}

/** A new finding looking for its case. */
export interface Arrival extends Member {
  readonly title: Id<'content'>;
  readonly package: string;
  readonly version: string;
  readonly recipe: string | null;
}

export interface Placement {
  readonly case: CaseId;
  readonly opened: boolean;
  readonly evidence: readonly string[];
  readonly event: Event;
}

/**
 * One case per root cause (law 1): an arrival joins the case it shares exact evidence with. Of
 * several, the one with the most kinds of evidence, then the oldest; a person may merge the rest.
 */
export function decidePlace(
  arrival: Arrival,
  candidates: readonly Candidate[],
  newCase: CaseId,
): Placement {
  const best = [...candidates].sort(
    (a, b) =>
      b.evidence.length - a.evidence.length ||
      compare(a.openedAt, b.openedAt) ||
      compare(a.case, b.case),
  )[0];
  const { finding, reporter } = arrival;
  if (best === undefined) {
    return { case: newCase, opened: true, evidence: [], event: opened(arrival, newCase) };
  }
  const evidence = [...best.evidence].sort();
  const data = {
    finding,
    evidence,
    alsoMatches: candidates.filter((c) => c !== best).map((c) => c.case),
    finders: findersOf([...best.members, { finding, reporter }]),
  };
  return {
    case: best.case,
    opened: false,
    evidence,
    event: { act: 'correlate.joined', subject: best.case, data },
  };
}

function opened(arrival: Arrival, newCase: CaseId): Event {
  const { finding, reporter, title, version, recipe } = arrival;
  const data = { finding, title, package: arrival.package, version, recipe, finders: [reporter] };
  return { act: 'correlate.opened', subject: newCase, data };
}

/** A case as merge and split see it. */
export interface CaseState {
  readonly id: CaseId;
  readonly mergedInto: CaseId | null;
  readonly published: boolean;
  readonly members: readonly Member[];
}

export type MergeCode = 'same-case' | 'case-merged' | 'case-published';

/** Moves every finding of `from` into `into`. Nothing is deleted: `from` points on to `into`. */
export function decideMerge(
  from: CaseState,
  into: CaseState,
  given: { readonly decision: Id<'decision'>; readonly reason: Id<'content'> },
): Result<Event, MergeCode> {
  if (from.id === into.id) {
    return refuse({
      code: 'same-case',
      expected: 'two cases',
      got: 'one case twice',
      todo: 'name the other case',
    });
  }
  if (from.mergedInto !== null || into.mergedInto !== null) return refuse(alreadyMerged);
  if (from.published) {
    return refuse({
      code: 'case-published',
      expected: 'a case without a published advisory to be joined into another',
      got: 'a published one',
      todo: 'merge the other way round, into the published case',
    });
  }
  const moved = from.members.map((m) => m.finding);
  return ok({
    act: 'correlate.merged',
    subject: into.id,
    data: {
      ...given,
      from: from.id,
      into: into.id,
      findings: moved,
      finders: { [from.id]: [], [into.id]: findersOf([...into.members, ...from.members]) },
    },
  });
}

export type SplitCode = 'finding-elsewhere' | 'nothing-left' | 'case-merged';

/** What a case is called by: that of its first finding, so that no other report shows through. */
export interface Opening {
  readonly title: Id<'content'>;
  readonly package: string;
  readonly version: string;
  readonly recipe: string | null;
  /** Whether a finding of the case was reproduced. */
  readonly reproduced: boolean;
}

/** Moves `findings` out of `from` into a case of their own. */
export function decideSplit(
  from: CaseState,
  findings: readonly FindingId[],
  given: {
    readonly decision: Id<'decision'>;
    readonly reason: Id<'content'>;
    readonly newCase: CaseId;
    /** Title and version of the first finding that leaves, and of the first that stays. */
    readonly leaving: Opening;
    readonly staying: Opening;
  },
): Result<Event, SplitCode> {
  if (from.mergedInto !== null) return refuse(alreadyMerged);
  const leaving = from.members.filter((m) => findings.includes(m.finding));
  const staying = from.members.filter((m) => !findings.includes(m.finding));
  if (leaving.length !== new Set(findings).size) {
    return refuse({
      code: 'finding-elsewhere',
      expected: 'findings of this case',
      got: 'one that is not in it',
      todo: 'read the case again and choose from its findings',
    });
  }
  if (staying.length === 0) {
    return refuse({
      code: 'nothing-left',
      expected: 'at least one finding to stay',
      got: 'all of them',
      todo: 'leave one finding in the case',
    });
  }
  return ok({
    act: 'correlate.split',
    subject: from.id,
    data: {
      decision: given.decision,
      reason: given.reason,
      from: from.id,
      into: given.newCase,
      findings: leaving.map((m) => m.finding),
      openings: { [from.id]: { ...given.staying }, [given.newCase]: { ...given.leaving } },
      finders: { [from.id]: findersOf(staying), [given.newCase]: findersOf(leaving) },
    },
  });
}

/** A merge or split as it was decided. */
export interface DecisionState {
  readonly id: Id<'decision'>;
  readonly from: CaseId;
  readonly into: CaseId;
  readonly findings: readonly FindingId[];
  readonly undone: boolean;
}

export type UndoCode = 'already-undone' | 'findings-moved-since' | 'case-published';

/** Takes a merge or split back: its findings return to where they came from. */
export function decideUndo(
  decision: DecisionState,
  from: CaseState,
  into: CaseState,
  reason: Id<'content'>,
): Result<Event, UndoCode> {
  if (decision.undone) {
    return refuse({
      code: 'already-undone',
      expected: 'a join that stands',
      got: 'one that was undone',
      todo: 'nothing',
    });
  }
  const there = new Set(into.members.map((m) => m.finding));
  if (!decision.findings.every((f) => there.has(f))) {
    return refuse({
      code: 'findings-moved-since',
      expected: 'the findings to be where this join put them',
      got: 'findings that were moved again since',
      todo: 'undo the later joins first',
    });
  }
  const returning = into.members.filter((m) => decision.findings.includes(m.finding));
  const staying = into.members.filter((m) => !decision.findings.includes(m.finding));
  if (staying.length === 0 && into.published) {
    return refuse({
      code: 'case-published',
      expected: 'a case that may be closed',
      got: 'one whose advisory is out, and which nothing would be left of',
      todo: 'merge the other case into it instead',
    });
  }
  return ok({
    act: 'correlate.undone',
    subject: decision.from,
    data: {
      decision: decision.id,
      reason,
      from: decision.from,
      into: decision.into,
      findings: decision.findings,
      emptied: staying.length === 0,
      finders: {
        [decision.from]: findersOf([...from.members, ...returning]),
        [decision.into]: findersOf(staying),
      },
    },
  });
}

const alreadyMerged = {
  code: 'case-merged',
  expected: 'a case that stands for itself',
  got: 'one that was joined into another',
  todo: 'work on the case it was joined into, or undo the join',
} as const;

function findersOf(members: readonly Member[]): string[] {
  return [...new Set(members.map((m) => m.reporter))].sort();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
