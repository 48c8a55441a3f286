import type { Digest, Id, Instant } from '@breakwater/kernel';
import type { Admitted, QuotaKind, QuotaSpan, Upstream } from '../model.ts';
import type { RequestRow } from '../record/request-row.ts';

/** What meters count. `atOnce` are requests under way. */
export const meterKinds = [
  'requests',
  'inputTokens',
  'outputTokens',
  'costMicros',
  'atOnce',
] as const satisfies readonly (QuotaKind | 'atOnce')[];
export type MeterKind = (typeof meterKinds)[number];

/** Of which time. `now` has `atOnce` alone. */
export const meterSpans = ['minute', 'day', 'grant', 'now'] as const satisfies readonly (
  | QuotaSpan
  | 'now'
)[];
export type MeterSpan = (typeof meterSpans)[number];

/** An upper bound of a request that a client asks for. */
export interface MeterWish {
  readonly id: Id<'request'>;
  /** More than its input can come to. */
  readonly inputTokens: number;
  /** `most` is wanted, below `least` it is of no use; alike where the client set the limit. */
  readonly outputTokens: { readonly most: number; readonly least: number };
  /** The one that is tried first. Its price, or a dearer one of the others, is reserved. */
  readonly upstream: Upstream;
  readonly startedAt: Instant;
  readonly path: RequestRow['path'];
  readonly job: RequestRow['job'];
  readonly stream: boolean;
  readonly salt: string;
  /** SHA-256 of the body that will be sent on with this limit of output; asked once. */
  readonly requestDigest: (outputTokens: number) => Digest;
}

/** What is left of one limited kind in one span, and when that is filled anew. */
export interface Left {
  readonly span: MeterSpan;
  readonly kind: MeterKind;
  readonly left: number;
  /** null: never (the life of a key), or when a request under way ends. */
  readonly moreAt: Instant | null;
}

/**
 * Why nothing was reserved: a quota holds less (429); the request is beyond the whole of a quota, so
 * that waiting is of no use (429); or this process cannot take it now and another may (503).
 */
export type NotReservedCode =
  | 'quota-spent'
  | 'beyond-quota'
  | 'currency-differs'
  | 'id-used'
  | 'not-in-touch'
  | 'too-much-unsaved'
  | 'contended';

export interface NotReserved {
  readonly code: NotReservedCode;
  /** Kinds there is too little of, with what is left of each. */
  readonly short: readonly Left[];
  /** Of every limited kind. */
  readonly left: readonly Left[];
  /** First instant at which the same may be granted; null: unknown, or never. */
  readonly moreAt: Instant | null;
}

export interface Granted {
  /** What the upstream is to be told as its limit of output. */
  readonly outputTokens: number;
  /** As this process knows it. */
  readonly left: readonly Left[];
}

export type Reserved =
  | { readonly ok: true; readonly value: Granted }
  | { readonly ok: false; readonly refusal: NotReserved };

/** What a call took: by the upstream's figures; all of its reservation; or nothing at all. */
export type Taken =
  | {
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly cacheReadTokens?: number | undefined;
      readonly cacheWriteTokens?: number | undefined;
    }
  | 'full'
  | 'unused';

/** How a request ended. */
export interface Ended {
  /** By whose prices; null: none was reached. */
  readonly upstream: Upstream | null;
  readonly endedAt: Instant;
  readonly status: number;
  readonly responseDigest: Digest | null;
  readonly marks: readonly string[];
}

/**
 * Exact meters of one process. Nobody spends more than a limit, however many processes there are
 * and however they end; each reservation is settled exactly once.
 */
export interface Meters {
  /** The process, as rows name it. A process that was out of touch for long goes on as another. */
  readonly process: () => string;
  /**
   * Takes the bound of a request from every meter of its key, or from none; at once where leases
   * suffice. The id again gives the grant it has. Where it answers, the reservation is in a file
   * that outlives the process.
   */
  reserve(admitted: Admitted, wish: MeterWish): Reserved | Promise<Reserved>;
  /** Closes a reservation, once: later ones, and those of ids that are not open, change nothing. */
  settle(id: Id<'request'>, taken: Taken, ended: Ended): RequestRow | null;
  /** What is left of each limited kind, as this process knows it; empty of a key it never had. */
  leftOf(key: Id<'gkey'>): readonly Left[];
  /** Resolves once all that was settled before is stored. Rejects with `DatabaseAway`. */
  stored(): Promise<void>;
  /** Stores all, gives leases back; what is open is settled at its full reservation. */
  close(): Promise<void>;
}
