import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CompiledQuery,
  Kysely,
  PostgresDialect,
  type RawBuilder,
  sql,
  type TransactionBuilder,
} from 'kysely';
import pg from 'pg';
import { awayOr } from './away.ts';
import { byCallback } from './by-callback.ts';
import { type KeptPlans, openKeptPlans } from './kept-plans.ts';
import { createWriteGate } from './write-gate.ts';

/** Reads rows. Cannot write by type; the store files of slices hold the SQL. */
export interface Reader {
  rows<R>(query: RawBuilder<R>, how?: Often): Promise<readonly R[]>;
  /** The only row, or null; throws if there are more. */
  row<R>(query: RawBuilder<R>, how?: Often): Promise<R | null>;
}

/**
 * Says that a query is asked with every request and its text never changes: outside a transaction
 * PostgreSQL keeps its plan, which costs more than most such queries. The embedded engine, which has
 * one session for all, plans it anew.
 */
export interface Often {
  readonly often: true;
}

/** An open transaction. */
export interface Transaction extends Reader {
  /** Runs a statement; answers how many rows it touched. */
  run(statement: RawBuilder<unknown>): Promise<number>;
}

/**
 * The database port.
 *
 * Consistency: `write` is serializable; a conflict is retried (so `work` must have no effect
 * outside the transaction) and rejected after ten tries. `read` sees one committed state.
 * `writeInTurn` is for tables on which everybody would conflict with everybody: one transaction after
 * the other, in whichever process, each reading all that those before it committed. Every writer of
 * such a table takes its turn; a serializable transaction is not protected from one that does. Who
 * holds a turn and says nothing for {@link turnIdleMsMax} loses it, so one that hangs stops nobody.
 * `writeByLock` is for tables all of whose writers first lock the one row on which they decide, so
 * that others wait for them alone: read committed, each statement sees all that is committed by then.
 * Durability: when `write` resolves, the engine has committed; `docs/operate` says what that
 * survives on which engine.
 * Absence: where the engine does not answer, each rejects with `DatabaseAway` (away.ts), at once or
 * as soon as that is known; once it is back they go on by themselves.
 * Misuse: a query outside the open transaction, awaited inside it, throws at once. On the embedded
 * engine, which has one connection, it would otherwise wait for itself for ever.
 */
export interface Database {
  readonly engine: 'embedded' | 'postgresql';
  /**
   * True if no other process was using this database when it was opened: whatever it says is being
   * worked on belongs to a process that died.
   */
  readonly alone: boolean;
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** `turn` is the name of a row of platform.turn; throws where there is none. */
  writeInTurn<T>(turn: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Whoever writes through this reads what it decides on after it took the lock. */
  writeByLock<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Plain SQL for the queue library and the migrator. */
  raw(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  close(): Promise<void>;
}

/** A query was made outside the transaction that is open in this very call chain. */
export class OutsideTransaction extends Error {
  override readonly name = 'OutsideTransaction';
  constructor() {
    super(
      'a query outside the open transaction was made inside it: pass the transaction on instead',
    );
  }
}

/** How long a transaction that holds a turn may leave its connection idle. */
export const turnIdleMsMax = 15_000;

const triesMax = 10;
/** Tries beside others of this process; after them a transaction runs by itself. */
const togetherMax = 3;
/** serialization_failure, deadlock_detected (PostgreSQL appendix A); 23505 where racers insert. */
const retryable = new Set(['40001', '40P01']);

export interface ConnectOptions {
  readonly engine: Database['engine'];
  readonly alone: boolean;
  readonly connection: pg.PoolConfig;
  readonly onClose?: () => Promise<void>;
}

/** Connects to an engine that speaks PostgreSQL's protocol; one code path serves both engines. */
export function connectDatabase(options: ConnectOptions): Database {
  const pool = new pg.Pool({
    ...options.connection,
    types: typesOf(),
    ...(options.engine === 'postgresql' ? { onConnect: avoidWholeTableLocks } : {}),
  });
  // A connection that breaks is replaced by the pool, and the query on it reports the error. One
  // that is in use tells it to nobody else, which would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: byCallback(pool) }) });
  const inside = new AsyncLocalStorage<true>();
  const gate = createWriteGate();
  const kept =
    options.engine === 'postgresql'
      ? openKeptPlans(kysely, { ...options.connection, types: typesOf() })
      : null;
  const reader = kept === null ? readerOf(kysely) : often(readerOf(kysely), kept);
  const guard = () => {
    if (inside.getStore() === true) throw new OutsideTransaction();
  };

  const byLock = async <T>(work: (tx: Transaction) => Promise<T>) =>
    await untilItHolds(() =>
      transact(kysely.transaction().setIsolationLevel('read committed'), (trx) =>
        inside.run(true, () => work(transactionOf(trx))),
      ),
    );

  return {
    engine: options.engine,
    alone: options.alone,
    async read(work) {
      guard();
      return await work(reader);
    },
    async write(work) {
      guard();
      const attempt = () =>
        transact(kysely.transaction().setIsolationLevel('serializable'), (trx) =>
          inside.run(true, () => work(transactionOf(trx))),
        );
      return await untilItHolds((tries) =>
        tries <= togetherMax ? gate.together(attempt) : gate.alone(attempt),
      );
    },
    async writeInTurn(turn, work) {
      guard();
      return await byLock(async (tx) => {
        await takeTurn(tx, turn);
        return await work(tx);
      });
    },
    async writeByLock(work) {
      guard();
      return await byLock(work);
    },
    async raw(text, values) {
      guard();
      const result = await answered(
        pool.query(text, values === undefined ? undefined : [...values]),
      );
      // A statement list answers with a list; the queue library wants the last rows.
      return Array.isArray(result) ? (result.at(-1) ?? { rows: [] }) : result;
    },
    async close() {
      await kept?.close();
      await kysely.destroy();
      await options.onClose?.();
    },
  };
}

/** What the database answers, or `DatabaseAway`. */
async function answered<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    throw awayOr(withoutValues(error));
  }
}

