import { setTimeout as delay } from 'node:timers/promises';
import type { Call, Fit } from '@breakwater/meter';
import type { Database } from '../../../../platform/database/database.ts';
import type { KeyLimits } from '../model.ts';
import { changeOnce, type Work } from './change.ts';
import { boundOf } from './lease.ts';
import { type MeterKind, meterKinds, type NotReserved, type NotReservedCode } from './model.ts';
import type { Purse, Slot } from './purse.ts';
import { nothingTold, refusalOf } from './refuse.ts';
import { amountsOf, type Round, roundOf } from './round.ts';
import type { Froms } from './spans.ts';
import { changeLeases, dropEmpty, Fenced, oweLeases, readCells, want } from './store.ts';

/** A request that leases did not suffice for when it came. */
export interface Waiter {
  readonly call: Call<MeterKind>;
  readonly sinceMs: number;
  /** With the slots into whose leases it fits. Answers whether it is held now. */
  readonly granted: (fit: Fit<MeterKind>, slots: readonly Slot[]) => boolean;
  readonly refused: (refusal: NotReserved) => void;
}

/** What a lane needs of the process it is in. */
export interface LaneOptions {
  readonly database: Database;
  readonly process: string;
  /** How many processes live. */
  readonly processes: () => number;
  /** Whether this process may not decide any more. */
  readonly isOver: () => boolean;
  /** Whether it may take anything just now. */
  readonly isInTouch: () => boolean;
  /** Does something while no settlements are being stored. */
  readonly whileNothingIsStored: (work: () => Promise<void>) => Promise<void>;
  readonly onFenced: () => void;
  /** Told what went wrong; it is tried again. */
  readonly onFault: (error: unknown) => void;
}

/** Requests that are answered under one lock. */
const batchMax = 256;
/** How long a request waits for what others hold. */
export const waitMsMax = 5_000;
/** Between two looks at whether others gave back what they do not need. */
const lookMs = 10;
/** Who did not answer for so long is asked again. */
const askMs = 1_000;
/** How long after a want this process keeps nothing unused. */
const thinMs = 2_500;

/** A round with those whom it answers, in order. */
type Answers = Round & { readonly waiters: readonly Waiter[] };

/** The changes that one process makes to its leases of one key: one after the other. */
export class Lane {
  readonly purse: Purse;
  readonly #options: LaneOptions;
  #waiters: Waiter[] = [];
  #isRunning = false;
  #isRefillWanted = false;
  #next: Froms | null = null;
  /** The want that is to be answered; null: none. */
  #wanted: number | null = null;
  /** The want that was answered last; 0 where something unused was leased since. */
  #answered = 0;
  /** The want by which this process asked others to give back, and when it did. */
  #issued = { want: 0, atMs: -Infinity };
  #isSlack = false;
  #isRelimited = false;
  #thinUntilMs = 0;
  #tidy: readonly Slot[] | null = null;

  constructor(purse: Purse, options: LaneOptions) {
    this.purse = purse;
    this.#options = options;
  }

  /** Whether a request may be answered out of leases at once. */
  isFree(): boolean {
    return this.#waiters.length === 0 && !this.isThin() && !this.#isRelimited;
  }

  /** Whether nobody waits, and no change is under way whose leases are still to come in. */
  isStill(): boolean {
    return !this.#isRunning && this.isFree();
  }

  /** Whether somebody else was short of late: nothing unused is kept, and all ask the rows. */
  isThin(): boolean {
    return performance.now() < this.#thinUntilMs;
  }

  ask(waiter: Waiter): void {
    const { call } = waiter;
    this.purse.need = boundOf(call, call.outputTokens.most);
    this.#waiters.push(waiter);
    this.#run();
  }

  /** The key has other limits: what was leased by those before goes back before anybody is answered. */
  limit(limits: KeyLimits): void {
    if (!this.purse.relimit(limits)) return;
    this.#isRelimited = true;
    this.#run();
  }

  refill(): void {
    this.#isRefillWanted = true;
    this.#run();
  }

  /** Leases of spans that come next, before anybody needs them. */
  prepare(froms: Froms): void {
    this.#next = froms;
    this.#run();
  }

