import type { Body, Operation, Output, Params, Query } from '@breakwater/contract';
import {
  type Id,
  type Instant,
  type Json,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@breakwater/kernel';
import type { Actor, Envelope } from './platform/commands/commands.ts';
import type { Credential } from './platform/directory/standing.ts';
import { notSeen } from './platform/policy/not-seen.ts';

/** One parsed, authenticated and permitted call. */
export interface Call<T extends Operation> {
  readonly actor: Actor;
  /** True where the caller brought no key; `actor` is then nobody. */
  readonly anonymous: boolean;
  /** Who acts for the party: a person who signed in, or a key's service account. */
  readonly member: Id<'member'> | null;
  /** The browser session that brought the call; null for a key. */
  readonly session: Id<'session'> | null;
  /** By what the caller is known while an answer goes on; null over the administrator's socket. */
  readonly credential: Credential | null;
  /** Operations the caller may call, with the key it came with. */
  readonly permissions: readonly string[];
  /** How much the caller sees of what the operation is about; 0 where it is about no one thing. */
  readonly level: number;
  readonly params: Params<T>;
  readonly query: Query<T>;
  readonly body: Body<T>;
  readonly now: Instant;
  readonly idempotencyKey: string;
  /** The envelope for `execute`. */
  readonly envelope: Envelope;
  readonly browser: Browser;
}

/** What a call knows of the browser it came from, and may leave there: the session cookie alone. */
export interface Browser {
  readonly userAgent: string;
  /** Sets the session cookie. */
  keep(session: { readonly token: string; readonly seconds: number }): void;
  /** Takes the session cookie away. */
  forget(): void;
}

/** Bytes instead of JSON. */
export interface FileAnswer {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  /** When it last changed, where caches may keep it. */
  readonly modifiedAt?: Instant;
}

/** Bytes of which any range may be asked for (RFC 9110, 14); never held as a whole. */
export interface RangedAnswer {
  readonly size: number;
  readonly fileName: string;
  /** The bytes from `from` to before `to`. */
  open(from: number, to: number): ReadableStream<Uint8Array>;
}

/** An answer that goes on until either side ends it. */
export interface StreamAnswer {
  /** Bytes of text/event-stream. */
  readonly events: ReadableStream<Uint8Array>;
}

export interface Route {
  readonly operation: Operation;
  readonly handle: (
    call: Call<Operation>,
  ) => Promise<Result<Json | FileAnswer | RangedAnswer | StreamAnswer>>;
}

/** Binds an operation of the contract to what does it. */
export function route<T extends Operation>(
  operation: T,
  handle: (call: Call<T>) => Promise<Result<Output<T>>>,
): Route {
  // The call was parsed by this very operation's schemas, so its types are T's.
  return { operation, handle: handle as unknown as Route['handle'] };
}

/** Binds an operation that answers with a file. */
export function fileRoute<T extends Operation>(
  operation: T,
  handle: (call: Call<T>) => Promise<Result<FileAnswer>>,
): Route {
  return { operation, handle: handle as unknown as Route['handle'] }; // as above
}

/** Binds an operation that answers with a file of which ranges may be asked for. */
export function rangedRoute<T extends Operation>(
  operation: T,
  handle: (call: Call<T>) => Promise<Result<RangedAnswer>>,
): Route {
  return { operation, handle: handle as unknown as Route['handle'] }; // as above
}

/** Binds an operation whose answer goes on. */
export function streamRoute<T extends Operation>(
  operation: T,
  handle: (call: Call<T>) => Promise<Result<StreamAnswer>>,
): Route {
  return { operation, handle: handle as unknown as Route['handle'] }; // as above
}

/** The answer to whoever asks for what is not there or not theirs: the two must look alike. */
export function notFound(what: string): { readonly ok: false; readonly refusal: Refusal } {
  return refuse(notSeen(what));
}

/** Takes the response out of what `execute` answered. */
export function responseOf<R>(executed: Result<{ readonly response: R }>): Result<R> {
  return executed.ok ? ok(executed.value.response) : executed;
}
