import type { Id, Instant } from '@breakwater/kernel';
import type { CommitOrder } from '@breakwater/scope';
import { newId } from '../../../../platform/clock/clock.ts';
import { system } from '../../../../platform/commands/audience.ts';
import type { Act } from '../../../../platform/commands/rows.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import type { Objected, WishesRow } from '../wishes/index.ts';
import type { Held } from './decide.ts';
import { type Look, lookOf, overlapOf, withOrder } from './extent.ts';
import {
  answerJoin,
  insertJoin,
  type JoinAnswerRow,
  type LetIn,
  moveAnswers,
  type NewJoin,
} from './join-store.ts';
import { type LeaveKnown, leaveRefusal } from './leave.ts';
import { objectionTo } from './objection.ts';
import { createPlaceIndex } from './place-index.ts';
import {
  insertAsked,
  insertConflicts,
  insertCoverage,
  type NewConflict,
  type NewCoverage,
} from './record-store.ts';
import { addHours, rules, warningOf } from './rules.ts';
import {
  type ClaimRow,
  type EndState,
  hideOffer,
  insertClaims,
  type NewClaim,
  showOffer,
  updateClaims,
} from './store.ts';
import { hastenWaits, insertWaits, type NewWait, updateWaits, type WaitRow } from './wait-store.ts';

/** What is read before a set of commands is decided. */
export interface Loaded {
  readonly claims: readonly ClaimRow[];
  readonly waits: readonly WaitRow[];
  readonly answers: readonly JoinAnswerRow[];
  /** How many claims each asker holds. */
  readonly held: ReadonlyMap<string, number>;
  readonly told: ReadonlyMap<string, number>;
  readonly waiting: ReadonlyMap<string, number>;
  readonly letIn: LetIn;
  /** What owners of these places said against being looked at. */
  readonly objectors: readonly WishesRow[];
  /** Of the parties that claims are offered to, those that may hold one. */
  readonly takers: ReadonlySet<string>;
  readonly leave: LeaveKnown;
  /** In which order the commits lie that are looked at anew. */
  readonly order?: CommitOrder | undefined;
}

/**
 * The claims that a set of commands may touch, as they stand after those decided so far. So the
 * commands of one transaction are decided one after the other, and written at once.
 */
export interface Register {
  readonly now: Instant;
  readonly letIn: LetIn;
  /** What happened that no command asked for. */
  readonly aside: readonly Act[];
  claim(id: string): ClaimRow | null;
  wait(id: string): WaitRow | null;
  /** What a row of it is about, to be held against others anew. */
  lookAnew(row: { readonly extent: string }): Look;
  answers(join: string): readonly JoinAnswerRow[];
  mayHold(party: string): boolean;
  /** What forbids a party to look at something then; null: nothing. */
  forbidden(wish: Parameters<typeof leaveRefusal>[1]): ReturnType<typeof leaveRefusal>;
  /** What the owners of its places say against a look that begins then; null: nothing. */
  objection(look: Look, from: Instant): Objected | null;
  /** What is held at these places, or was waited for long enough; by the asker too. */
  heldAt(look: Look): readonly Held[];
  waitsAt(look: Look): readonly WaitRow[];
  /** How many claims a party holds. */
  count(party: string): number;
  /** How many answers that tell of others it was given today. */
  told(party: string): number;
  /** How often it stands in line. */
  waiting(party: string): number;
  add(claim: Omit<ClaimRow, 'id'>, look: Look): Id<'claim'>;
  /** Alters a claim that has not ended. */
  alter(claim: ClaimRow): void;
  end(claim: ClaimRow, state: EndState, more?: Partial<ClaimRow>): void;
  addWait(wait: Omit<WaitRow, 'id'>, look: Look): Id<'wait'>;
  alterWait(wait: WaitRow): void;
  addJoin(join: Omit<NewJoin, 'id'>): Id<'joining'>;
  answerJoin(given: Parameters<typeof answerJoin>[1]): void;
  moveAnswers(from: string, to: string): void;
  /** Lets a party know that a claim is offered to it, or no longer. */
  show(claim: string, party: string): void;
  hide(claim: string, party: string): void;
  tell(party: string): void;
  stop(party: string): void;
  conflict(conflict: NewConflict): void;
  cover(coverage: Omit<NewCoverage, 'id'>): void;
  /** Notes what follows for others from a command, by the system. */
  note(act: Omit<Act, 'actor'>): void;
  flush(tx: Transaction): Promise<void>;
}