/**
 * An error of the engine as anybody may log it: beside what it says, it shows the row or the values
 * that it stumbled over, and those are secrets as often as not.
 */
function withoutValues(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    error.detail = undefined;
    error.where = undefined;
  }
  return error;
}

/** What cannot begin or commit fails as the database does; what `work` throws stays as it is. */
async function transact<T>(
  transaction: TransactionBuilder<unknown>,
  work: (trx: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  let fault: { readonly error: unknown } | null = null;
  const working = async (trx: Kysely<unknown>) => {
    try {
      return await work(trx);
    } catch (error) {
      fault = { error };
      throw error;
    }
  };
  try {
    return await transaction.execute(working);
  } catch (error) {
    throw faultOf() ?? awayOr(withoutValues(error));
  }

  function faultOf(): unknown {
    return fault?.error;
  }
}

/** Tries again what met a conflict, later each time; the tenth failure is the caller's. */
async function untilItHolds<T>(attempt: (tries: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (!retryable.has(codeOf(error)) || tries >= triesMax) throw error;
      await delay(Math.random() * 5 * 2 ** tries);
    }
  }
}

/**
 * Waits for the turn by locking its row. Each later statement of a read committed transaction sees
 * all that is committed by then (PostgreSQL 13.2.1), so what those before did is in sight.
 */
async function takeTurn(tx: Transaction, turn: string): Promise<void> {
  const row = await tx.row(sql`
    select set_config('idle_in_transaction_session_timeout', ${String(turnIdleMsMax)}, true)
    from platform.turn where name = ${turn} for update`);
  if (row === null) throw new Error(`expected a turn that is there, got ${turn}`);
}

/**
 * A sequential scan of a small table predicate-locks all of it, so that serializable transactions
 * at once abort each other for nothing (PostgreSQL 13.2.3): every read of ours has its index. Where
 * one is scanned nonetheless its cost counts as immense, and compiling the query for that would
 * take a thousand times as long as running it.
 */
function avoidWholeTableLocks(client: pg.ClientBase): unknown {
  // `unknown`, because the pool awaits the promise and its types say void.
  return client.query('set enable_seqscan = off; set jit = off');
}

function readerOf(kysely: Kysely<unknown>): Reader {
  return {
    rows: async (query) => (await answered(query.execute(kysely))).rows,
    row: async (query) => only((await answered(query.execute(kysely))).rows),
  };
}

/** Asks what is asked often by plans that are kept, where they are. */
function often(plain: Reader, kept: KeptPlans): Reader {
  async function rows<R>(query: RawBuilder<R>, how?: Often): Promise<readonly R[]> {
    const found = how === undefined ? null : kept.rows(query);
    return found === null ? await plain.rows(query) : await answered(found);
  }
  return { rows, row: async (query, how) => only(await rows(query, how)) };
}

function transactionOf(trx: Kysely<unknown>): Transaction {
  return {
    ...readerOf(trx),
    run: async (statement) => {
      const compiled = statement.compile(trx);
      const result = await answered(
        trx.executeQuery(CompiledQuery.raw(compiled.sql, [...compiled.parameters])),
      );
      return Number(result.numAffectedRows ?? 0n);
    },
  };
}

function only<R>(rows: readonly R[]): R | null {
  if (rows.length > 1) throw new Error(`expected at most one row, got ${rows.length}`);
  return rows[0] ?? null;
}

/** The SQLSTATE of a database error, or an empty string. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/**
 * Most lists are of plain words, which need no reading letter by letter: a role's permissions are
 * read with every request. NULL, quotes and braces are left to the driver.
 */
function wordsOr(parse: (text: string) => unknown): (text: string) => unknown {
  const plain = /^\{[^"{}\\]+\}$/;
  return (text) =>
    plain.test(text) && !text.includes('NULL') ? text.slice(1, -1).split(',') : parse(text);
}

/** int8 as number (checked), timestamptz as text in our own form, on both engines alike. */
function typesOf(): pg.CustomTypesConfig {
  const int8 = 20;
  const timestamptz = 1184;
  const textArray = 1009 as number; // its own list of types leaves it out
  const readTextArray = wordsOr(pg.types.getTypeParser(textArray, 'text'));
  return {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
      if (oid === int8) {
        return (text: string) => {
          const value = Number(text);
          if (!Number.isSafeInteger(value)) throw new RangeError(`int8 out of range: ${text}`);
          return value;
        };
      }
      if (oid === timestamptz) return (text: string) => new Date(text).toISOString();
      if (oid === textArray && format !== 'binary') return readTextArray;
      return pg.types.getTypeParser(oid, format);
    }) as pg.CustomTypesConfig['getTypeParser'], // overloads differ only in the parser's input type
  };
}
