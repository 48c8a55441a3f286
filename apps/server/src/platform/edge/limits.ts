import { fileBodyBytesMax, type Operation } from '@breakwater/contract';
import type { Rate } from './limiter.ts';

/** Who is counted: a signed-in session, key or party; an address; or what was tried from it. */
export type Counted = 'caller' | 'address' | 'address and credential';

export interface Limit extends Rate {
  readonly counts: Counted;
}

/**
 * Every limit there is. Generous for people and for a pipeline that hands in thousands, tight for
 * whoever tries doors. The page docs/operate/edge.md shows this table.
 */
export const limits = {
  /** Reading, signed in. A screen asks for about ten things; keys are typed faster than read. */
  read: { counts: 'caller', burst: 600, perMinute: 1_200 },
  /** Searching, signed in: one question per key that is typed. */
  search: { counts: 'caller', burst: 120, perMinute: 300 },
  /** Writing, signed in. */
  write: { counts: 'caller', burst: 300, perMinute: 600 },
  /** Ways out of what one came into freely: nothing else that is done counts towards them. */
  'way-out': { counts: 'caller', burst: 60, perMinute: 120 },
  /** Writes that may carry files. */
  upload: { counts: 'caller', burst: 200, perMinute: 240 },
  /** Whole reports of many findings: each is the work of thousands of single ones. */
  import: { counts: 'caller', burst: 30, perMinute: 30 },
  /** Anything without a key or session. */
  anonymous: { counts: 'address', burst: 300, perMinute: 600 },
  /** Keys, cookies, links and passkeys that were not good, each. */
  'failed-credential': { counts: 'address and credential', burst: 5, perMinute: 1 },
  /** All that were not good together. */
  'failed-sign-in': { counts: 'address', burst: 30, perMinute: 6 },
  /** Having the server look at what strangers publish, so that nobody is flooded by it. */
  'look-outside': { counts: 'caller', burst: 30, perMinute: 12 },
  /** Asking for something that costs others: a mail, a challenge, an application that is looked at. */
  'sign-in-request': { counts: 'address', burst: 20, perMinute: 10 },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limits;

/** Operations that are counted otherwise than their method and size say. */
const special: Readonly<Record<string, { readonly signedIn: LimitName; readonly not: LimitName }>> =
  {
    'collect.import': { signedIn: 'import', not: 'anonymous' },
    'deconflict.prove-control': { signedIn: 'look-outside', not: 'anonymous' },
    'early-access.end': { signedIn: 'way-out', not: 'anonymous' },
    'early-access.shorten': { signedIn: 'way-out', not: 'anonymous' },
    // Asked before each call of a model: it reads, and a run may make twenty calls a second.
    'early-access.use': { signedIn: 'read', not: 'anonymous' },
    'engage.leave': { signedIn: 'way-out', not: 'anonymous' },
    'engage.release': { signedIn: 'way-out', not: 'anonymous' },
    'partners.apply': { signedIn: 'write', not: 'sign-in-request' },
    'search.find': { signedIn: 'search', not: 'anonymous' },
    'session.request-link': { signedIn: 'sign-in-request', not: 'sign-in-request' },
    'session.passkey-options': { signedIn: 'sign-in-request', not: 'sign-in-request' },
  };

/** The limit an operation counts towards. */
export function limitOf(operation: Operation, signedIn: boolean): LimitName {
  const own = special[operation.id];
  if (own !== undefined) return signedIn ? own.signedIn : own.not;
  if (!signedIn) return 'anonymous';
  if (operation.method === 'GET') return 'read';
  return operation.bodyBytesMax >= fileBodyBytesMax ? 'upload' : 'write';
}

/** Refusals that say: what was shown to get in was not good. */
export const failedCodes: readonly string[] = ['link-not-valid', 'passkey-refused'];

export type Rates = Readonly<Record<LimitName, Rate>>;

/** The operations named in the table, for the test that they exist. */
export const speciallyLimited: readonly string[] = Object.keys(special);

/** What a setting of rates has to be, for messages. */
export const ratesForm =
  `expected "off", or limits as <name>=<a minute>[/<burst>], separated by commas; ` +
  `the names are ${Object.keys(limits).join(', ')}`;

/**
 * The rates that a setting asks for: the table's, but for those that `text` names
 * (`read=5000,upload=600/1000`). "off": none at all. undefined: the text is no such setting.
 */
export function parseRates(text: string): Rates | 'off' | undefined {
  if (text === 'off') return 'off';
  const rates: Record<string, Rate> = { ...limits };
  for (const part of text === '' ? [] : text.split(',')) {
    const found = /^\s*([a-z-]{1,40})=(\d{1,7})(?:\/(\d{1,7}))?\s*$/.exec(part);
    const name = found?.[1] ?? '';
    const perMinute = Number(found?.[2]);
    const before = Object.hasOwn(limits, name) ? rates[name] : undefined;
    if (before === undefined || !(perMinute >= 1)) return undefined;
    const burst = Number(found?.[3] ?? Math.max(before.burst, perMinute));
    if (burst < 1) return undefined;
    rates[name] = { perMinute, burst };
  }
  return Object.freeze(rates) as Rates; // every name of the table, from its copy above
}
