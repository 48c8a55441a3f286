import type { Id, Instant } from '@breakwater/kernel';
import { type Call, costOf, type Fit } from '@breakwater/meter';
import type { Database } from '../../../../platform/database/database.ts';
import type { Admitted, KeyGrant } from '../model.ts';
import { Passing } from '../passing.ts';
import type { RequestRow } from '../record/request-row.ts';
import { heldBy, type Settled, spentBy } from './bill.ts';
import { Journal, type RequestEnd } from './journal.ts';
import { Lane, waitMsMax } from './lane.ts';
import type {
  Ended,
  Left,
  MeterKind,
  MeterWish,
  NotReservedCode,
  Reserved,
  Taken,
} from './model.ts';
import { callOf, Purse, type Slot } from './purse.ts';
import { nothingTold } from './refuse.ts';
import { Saver } from './saver.ts';
import { fromsAt } from './spans.ts';

export interface LifeOptions {
  readonly database: Database;
  readonly process: string;
  readonly folder: string;
  /** The process was taken for gone by another. */
  readonly onFenced: () => void;
  readonly onFault: (error: unknown) => void;
}

/** A process that said nothing for so long takes nothing, until it has said something again. */
const touchMsMax = 5_000;
/** Requests that are under way. */
const openMax = 100_000;
/** Of requests that are not stored yet; more wait, until some are. */
const unstoredMax = 16_384;

interface Open extends Settled {
  readonly lane: Lane;
  readonly slots: readonly Slot[];
  readonly outputTokens: number;
}

/** A request that was closed, and of whose leases it is paid. */
export interface Closed extends Settled {
  readonly lane: Lane;
  readonly slots: readonly Slot[];
}

/** One standing of this process in the rows: from its registration until it ends or is ended. */
export class Life {
  readonly process: string;
  readonly lanes = new Map<string, Lane>();
  readonly saver: Saver;
  /** How many processes live; as of the last beat. */
  processes = 1;
  isOver = false;
  readonly #options: LifeOptions;
  readonly #journal: Journal;
  readonly #open = new Passing<Open>();
  readonly #asked = new Map<string, Promise<Reserved>>();
  #beatMs = performance.now();
  #beatWallMs = Date.now();

  constructor(options: LifeOptions) {
    const { database, process, folder } = options;
    this.process = process;
    this.#options = options;
    this.#journal = new Journal(folder, process);
    this.saver = new Saver({
      database,
      process,
      onStored: (count) => this.#journal.trim(count, () => this.#open.values()),
      onFenced: () => this.#fenced(),
    });
  }

  /** A word that began at these moments has reached the rows. */
  beaten(sent: { readonly ms: number; readonly wallMs: number }, processes: number): void {
    this.#beatMs = sent.ms;
    this.#beatWallMs = sent.wallMs;
    this.processes = processes;
  }

