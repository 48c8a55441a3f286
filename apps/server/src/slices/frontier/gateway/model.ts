import type { chatLimitNames } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Prices } from '@breakwater/meter';

/** What a quota counts of one span of time, in whole numbers; money in millionths of a unit. */
export type QuotaKind = 'requests' | 'inputTokens' | 'outputTokens' | 'costMicros';

/** A minute or a day of UTC; or the whole life of the key. */
export type QuotaSpan = 'minute' | 'day' | 'grant';

/** So much of some kinds; what is not named has no limit. */
export type Quota = Readonly<Partial<Record<QuotaKind, number | undefined>>>;

/** What one key takes at most. Every number was held against what the developer stated. */
export interface KeyLimits {
  /** Output tokens of one request. */
  readonly outputTokensMax: number;
  /** Requests under way at one time. */
  readonly concurrency: number;
  readonly minute: Quota;
  readonly day: Quota;
  readonly grant: Quota;
  /** Of `costMicros`; null where money is not limited. */
  readonly currency: string | null;
}

/** A developer's endpoint for a model. */
export interface Upstream {
  readonly id: Id<'upstream'>;
  readonly kind: 'openai' | 'anthropic';
  /** https, without a slash at its end; paths such as `/v1/messages` are put behind it. */
  readonly baseUrl: string;
  /** What the model is called there. */
  readonly modelName: string;
  /** The one name by which it obeys a limit of a chat's output; undefined: it obeys both. */
  readonly limitName?: (typeof chatLimitNames)[number] | undefined;
  readonly contextTokens: number;
  readonly outputMax: number;
  /** Calls under way at one time, of one process. */
  readonly concurrent: number;
  readonly prices: Prices;
  /** Where the secret is in the content store; it is read for a call, and written nowhere. */
  readonly secret: Id<'content'>;
}

/** On what a key stands. */
export type KeyGrant =
  | {
      readonly kind: 'early-access';
      readonly id: Id<'grant'>;
      readonly window: Id<'window'>;
    }
  | { readonly kind: 'partner'; readonly tier: Id<'tier'>; readonly partner: Id<'partner'> };

/** What whoever calls has to hold beside the key: RFC 9449 (JWK thumbprint), or RFC 8705. */
export type Proof =
  | { readonly kind: 'none' }
  /** RFC 7638, base64url. */
  | { readonly kind: 'dpop'; readonly thumbprint: string }
  /** SHA-256 of the certificate in DER, base64url. */
  | { readonly kind: 'mtls'; readonly thumbprint: string };

/** A key that stands, with all that the wire needs of it: no request asks the database again. */
export interface Admitted {
  readonly key: Id<'gkey'>;
  readonly party: Id<'party'>;
  /** The person or service that the key is bound to. */
  readonly holder: Id<'member'>;
  readonly grant: KeyGrant;
  /** By `outputs` nothing but jobs is run: the wire takes no request of a client by it. */
  readonly gives: 'raw-access' | 'outputs';
  readonly model: Id<'model'>;
  readonly developer: Id<'party'>;
  /** Names that a client may say for the model; the first is the one that is told. */
  readonly names: readonly string[];
  /** In the order in which they are tried. */
  readonly upstreams: readonly Upstream[];
  readonly limits: KeyLimits;
  /** First instant at which it is none any more; compared with the clock at each request. */
  readonly goodUntil: Instant;
  readonly proof: Proof;
  /** Whether bodies are kept, and for which age recipients. */
  readonly keeps: 'nothing' | { readonly recipients: readonly string[] };
  readonly usageInStreams: 'as-asked' | 'always';
}

/** Something of which the standing of keys changed; what is cached under it is asked for anew. */
export interface Change {
  readonly seq: number;
  readonly kind: 'key' | 'holder' | 'party' | 'grant' | 'window' | 'partner' | 'tier' | 'model';
  readonly id: string;
}