  /** Somebody is short: everything unused is given back, and for a while nothing is kept. */
  wanted(want: number): void {
    if (want === this.#answered) return;
    this.#wanted = want;
    this.#thinUntilMs = performance.now() + thinMs;
    this.#run();
  }

  /** Tells all who wait that this process lost touch, whatever the database is doing meanwhile. */
  lostTouch(): void {
    const all = this.#waiters;
    this.#waiters = [];
    for (const waiter of all) waiter.refused(nothingTold('not-in-touch'));
  }

  /** Something reserved was not used up. */
  freed(): void {
    if (!this.isThin()) return;
    this.#isSlack = true;
    this.#run();
  }

  /** Gives back what is unused of some slots. */
  tidy(slots: readonly Slot[]): void {
    this.#tidy = slots;
    this.#run();
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#loop();
  }

  async #loop(): Promise<void> {
    const { isOver, onFenced } = this.#options;
    while (!isOver()) {
      const work = this.#takeMostUrgent();
      if (work === null) {
        // At once, without waiting for anything: whoever asks from here on starts it again.
        this.#isRunning = false;
        return;
      }
      try {
        await work();
      } catch (error) {
        if (error instanceof Fenced) {
          onFenced();
          break;
        }
        if (isOver()) break;
        this.#isRunning = false;
        throw error;
      }
    }
    this.#isRunning = false;
    this.lostTouch();
  }

  /** What is to be done next; null: nothing. */
  #takeMostUrgent(): (() => Promise<void>) | null {
    if (this.#isRelimited) return async () => await this.#release();
    this.#serve();
    // Others would be refused for what nobody gets.
    if (!this.#options.isInTouch()) this.lostTouch();
    const want = this.#wanted;
    if (want !== null) return async () => await this.#answerWant(want);
    if (this.#waiters.length > 0) return async () => await this.#answer();
    if (this.#isSlack) {
      this.#isSlack = false;
      return async () => await this.#giveBackAll(this.#answered);
    }
    if (this.#isRefillWanted) {
      this.#isRefillWanted = false;
      return async () => this.#apply(await this.#round(0, null));
    }
    if (this.#next !== null) {
      const next = this.#next;
      this.#next = null;
      return async () => this.#apply(await this.#round(0, next));
    }
    if (this.#tidy !== null) {
      const slots = this.#tidy;
      this.#tidy = null;
      return async () => {
        await this.#giveBack(slots, { answered: this.#answered, drops: true });
        this.#forget(slots);
      };
    }
    return null;
  }

  async #answerWant(want: number): Promise<void> {
    await this.#giveBackAll(want);
    this.#answered = want;
    if (this.#wanted === want) this.#wanted = null;
  }

  /**
   * Answers those in front for whom leases suffice that came in while they waited. Without this,
   * whoever comes while rows are asked waits for rows too, and so does everybody after.
   */
  #serve(): void {
    const { purse } = this;
    while (!this.isThin()) {
      const [first] = this.#waiters;
      const fit = first === undefined ? null : purse.fit(first.call);
      if (first === undefined || fit === null) return;
      this.#waiters.shift();
      first.granted(fit, purse.current());
      if (purse.isLow()) this.#isRefillWanted = true;
    }
  }

  async #answer(): Promise<void> {
    const round = await this.#round(batchMax, null);
    this.#apply(round);
    const { waiters } = round;
    const waiting = new Set(this.#waiters);
    let isAsDecided = true;
    for (const [at, waiter] of waiters.entries()) {
      const verdict = round.verdicts[at];
      if (verdict === undefined || verdict.is === 'wait') continue;
      if (verdict.is === 'granted') {
        // It may have been told meanwhile that the database is away.
        const isHeld = waiting.delete(waiter) && waiter.granted(verdict.fit, round.slots);
        isAsDecided &&= isHeld;
      } else if (isAsDecided && waiting.delete(waiter)) {
        waiter.refused(refusalOf(waiter.call, verdict.short, round));
      }
    }
    this.#waiters = [...waiting];
    // What was leased for those who do not hold it is there for those who were short of it.
    if (!isAsDecided) this.freed();
    if (!waiters.some((waiter) => waiting.has(waiter))) return;
    this.refuseOld('contended');
    await delay(lookMs);
  }

  /** Leases came in. */
  #apply(round: Round): void {
    const { cells, free, targets, ahead } = round;
    this.purse.lease(amountsOf(round), 1);
    for (const [at, cell] of cells.entries()) {
      const left = (free[at] ?? 0) - (ahead[at] ?? 0);
      this.purse.seen(cell, { free: left, target: targets[at] ?? 0 });
    }
    this.purse.paced();
  }

