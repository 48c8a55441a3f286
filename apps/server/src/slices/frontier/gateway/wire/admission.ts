import type { Instant } from '@breakwater/kernel';
import type { KeyBook } from '../keys/book.ts';
import type { Admitted, Change } from '../model.ts';
import { Passing } from '../passing.ts';
import { Sieve } from './sieve.ts';

/** Something under way that ends with the key it was begun with. */
export interface Open {
  /** By which it is known among all that is under way. */
  readonly id: string;
  /** Whether the key still stands is being asked: nothing goes on to its holder meanwhile. */
  hold(): void;
  /** It does. */
  release(): void;
  /** Why: it is none any more; or nobody can tell. */
  cut(why: NotKnown): void;
}

/** A key that was admitted, as this process knows it. */
export class Known {
  readonly admitted: Admitted;
  readonly names: ReadonlySet<string>;
  readonly goodUntilMs: number;
  /** What is under way with it; the same set for the key as it was before a change, and after. */
  readonly open: Passing<Open>;
  lastUsedMs = 0;

  constructor(admitted: Admitted, open: Passing<Open>) {
    this.admitted = admitted;
    this.open = open;
    this.names = new Set(admitted.names);
    this.goodUntilMs = Date.parse(admitted.goodUntil);
  }
}

export interface AdmissionOptions {
  readonly book: KeyBook;
  /** The time of day. */
  readonly now: () => Instant;
  /** Milliseconds that only ever grow. */
  readonly nowMs: () => number;
  readonly failed: (error: unknown) => void;
}

/** How often changes are asked for. */
export const pollEveryMs = 200;
/** With news older than this nothing is begun, and beyond the second nothing goes on. */
const staleMsMax = 2_000;
const openMsMax = 5_000;
/**
 * How long a stream of a key in doubt is held while it is asked whether the key still stands. Not a
 * byte of it goes out meanwhile; and one change may put thousands of keys in doubt.
 */
const doubtMsMax = 3_000;

const keysMax = 20_000;
const unknownMax = 10_000;
const unknownForMs = 1_000;
const asksMax = 16;
const asksWaitingMax = 1_000;
const recentMax = 10_000;

/** Why nobody is let in: no such key; or this process cannot tell at the moment. */
export type NotKnown = 'unknown' | 'cannot-tell';

