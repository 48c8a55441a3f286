import {
  bytesToHex,
  canonicalJson,
  fromUtf8,
  type Id,
  type Instant,
  type Json,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Clock } from '../clock/clock.ts';
import type { ContentRef, ContentStore } from '../content/content.ts';
import type { Database, Reader, Transaction } from '../database/database.ts';
import type { Principal } from './audience.ts';
import { allOver, insertContents, insertEntries, insertJobs } from './rows.ts';

/** Who acts: a party, the machine's administrator, or the system finishing its own work. */
export interface Actor {
  readonly id: Id<'party'> | 'administrator' | 'system';
  /** The name of a role's row; `administrator` and `system` have none. To be shown, never compared. */
  readonly role: string;
  /** What it reads as beside itself and the public: the role's row says. */
  readonly principals: readonly Principal[];
}

/**
 * Something that was decided. `data` holds references, numbers and closed words only: free text
 * and personal data live in the content store.
 */
export interface Event {
  readonly act: string;
  /** The case, or whatever else the act is about. */
  readonly subject: string;
  readonly data: { readonly [key: string]: Json };
}

/** Work to be done after commit, at its own pace. */
export interface JobRequest {
  readonly job: string;
  readonly payload: { readonly [key: string]: Json };
  readonly startAfter?: Instant;
}

/** A content item that becomes part of the record with this transaction. */
export interface NewContent {
  readonly ref: ContentRef;
  /** Whose visibility rules it, and the level at which it may be read. */
  readonly subject: string;
  readonly level: number;
}

export interface Outcome<R extends Json> {
  readonly events: readonly Event[];
  readonly contents?: readonly NewContent[];
  /** Work that follows from no event: an outsider's wish is no act and has no entry. */
  readonly jobs?: readonly JobRequest[];
  readonly response: R;
}

export interface Envelope {
  readonly actor: Actor;
  readonly operation: string;
  readonly idempotencyKey: string;
  /** The parsed request; the same key with another request is refused. */
  readonly request: Json;
  /** Another command of the same work follows at once: what comes after commits waits for its last. */
  readonly goesOn?: true;
}

/** What other slices do with the events of one command: rows in the same transaction, jobs after it. */
export interface Reactions {
  follow(tx: Transaction, events: readonly Event[], at: Instant): Promise<void>;
  jobs(events: readonly Event[]): readonly JobRequest[];
}

export interface Executed<R> {
  readonly response: R;
  /** True if this key had been carried out before and nothing was done now. */
  readonly replayed: boolean;
}

/** What was answered to a command that was carried out before; null where it was not. */
export type Recall = <R extends Json>(envelope: Envelope) => Promise<Result<R> | null>;

export type Execute = <R extends Json>(
  envelope: Envelope,
  work: (tx: Transaction, now: Instant) => Promise<Result<Outcome<R>>>,
) => Promise<Result<Executed<R>>>;

export interface CommandsPorts {
  readonly database: Database;
  readonly content: ContentStore;
  readonly clock: Clock;
  readonly reactions: Reactions;
}

/** Another command with the same key got in between; its answer is this one's. */
class KeyTaken extends Error {}

/**
 * The one way anything is written: idempotency, decision, rows, outbox and journal in one
 * transaction.
 *
 * `work` may run more than once (serialization conflicts), so it must not act outside `tx`.
 */
export function createExecute(ports: CommandsPorts): Execute {
  return async <R extends Json>(
    envelope: Envelope,
    work: (tx: Transaction, now: Instant) => Promise<Result<Outcome<R>>>,
  ) => {
    const requestHash = hashOfRequest(ports.content, envelope);
    // Looked up before the transaction, not in it: read inside, every two writes at once would
    // conflict over this table. Its primary key decides between the same command sent twice.
    const findPriorNow = () => ports.database.read((r) => findPrior<R>(r, envelope, requestHash));
    const prior = await findPriorNow();
    if (prior !== null) return prior;
    const carriedOut = ports.database.write(async (tx): Promise<Result<Executed<R>>> => {
      const now = ports.clock.now();
      const decided = await work(tx, now);
      if (!decided.ok) return decided;
      const { events, contents = [], jobs = [], response } = decided.value;
      const acts = events.map((event) => ({ ...event, actor: envelope.actor }));
      const following = [...ports.reactions.jobs(events), ...jobs];
      // The engine takes one statement after the other: the next is made ready while it works.
      await allOver([
        insertContents(tx, contents, now),
        insertEntries(tx, acts, now),
        ports.reactions.follow(tx, events, now),
        insertJobs(tx, following, now),
        remember(tx, envelope, { requestHash, response, now }),
      ]);
      return ok({ response, replayed: false });
    });
    try {
      const done = await carriedOut;
      // The same command, carried out in between, may be the very reason why this one was refused.
      return done.ok ? done : ((await findPriorNow()) ?? done);
    } catch (error) {
      const taken = error instanceof KeyTaken ? await findPriorNow() : null;
      if (taken === null) throw error;
      return taken;
    }
  };
}

/** Looks up what a command was answered with, for work that goes on where it was cut short. */
export function createRecall(ports: Pick<CommandsPorts, 'database' | 'content'>): Recall {
  return async <R extends Json>(envelope: Envelope) => {
    const requestHash = hashOfRequest(ports.content, envelope);
    const prior = await ports.database.read((r) => findPrior<R>(r, envelope, requestHash));
    if (prior === null) return null;
    return prior.ok ? ok(prior.value.response) : prior;
  };
}

/** The request as a keyed hash: nobody can tell from it what was asked. */
export function hashOfRequest(content: ContentStore, { operation, request }: Envelope): Uint8Array {
  return content.blind(`${operation}\n${fromUtf8(canonicalJson(request))}`);
}

async function findPrior<R>(
  reader: Reader,
  envelope: Envelope,
  requestHash: Uint8Array,
): Promise<Result<Executed<R>> | null> {
  const prior = await reader.row(sql<{ request_hash: Uint8Array; response: R }>`
    select request_hash, response from platform.idempotency
    where party = ${envelope.actor.id} and key = ${envelope.idempotencyKey}`);
  if (prior === null) return null;
  if (bytesToHex(prior.request_hash) !== bytesToHex(requestHash)) return refuse(keyReused);
  return ok({ response: prior.response, replayed: true });
}

/** Said to a key that was used for something else. */
export const keyReused: Refusal = {
  code: 'idempotency-key-reused',
  expected: 'a new Idempotency-Key for a new request',
  got: 'a key that was used for a different request',
  todo: 'send this request with a key of its own',
};

async function remember(
  tx: Transaction,
  envelope: Envelope,
  done: { requestHash: Uint8Array; response: Json; now: Instant },
): Promise<void> {
  const inserted = await tx.run(sql`
    insert into platform.idempotency (party, key, operation, request_hash, response, at)
    values (${envelope.actor.id}, ${envelope.idempotencyKey}, ${envelope.operation},
            ${Buffer.from(done.requestHash)}, ${JSON.stringify(done.response)}, ${done.now})
    on conflict do nothing`);
  if (inserted === 0) throw new KeyTaken();
}
