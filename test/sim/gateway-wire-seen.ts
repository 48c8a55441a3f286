import type { KeyLimits } from '@breakwater/contract';

// What callers, upstreams and whoever disturbed saw of the gateway, each by itself. Times are those
// of one clock that nobody sets, in milliseconds.

/** What an upstream does with a call; a number: it answers with that status. */
export type How = 'whole' | 'no-figures' | 'broken' | 'reset' | number;

/** What is played for one call; it stands in the call's own prompt, so that upstreams know. */
export interface Script {
  readonly n: number;
  /** The figures that are told. */
  readonly input: number;
  readonly output: number;
  /** Of the input, what met a cache; on the one wire that tells it. */
  readonly cached: number;
  readonly headMs: number;
  readonly pieces: number;
  readonly everyMs: number;
  /** Between the last word and the figures. */
  readonly lateMs: number;
  /** What the upstream that is tried first does, and the other one. */
  readonly hows: readonly [How, How];
  /** Whether the connection ends with the answer. */
  readonly closes: boolean;
}

/** How a caller goes away by itself. */
export type Leaving =
  | { readonly when: 'never' }
  /** With half of its body sent. */
  | { readonly when: 'sending' }
  | { readonly when: 'early'; readonly afterMs: number }
  | { readonly when: 'midway'; readonly pieces: number }
  /** With the last byte of the answer, before its end. */
  | { readonly when: 'last' };

/** The upstreams, in the order in which they are tried; of the second wire the first is nowhere. */
export const upstreamNames = ['first', 'second', 'nowhere', 'messages'] as const;
export type UpstreamName = (typeof upstreamNames)[number];

/** A call as the upstream wrote it down. */
export interface Served {
  readonly n: number;
  readonly to: UpstreamName;
  /** SHA-256 of its body. */
  readonly digest: string;
  /** When its body was there; and when it was over, or since when its caller may have been away. */
  readonly at: number;
  readonly endAt: number;
  /** `gone`: whoever called was away before the end. */
  readonly end: How | 'gone';
  readonly figures: { readonly input: number; readonly output: number; readonly cached: number };
  /** SHA-256 of the answer, where all of it was sent. */
  readonly answer: string | null;
}

export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly retryAfter: number | null;
  /** By the header's name, without what all begin with. */
  readonly left: ReadonlyMap<string, number>;
}

/** A call as its caller saw it. */
export interface Called {
  readonly n: number;
  readonly key: number;
  /** The gateway that it went to. */
  readonly gateway: number;
  readonly isMessages: boolean;
  /** Its body as it went out. */
  readonly body: string;
  /** The limit that it stated; null: none. */
  readonly output: number | null;
  readonly sentAt: number;
  readonly headAt: number | null;
  readonly endAt: number;
  /** `whole`: came to its end; `cut`: broke off; `left`: the caller went; `unreached`: not sent. */
  readonly end: 'whole' | 'cut' | 'left' | 'unreached';
  readonly status: number | null;
  /** What the gateway called it. */
  readonly request: string | null;
  readonly refused: Refused | null;
  /** SHA-256 of the answer, where it came to its end. */
  readonly answer: string | null;
}

/** A key as its developer and its holder know it. */
export interface Key {
  readonly id: string;
  readonly limits: KeyLimits;
  /** Whether figures are asked for in streams whose caller does not. */
  readonly asksUsage: boolean;
}

/** A clock that was so far off, in one life of a gateway. */
export interface Shift {
  readonly offsetMs: number;
  /** From the order to set it until the next one was obeyed. */
  readonly from: number;
  until: number;
}

/** One process, from its start to its end. */
export interface Life {
  readonly gateway: number;
  readonly pid: number;
  readonly from: number;
  until: number;
  wasKilled: boolean;
  /** It ended at its start, for want of a database. */
  failedToStart: boolean;
  readonly shifts: Shift[];
}

/** What was done to the gateway meanwhile. */
export interface Disturbed {
  readonly what: 'killed' | 'database away' | 'clock set';
  readonly from: number;
  readonly until: number;
}

export interface Amounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

/** A settlement as the record has it. */
export interface Row {
  readonly id: string;
  readonly key: string;
  readonly process: string;
  readonly upstream: string | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly status: number;
  readonly figures: 'upstream' | 'none' | 'lost' | 'unused';
  readonly reserved: Amounts;
  readonly settled: Amounts;
  readonly requestDigest: string;
  readonly responseDigest: string | null;
}

export interface Meter {
  readonly key: string;
  readonly span: 'minute' | 'day' | 'grant' | 'now';
  readonly from: string;
  readonly kind: string;
  readonly used: number;
  readonly leased: number;
}

export interface Process {
  readonly id: string;
  readonly pid: number;
  readonly at: number;
  /** When it last said a word that reached the rows. */
  readonly seenAt: number;
  readonly endedAt: number | null;
  readonly endedHow: string | null;
}

/** All that anybody saw. */
export interface Seen {
  readonly keys: readonly Key[];
  readonly calls: readonly Called[];
  readonly served: readonly Served[];
  readonly lives: readonly Life[];
  readonly disturbed: readonly Disturbed[];
  readonly rows: readonly Row[];
  readonly meters: readonly Meter[];
  readonly leases: number;
  readonly processes: readonly Process[];
  readonly upstreams: ReadonlyMap<string, UpstreamName>;
}

/** Prices in millionths of a unit for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

export const prices: Readonly<Record<UpstreamName, Price>> = {
  first: { input: 3_000_000, output: 15_000_000, cached: 3_000_000 },
  second: { input: 4_000_000, output: 12_000_000, cached: 4_000_000 },
  nowhere: { input: 1_000_000, output: 1_000_000, cached: 1_000_000 },
  messages: { input: 3_000_000, output: 18_000_000, cached: 300_000 },
};