  reserve(admitted: Admitted, wish: MeterWish): Reserved | Promise<Reserved> {
    const known = this.#open.get(wish.id);
    if (known !== undefined) return this.#again(known, admitted);
    const asked = this.#asked.get(wish.id);
    if (asked !== undefined) return asked;
    if (!this.#isInTouch()) return no('not-in-touch');
    if (this.#open.size >= openMax) return no('too-much-unsaved');
    if (this.saver.size >= unstoredMax) return this.#later(admitted, wish);
    const call = callOf(admitted, wish);
    if (call === null) return no('currency-differs');
    const lane = this.#laneOf(admitted, wish.startedAt);
    const { purse } = lane;
    purse.enter(fromsAt(wish.startedAt));
    purse.askedAtMs = performance.now();
    const fit = lane.isFree() ? purse.fit(call) : null;
    if (fit === null) return this.#ask(lane, { admitted, wish, call });
    const reserved = this.#grant(lane, { admitted, wish, fit, slots: purse.current() });
    if (purse.isLow()) lane.refill();
    return reserved;
  }

  settle(id: Id<'request'>, taken: Taken, ended: Ended): RequestRow | null {
    const open = this.#open.get(id);
    if (open === undefined) return null;
    const row = rowAfter(open.row, taken, ended);
    this.#close(open, row);
    return row;
  }

  /** Settles all that is open at its full reservation: nobody will say how it ended. */
  loseOpen(now: Instant): void {
    for (const open of this.#open.values()) this.#close(open, { ...open.row, endedAt: now });
  }

  /** What is open, as it is stored where nobody says how it ended. */
  open(): Iterable<Settled> {
    return this.#open.values();
  }

  leftOf(key: string): readonly Left[] {
    return this.lanes.get(key)?.purse.left() ?? [];
  }

  /** Nobody waits for a database that says nothing at all, nor for a change that comes to no end. */
  tellWhoWaits(): void {
    const isInTouch = this.#isInTouch();
    for (const lane of this.lanes.values()) {
      if (isInTouch) lane.refuseOld('contended', 2 * waitMsMax);
      else lane.lostTouch();
    }
  }

  /** No more is decided or written in this standing. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#journal.close();
  }

  /** Keeps callers from going faster than the database stores; it ends with the touch to it. */
  async #later(admitted: Admitted, wish: MeterWish): Promise<Reserved> {
    await this.saver.turn();
    return await this.reserve(admitted, wish);
  }

  #ask(
    lane: Lane,
    { admitted, wish, call }: { admitted: Admitted; wish: MeterWish; call: Call<MeterKind> },
  ): Promise<Reserved> {
    const { promise, resolve, reject } = Promise.withResolvers<Reserved>();
    this.#asked.set(wish.id, promise);
    // What one request fails by is told to it alone: its lane serves others.
    const answer = (made: () => Reserved): boolean => {
      this.#asked.delete(wish.id);
      try {
        const reserved = made();
        resolve(reserved);
        return reserved.ok;
      } catch (error) {
        reject(error);
        return false;
      }
    };
    lane.ask({
      call,
      sinceMs: performance.now(),
      granted: (fit, slots) => answer(() => this.#grant(lane, { admitted, wish, fit, slots })),
      refused: (refusal) => void answer(() => ({ ok: false, refusal })),
    });
    return promise;
  }

  #grant(
    lane: Lane,
    by: {
      readonly admitted: Admitted;
      readonly wish: MeterWish;
      readonly fit: Fit<MeterKind>;
      readonly slots: readonly Slot[];
    },
  ): Reserved {
    const { fit, slots, wish } = by;
    const [minute, day] = slots;
    if (minute === undefined || day === undefined) throw new Error('expected four slots');
    const row = rowAtFirst(by.admitted, wish, { process: this.process, fit });
    const settled = { row, minute: minute.from, day: day.from };
    if (!this.#note(() => this.#journal.reserved(settled))) return no('too-much-unsaved');
    // Whoever takes this process for gone reads what was written while it was in touch.
    if (!this.#isInTouch()) {
      this.#note(() => this.#journal.settled(row.id, unusedEnd(row)));
      return no('not-in-touch');
    }
    lane.purse.hold(fit, slots);
    const { outputTokens } = fit;
    this.#open.set(wish.id, { ...settled, lane, slots, outputTokens });
    return { ok: true, value: { outputTokens, left: lane.purse.left() } };
  }

  #again(open: Open, { key }: Admitted): Reserved {
    if (open.row.key !== key) return no('id-used');
    const { outputTokens, lane } = open;
    return { ok: true, value: { outputTokens, left: lane.purse.left() } };
  }

  #close({ lane, slots, minute, day }: Open, row: RequestRow): void {
    this.#open.delete(row.id);
    // Where the disk takes nothing it is stored all the same, unless this process dies before.
    this.#note(() => this.#journal.settled(row.id, endOf(row)));
    lane.purse.close(slots, { held: heldBy(row), spent: spentBy(row) });
    lane.freed();
    this.saver.add({ row, minute, day, lane, slots });
  }