  /** Decides on the first of those who wait, under the key's lock. `ahead` null: in the spans that are entered. */
  async #round(most: number, ahead: Froms | null): Promise<Answers> {
    const { purse } = this;
    const { process } = this.#options;
    return await this.#change(async (tx, lock, place) => {
      // Of those who waited for a try before this one some may have been refused.
      const waiters = this.#waiters.slice(0, most);
      purse.enter(lock.froms);
      const slots = ahead === null ? purse.current() : purse.slotsAt(ahead);
      const round = roundOf(purse, waiters, {
        slots,
        rows: await readCells(tx, { process, key: purse.key, want: this.#issued.want }, slots),
        isWanted: lock.isWanted,
        askedAtMs: this.#issued.atMs,
        processes: this.#options.processes(),
      });
      if (this.#mustAsk(waiters, round)) {
        const atMs = performance.now();
        this.#issued = { want: await want(tx, purse.key), atMs };
      }
      const amounts = amountsOf(round);
      const value = { ...round, waiters };
      if (amounts.length === 0) return { value, changed: false };
      if (round.ahead.some((more) => more > 0)) this.#answered = 0;
      const change = { process, key: purse.key, place, answered: this.#answered };
      await changeLeases(tx, change, { amounts, sign: 1 });
      return { value, changed: true };
    });
  }

  /** Whether others are to be asked: for one that came later than they were, or once more. */
  #mustAsk(waiters: readonly Waiter[], { verdicts, cells }: Round): boolean {
    const { atMs } = this.#issued;
    const waiting = waiters.filter((_, at) => verdicts[at]?.is === 'wait');
    if (waiting.length === 0) return false;
    if (performance.now() - atMs > askMs) return true;
    return waiting.some(({ sinceMs }) => sinceMs > atMs) && !cells.some((c) => c.isUnanswered);
  }

  async #giveBackAll(answered: number): Promise<void> {
    await this.#giveBack([...this.purse.slots.values()], { answered, drops: false });
  }

  async #giveBack(
    slots: readonly Slot[],
    { answered, drops }: { readonly answered: number; readonly drops: boolean },
  ): Promise<void> {
    const { purse } = this;
    const { process } = this.#options;
    const amounts = purse.unused(slots);
    purse.lease(amounts, -1);
    await this.#change(async (tx, _lock, place) => {
      const by = { process, key: purse.key, place, answered };
      await changeLeases(tx, by, { amounts, sign: -1 });
      if (drops) await dropEmpty(tx, by);
      return { value: null, changed: true };
    });
  }

  /** Gives back what is unused by the limits before, and leases what newly limited kinds hold. */
  async #release(): Promise<void> {
    // What is owed for is what is not billed yet: that must not change until it is leased.
    await this.#options.whileNothingIsStored(async () => await this.#releaseNow());
  }

  async #releaseNow(): Promise<void> {
    const { purse } = this;
    const { process } = this.#options;
    this.#isRelimited = false;
    const amounts = purse.unused(purse.slots.values());
    const owed = purse.owed();
    purse.lease(amounts, -1);
    purse.lease(owed, 1);
    await this.#change(async (tx, _lock, place) => {
      const by = { process, key: purse.key, place, answered: this.#answered };
      await changeLeases(tx, by, { amounts, sign: -1 });
      await oweLeases(tx, by, owed);
      return { value: null, changed: true };
    });
  }

  #forget(slots: readonly Slot[]): void {
    for (const slot of slots) {
      if (slot.from < this.purse.froms[slot.span] && isEmpty(slot)) {
        this.purse.slots.delete(slot.id);
      }
    }
  }

  async #change<T>(work: Work<T>): Promise<T> {
    const { database, process, isOver, onFault } = this.#options;
    const { key } = this.purse;
    const froms = () => this.purse.froms;
    // Nothing is decided then, and whoever waited for long is told.
    const onAway = (error: unknown) => {
      onFault(error);
      this.refuseOld('not-in-touch');
    };
    return await changeOnce({ database, process, key, froms, isOver, onAway }, work);
  }

  /** Tells those who waited for so long. */
  refuseOld(code: NotReservedCode, waitedMs = waitMsMax): void {
    const since = performance.now() - waitedMs;
    const old = this.#waiters.filter(({ sinceMs }) => sinceMs < since);
    this.#waiters = this.#waiters.filter(({ sinceMs }) => sinceMs >= since);
    for (const waiter of old) waiter.refused(nothingTold(code));
  }
}

/** Whether nothing is leased, used and not stored, or held. */
function isEmpty({ pool }: Slot): boolean {
  return meterKinds.every(
    (kind) => pool.used[kind] === 0 && pool.held[kind] === 0 && (pool.limits[kind] ?? 0) === 0,
  );
}