/** What is to be written beside claims and waits. */
interface Pending {
  readonly freed: Look[];
  readonly aside: Act[];
  readonly asked: Map<string, { told: number; stopped: number }>;
  readonly conflicts: NewConflict[];
  readonly coverage: NewCoverage[];
  readonly later: ((tx: Transaction, now: Instant) => Promise<void>)[];
}

/** Opens the register at `now`: what ended by itself is ended on sight. */
export function openRegister(loaded: Loaded, now: Instant): Register {
  const pending: Pending = {
    freed: [],
    aside: [],
    asked: new Map(),
    conflicts: [],
    coverage: [],
    later: [],
  };
  const claims = claimBook(loaded, now, pending);
  const waits = waitBook(loaded, now);
  const tally = (party: string) => {
    const entry = pending.asked.get(party) ?? { told: 0, stopped: 0 };
    pending.asked.set(party, entry);
    return entry;
  };
  /** Nothing is kept for who could not be granted it now, whoever held it. */
  const mayBeServed = ({ holder: party, look: waited }: Held, look: Look): boolean => {
    if (claims.count(party) >= rules.liveClaimsMax) return false;
    const part = overlapOf(waited, look);
    return (
      part !== null &&
      leaveRefusal(loaded.leave, { party, look: part, from: now, until: null }) === null
    );
  };
  return {
    now,
    letIn: loaded.letIn,
    aside: pending.aside,
    objection: (look, from) => objectionTo(loaded.objectors, look, from),
    claim: claims.claim,
    count: claims.count,
    add: claims.add,
    alter: claims.alter,
    end: claims.end,
    wait: waits.wait,
    waitsAt: waits.waitsAt,
    waiting: waits.waiting,
    addWait: waits.addWait,
    alterWait: waits.alterWait,
    heldAt: (look) => [
      ...claims.heldAt(look),
      ...waits.reservedAt(look).filter((held) => mayBeServed(held, look)),
    ],
    lookAnew: ({ extent }) => withOrder(lookOf(extent), loaded.order),
    answers: (join) => loaded.answers.filter((answer) => answer.request === join),
    mayHold: (party) => loaded.takers.has(party),
    forbidden: (wish) => leaveRefusal(loaded.leave, wish),
    told: (party) => (loaded.told.get(party) ?? 0) + (pending.asked.get(party)?.told ?? 0),
    addJoin(join) {
      const id = newId('joining');
      pending.later.push((tx, at) => insertJoin(tx, { ...join, id }, at));
      return id;
    },
    answerJoin: (given) => void pending.later.push((tx) => answerJoin(tx, given)),
    show: (claim, party) => void pending.later.push((tx) => showOffer(tx, claim, party)),
    hide: (claim, party) => void pending.later.push((tx) => hideOffer(tx, claim, party)),
    moveAnswers: (from, to) => void pending.later.push((tx) => moveAnswers(tx, from, to)),
    tell(party) {
      tally(party).told += 1;
    },
    stop(party) {
      tally(party).stopped += 1;
    },
    conflict: (conflict) => void pending.conflicts.push(conflict),
    cover: (given) => void pending.coverage.push({ ...given, id: newId('decision') }),
    note: (act) => void pending.aside.push({ ...act, actor: system }),
    async flush(tx) {
      await claims.flush(tx);
      await waits.flush(tx);
      await insertCoverage(tx, pending.coverage);
      await insertConflicts(tx, pending.conflicts, now);
      await insertAsked(tx, pending.asked, now);
      await hastenWaits(tx, pending.freed, now);
      for (const write of pending.later) await write(tx, now);
    },
  };
}