/**
 * The keys that this process knows. A key is asked for once; what changes of it is learned within
 * {@link pollEveryMs}, and then it is asked for anew, and what is under way with one that does not
 * stand any more is ended. Ends by time alone are held against the clock.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #sieve: Sieve;
  readonly #known = new Map<string, Known>();
  readonly #unknown = new Map<string, number>();
  readonly #asking = new Map<string, Promise<Known | NotKnown>>();
  readonly #givingUp = new Set<() => void>();
  readonly #bySubject = new Map<string, Set<string>>();
  /** Keys that were dropped while something was under way with them, by their hash. */
  readonly #doubted = new Map<string, { readonly known: Known; readonly sinceMs: number }>();
  #asks = 0;
  readonly #asksWaiting: (() => void)[] = [];
  #seq = 0;
  /** Changes of late, so that an answer that was on its way meanwhile is held against them. */
  #recent: string[] = [];
  #changes = 0;
  #goodMs = Number.NEGATIVE_INFINITY;
  #polling = false;
  #timer: NodeJS.Timeout | null = null;
  /** What is under way goes on, and nothing is begun. */
  closing = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#sieve = new Sieve(options);
  }

  /** Begins to follow changes; rejects where the book cannot be read. */
  async start(): Promise<void> {
    const askedMs = this.#options.nowMs();
    this.#seq = await this.#options.book.lastChange();
    this.#goodMs = askedMs;
    this.#timer = setInterval(() => this.#tick(), pollEveryMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#goodMs = Number.NEGATIVE_INFINITY;
    this.#endWhere(() => true, 'cannot-tell');
  }

  /** Whether changes are known as of late: otherwise nothing new is taken. */
  get isCurrent(): boolean {
    return !this.closing && this.#options.nowMs() - this.#goodMs <= staleMsMax;
  }

  /** The key of this hash (hex), at once where it is known; one at its end is none. */
  find(hash: string): Known | NotKnown | Promise<Known | NotKnown> {
    if (!this.isCurrent) return 'cannot-tell';
    const known = this.#known.get(hash);
    if (known !== undefined) {
      if (Date.parse(this.#options.now()) >= known.goodUntilMs) return 'unknown';
      known.lastUsedMs = this.#options.nowMs();
      return known;
    }
    const until = this.#unknown.get(hash);
    if (until !== undefined) {
      if (this.#options.nowMs() < until) return 'unknown';
      this.#unknown.delete(hash);
    }
    return this.#whileCurrent(this.#asking.get(hash) ?? this.#ask(hash));
  }

  /** What was asked, or that nobody can tell: a database may say nothing at all. */
  #whileCurrent(asking: Promise<Known | NotKnown>): Promise<Known | NotKnown> {
    const { promise, resolve, reject } = Promise.withResolvers<Known | NotKnown>();
    const giveUp = () => resolve('cannot-tell');
    this.#givingUp.add(giveUp);
    void asking.then(resolve, reject).finally(() => this.#givingUp.delete(giveUp));
    return promise;
  }

  #ask(hash: string, how: 'in-turn' | 'first' = 'in-turn'): Promise<Known | NotKnown> {
    const answer = how === 'first' ? this.#askBook(hash, how) : this.#askIfKey(hash);
    const asking: Promise<Known | NotKnown> = answer.finally(() => {
      if (this.#asking.get(hash) === asking) this.#asking.delete(hash);
    });
    this.#asking.set(hash, asking);
    return asking;
  }

  async #askIfKey(hash: string): Promise<Known | NotKnown> {
    const isKey = await this.#sieve.isKey(hash);
    if (isKey === null) return 'cannot-tell';
    if (isKey) return await this.#askBook(hash, 'in-turn');
    this.#noteUnknown(hash);
    return 'unknown';
  }

  async #askBook(hash: string, how: 'in-turn' | 'first'): Promise<Known | NotKnown> {
    if (!(await this.#slot(how))) return 'cannot-tell';
    try {
      for (let tries = 0; tries < 5; tries++) {
        const before = this.#changes;
        const admitted = await this.#options.book.admit(Buffer.from(hash, 'hex'));
        if (admitted === null) {
          this.#noteUnknown(hash);
          return 'unknown';
        }
        if (this.#touchedSince(before, admitted)) continue;
        return this.#keep(hash, admitted);
      }
      return 'cannot-tell';
    } catch (error) {
      this.#options.failed(error);
      return 'cannot-tell';
    } finally {
      this.#asks -= 1;
      this.#asksWaiting.shift()?.();
    }
  }

  /**
   * Waits for one of few ways to the database; false where too many wait. Keys in doubt go first:
   * whoever shows many that are taken no more must not have the streams of others cut.
   */
  async #slot(how: 'in-turn' | 'first'): Promise<boolean> {
    if (this.#asks >= asksMax) {
      if (how === 'in-turn' && this.#asksWaiting.length >= asksWaitingMax) return false;
      await new Promise<void>((resolve) => {
        if (how === 'first') this.#asksWaiting.unshift(resolve);
        else this.#asksWaiting.push(resolve);
      });
    }
    this.#asks += 1;
    return true;
  }

  #noteUnknown(hash: string): void {
    if (this.#unknown.size >= unknownMax) {
      const [oldest = ''] = this.#unknown.keys();
      this.#unknown.delete(oldest);
    }
    this.#unknown.set(hash, this.#options.nowMs() + unknownForMs);
  }

  #keep(hash: string, admitted: Admitted): Known | NotKnown {
    if (this.#known.size >= keysMax) this.#dropLeastUsed();
    const known = new Known(admitted, this.#doubted.get(hash)?.known.open ?? new Passing());
    known.lastUsedMs = this.#options.nowMs();
    this.#known.set(hash, known);
    // A change that comes now is not in this answer.
    this.#asking.delete(hash);
    for (const subject of subjectsOf(admitted)) {
      const hashes = this.#bySubject.get(subject) ?? new Set();
      this.#bySubject.set(subject, hashes.add(hash));
    }
    return Date.parse(this.#options.now()) >= known.goodUntilMs ? 'unknown' : known;
  }

  /** Drops a tenth of the keys that nothing is under way with, those not used for longest first. */
  #dropLeastUsed(): void {
    const idle = [...this.#known].filter(([, known]) => known.open.size === 0);
    idle.sort(([, a], [, b]) => a.lastUsedMs - b.lastUsedMs);
    for (const [hash] of idle.slice(0, Math.ceil(keysMax / 10))) this.#drop(hash);
  }

  #drop(hash: string): Known | null {
    const known = this.#known.get(hash);
    if (known === undefined) return null;
    this.#known.delete(hash);
    for (const subject of subjectsOf(known.admitted)) {
      const hashes = this.#bySubject.get(subject);
      hashes?.delete(hash);
      if (hashes?.size === 0) this.#bySubject.delete(subject);
    }
    return known;
  }

  #tick(): void {
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#goodMs > openMsMax) this.#endWhere(() => true, 'cannot-tell');
    if (!this.isCurrent) for (const giveUp of this.#givingUp) giveUp();
    const today = Date.parse(this.#options.now());
    this.#endWhere(({ goodUntilMs }) => today >= goodUntilMs, 'unknown');
    for (const [hash, { known, sinceMs }] of this.#doubted) {
      if (nowMs - sinceMs <= doubtMsMax) continue;
      this.#doubted.delete(hash);
      endAll(known, 'cannot-tell');
    }
    if (!this.#polling) void this.#poll();
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    try {
      let more = true;
      while (more) {
        const askedMs = this.#options.nowMs();
        const changes = await this.#options.book.changesSince(this.#seq);
        for (const change of changes) this.#follow(change);
        this.#seq = changes.at(-1)?.seq ?? this.#seq;
        // An answer may have a part of them alone.
        more = changes.length > 0;
        if (!more) this.#goodMs = askedMs;
      }
    } catch (error) {
      this.#options.failed(error);
    } finally {
      this.#polling = false;
    }
  }

  #follow({ kind, id }: Change): void {
    const subject = `${kind} ${id}`;
    this.#changes += 1;
    this.#recent.push(subject);
    if (this.#recent.length > recentMax) this.#recent = this.#recent.slice(-recentMax / 2);
    for (const hash of [...(this.#bySubject.get(subject) ?? [])]) {
      const known = this.#drop(hash);
      if (known !== null && known.open.size > 0) void this.#doubt(hash, known);
    }
  }

  /** Holds what is under way with a key, and ends it unless the key still stands. */
  async #doubt(hash: string, known: Known): Promise<void> {
    const doubt = { known, sinceMs: this.#options.nowMs() };
    this.#doubted.set(hash, doubt);
    this.#unknown.delete(hash);
    for (const open of known.open.values()) open.hold();
    const now = await (this.#asking.get(hash) ?? this.#ask(hash, 'first'));
    // It was long in coming, or what came of it changed once more.
    if (this.#doubted.get(hash) !== doubt) return;
    this.#doubted.delete(hash);
    if (typeof now === 'string') endAll(known, now);
    else if (now.admitted.key !== known.admitted.key) endAll(known, 'unknown');
    else for (const open of known.open.values()) open.release();
  }

  #touchedSince(before: number, admitted: Admitted): boolean {
    const count = this.#changes - before;
    if (count === 0) return false;
    if (count > this.#recent.length) return true;
    const touched = new Set(this.#recent.slice(-count));
    return subjectsOf(admitted).some((subject) => touched.has(subject));
  }

  #endWhere(ends: (known: Known) => boolean, why: NotKnown): void {
    for (const known of this.#known.values()) {
      if (known.open.size > 0 && ends(known)) endAll(known, why);
    }
    for (const { known } of this.#doubted.values()) if (ends(known)) endAll(known, why);
  }
}

function endAll(known: Known, why: NotKnown): void {
  for (const open of known.open.values()) open.cut(why);
  known.open.clear();
}

/** All whose change touches the key, as changes name them. */
function subjectsOf(admitted: Admitted): readonly string[] {
  const { key, holder, party, model, grant } = admitted;
  const own = [`key ${key}`, `holder ${holder}`, `party ${party}`, `model ${model}`];
  return grant.kind === 'early-access'
    ? [...own, `grant ${grant.id}`, `window ${grant.window}`]
    : [...own, `partner ${grant.partner}`, `tier ${grant.tier}`];
}