  #laneOf(admitted: Admitted, at: Instant): Lane {
    const lane = this.lanes.get(admitted.key);
    if (lane !== undefined) {
      lane.limit(admitted.limits);
      return lane;
    }
    const { database, process, onFault } = this.#options;
    const made = new Lane(new Purse(admitted.key, admitted.limits, fromsAt(at)), {
      database,
      process,
      processes: () => this.processes,
      isOver: () => this.isOver,
      isInTouch: () => this.#isInTouch(),
      whileNothingIsStored: async (work) => await this.saver.pauseFor(work),
      onFenced: () => this.#fenced(),
      onFault,
    });
    this.lanes.set(admitted.key, made);
    return made;
  }

  /** By a clock that may stand while the machine sleeps, and by one that may be set. */
  #isInTouch(): boolean {
    const passedMs = performance.now() - this.#beatMs;
    return !this.isOver && Math.max(passedMs, Date.now() - this.#beatWallMs) < touchMsMax;
  }

  /** Writes a line; false where the disk takes none. */
  #note(write: () => void): boolean {
    try {
      write();
      return true;
    } catch {
      return false;
    }
  }

  #fenced(): void {
    if (!this.isOver) this.#options.onFenced();
  }
}

function no(code: NotReservedCode): Reserved {
  return { ok: false, refusal: nothingTold(code) };
}

/** On what a key stands, by its id. */
function standsOnOf(grant: KeyGrant): RequestRow['standsOn'] {
  return grant.kind === 'early-access' ? grant.id : grant.partner;
}

/** The row as it is stored where nobody says how the request ended. */
function rowAtFirst(
  admitted: Admitted,
  wish: MeterWish,
  { process, fit }: { readonly process: string; readonly fit: Fit<MeterKind> },
): RequestRow {
  const { inputTokens, outputTokens, costMicros } = fit.held;
  const reserved = { inputTokens, outputTokens, costMicros };
  return {
    id: wish.id,
    key: admitted.key,
    holder: admitted.holder,
    party: admitted.party,
    developer: admitted.developer,
    standsOn: standsOnOf(admitted.grant),
    model: admitted.model,
    upstream: wish.upstream.id,
    process,
    startedAt: wish.startedAt,
    endedAt: wish.startedAt,
    path: wish.path,
    job: wish.job,
    stream: wish.stream,
    status: 500,
    figures: 'lost',
    reserved,
    settled: reserved,
    currency: wish.upstream.prices.currency,
    requestDigest: wish.requestDigest(fit.outputTokens),
    responseDigest: null,
    marks: [],
    salt: wish.salt,
  };
}

function endOf(row: RequestRow): RequestEnd {
  const { upstream, endedAt, status, figures, settled, currency, responseDigest, marks } = row;
  return { upstream, endedAt, status, figures, settled, currency, responseDigest, marks };
}

/** Of a request that was refused because the process was not in touch: so its caller was told. */
function unusedEnd(row: RequestRow): RequestEnd {
  const settled = { inputTokens: 0, outputTokens: 0, costMicros: 0 };
  return { ...endOf(row), status: 503, figures: 'unused', settled };
}

function rowAfter(row: RequestRow, taken: Taken, ended: Ended): RequestRow {
  const { upstream, endedAt, status, responseDigest, marks } = ended;
  const end = { endedAt, status, responseDigest, marks: [...marks] };
  const told = { ...row, ...end, upstream: upstream?.id ?? null };
  if (taken === 'full') return { ...told, figures: 'none' };
  const none = { inputTokens: 0, outputTokens: 0, costMicros: 0 };
  if (taken === 'unused') return { ...told, figures: 'unused', settled: none };
  const { inputTokens, outputTokens } = taken;
  const costMicros = upstream === null ? 0 : costOf(upstream.prices, taken);
  return { ...told, figures: 'upstream', settled: { inputTokens, outputTokens, costMicros } };
}