/** The claims of a register. */
function claimBook(loaded: Loaded, now: Instant, { freed, aside }: Pending) {
  const rows = new Map<string, ClaimRow>(loaded.claims.map((row) => [row.id, row]));
  const places = createPlaceIndex<string>();
  const counts = new Map(loaded.held);
  const added = new Map<string, NewClaim>();
  const altered = new Set<string>();
  const countBy = (holder: string, by: number) => {
    counts.set(holder, Math.max(0, (counts.get(holder) ?? 0) + by));
  };

  function set(claim: ClaimRow): void {
    rows.set(claim.id, claim);
    const isNew = added.get(claim.id);
    if (isNew === undefined) altered.add(claim.id);
    else added.set(claim.id, { ...claim, lineages: isNew.lineages });
  }

  function end(claim: ClaimRow, state: EndState, more: Partial<ClaimRow> = {}): void {
    set({ ...claim, ...more, state, ended_at: now });
    if (claim.ends_at > now) countBy(claim.holder, -1);
    freed.push(lookOf(claim.extent));
  }

  for (const row of loaded.claims) {
    if (row.ended_at !== null) continue;
    if (row.ends_at > now) {
      places.add(lookOf(row.extent).places.lineages, row.id);
      continue;
    }
    const why = row.ends_at < row.until_at ? 'lapsed' : 'expired';
    end(row, why);
    const data = { claim: row.id, why };
    aside.push({ act: 'deconflict.claim-ended', subject: row.id, data, actor: system });
  }
  return {
    claim: (id: string) => rows.get(id) ?? null,
    count: (party: string) => counts.get(party) ?? 0,
    heldAt: (look: Look) =>
      places.at(look.places).flatMap((id) => {
        const row = rows.get(id);
        return row === undefined || row.ended_at !== null ? [] : [heldOf(row)];
      }),
    add: (claim: Omit<ClaimRow, 'id'>, look: Look) => {
      const id = newId('claim');
      const { lineages } = look.places;
      const row: NewClaim = { ...claim, id, lineages };
      added.set(id, row);
      rows.set(id, row);
      countBy(claim.holder, 1);
      places.add(lineages, id);
      return id;
    },
    alter: (claim: ClaimRow) => {
      const before = rows.get(claim.id);
      const isSame = before?.ends_at === claim.ends_at && before.warned === claim.warned;
      const anew = claim.warned ? claim.ends_at : warningOf(now, claim.ends_at);
      set({ ...claim, next_at: isSame ? claim.next_at : anew });
    },
    end,
    async flush(tx: Transaction) {
      await insertClaims(tx, [...added.values()]);
      await updateClaims(
        tx,
        [...altered].flatMap((id) => rows.get(id) ?? []),
      );
    },
  };
}

/** Those in line of a register. */
function waitBook(loaded: Loaded, now: Instant) {
  const rows = new Map<string, WaitRow>(loaded.waits.map((row) => [row.id, row]));
  const places = createPlaceIndex<string>();
  const counts = new Map(loaded.waiting);
  const added = new Map<string, NewWait>();
  const altered = new Set<string>();
  for (const row of loaded.waits) {
    if (row.state === 'waiting') places.add(lookOf(row.extent).places.lineages, row.id);
  }
  const waitsAt = (look: Look) =>
    places.at(look.places).flatMap((id) => {
      const row = rows.get(id);
      return row?.state === 'waiting' ? [row] : [];
    });
  return {
    wait: (id: string) => rows.get(id) ?? null,
    waiting: (party: string) => counts.get(party) ?? 0,
    waitsAt,
    reservedAt: (look: Look) =>
      waitsAt(look)
        .filter((wait) => addHours(wait.since, rules.waitReservesHours) <= now)
        .map((wait) => reservedOf(wait, now)),
    addWait: (wait: Omit<WaitRow, 'id'>, look: Look) => {
      const id = newId('wait');
      const { lineages } = look.places;
      const row = { ...wait, id, lineages };
      added.set(id, row);
      rows.set(id, row);
      counts.set(wait.party, (counts.get(wait.party) ?? 0) + 1);
      places.add(lineages, id);
      return id;
    },
    alterWait: (wait: WaitRow) => {
      rows.set(wait.id, wait);
      altered.add(wait.id);
    },
    async flush(tx: Transaction) {
      await insertWaits(tx, [...added.values()]);
      await updateWaits(
        tx,
        [...altered].flatMap((id) => rows.get(id) ?? []),
      );
    },
  };
}

function heldOf(row: ClaimRow): Held {
  return {
    id: row.id,
    holder: row.holder,
    look: lookOf(row.extent),
    sharing: row.sharing,
    from: row.from_at,
    until: row.until_at,
  };
}

/** DCF-9: what somebody has waited for long enough is as good as held, until it gives up. */
function reservedOf(wait: WaitRow, now: Instant): Held {
  return {
    id: wait.id,
    holder: wait.party,
    look: lookOf(wait.extent),
    sharing: wait.sharing,
    from: now,
    until: wait.give_up_at,
  };
}
