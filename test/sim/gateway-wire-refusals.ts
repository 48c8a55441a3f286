import type { KeyLimits } from '@breakwater/contract';
import { boundOf, type Joined, type Tell } from './gateway-wire-faults.ts';
import type { Called, Key, Refused, Seen } from './gateway-wire-seen.ts';
import type { Times } from './gateway-wire-times.ts';

// Which refusals were right. A refusal for a quota is wrong if what it says is left would have
// sufficed; or if what it says is left is not what was left. What was left is known from outside
// within bounds: taken for certain is what was granted before the call came, at what it came to; and
// taken at most is all that was granted before its answer, at its reservation unless it was settled
// before the call came. Between these two what a process frees reaches another. At most, a lease was
// there too for a call that nothing came of because its process lost touch, or died.

const kinds = ['requests', 'inputTokens', 'outputTokens', 'costMicros', 'atOnce'] as const;
type Kind = (typeof kinds)[number];
const spans = ['minute', 'day', 'grant', 'now'] as const;
type Span = (typeof spans)[number];
const lengths = { minute: 60_000, day: 86_400_000 } as const;

const words: Readonly<Record<string, Kind>> = {
  requests: 'requests',
  'input tokens': 'inputTokens',
  'output tokens': 'outputTokens',
  'millionths of the currency': 'costMicros',
  'requests at one time': 'atOnce',
};

interface Short {
  readonly span: Span;
  readonly kind: Kind;
  readonly left: number;
  readonly moreAt: number | null;
}

/** What a request of a key may have taken, and when. */
interface Taking {
  /** Reserved not before the one, and before the other for certain. */
  readonly since: number;
  readonly sure: number;
  readonly end: { readonly from: number; readonly until: number };
  readonly reserved: Readonly<Record<Kind, number>>;
  readonly settled: Readonly<Record<Kind, number>>;
  /** By the clock that it was begun by; a later span may have been entered by another. */
  readonly startedAt: number;
}

interface Given {
  readonly seen: Seen;
  readonly times: Times;
  readonly joined: readonly Joined[];
  readonly tell: Tell;
}

/** Audits what was spent of each quota, and each refusal for one. */
export function auditRefusals(given: Given): void {
  const { seen, times, joined, tell } = given;
  const settled = new Set(joined.map(({ call }) => call));
  for (const [at, key] of seen.keys.entries()) {
    const own = joined.filter(({ row }) => row.key === key.id);
    const calls = seen.calls.filter((call) => call.key === at);
    const takings = [
      ...own.map((each) => takingOf(each, times)),
      ...calls.flatMap((call) => (settled.has(call) ? [] : inVain(call, key, times))),
    ];
    const ledger = new Ledger({ key, takings, calls, times });
    auditSums(seen, { key, ledger, tell });
    for (const call of calls) {
      if (call.refused === null) continue;
      if (call.status === 429) auditOne(call, call.refused, { ledger, times, tell });
      else auditOther(call, call.refused, tell);
    }
  }
}

function takingOf({ row, call, served }: Joined, times: Times): Taking {
  const isUnused = row.figures === 'unused';
  const evidence = [served[0]?.at, call.status === 200 ? call.headAt : null];
  const end = times.endOf(row);
  // Of one that was never held, the journal of a process that died says when it began.
  const inVain = isUnused ? (times.inVainUntil(call) ?? -Infinity) : -Infinity;
  return {
    since: call.sentAt,
    sure: Math.min(...evidence.map((moment) => moment ?? Infinity)),
    end: { ...end, until: Math.max(end.until, inVain) },
    reserved: { ...row.reserved, requests: 1, atOnce: 1 },
    settled: { ...row.settled, requests: isUnused ? 0 : 1, atOnce: 0 },
    startedAt: Date.parse(row.startedAt),
  };
}

/**
 * What may have been leased for a call that has no row. Whoever is sent after it came to nothing is
 * not refused for it: what was leased is given back before, or is unused, for which others wait.
 */
function inVain(call: Called, { limits }: Key, times: Times): readonly Taking[] {
  const until = times.inVainUntil(call);
  if (until === null) return [];
  const reserved = boundOf(call, call.output ?? limits.outputTokensMax);
  const none = { inputTokens: 0, outputTokens: 0, costMicros: 0, requests: 0, atOnce: 0 };
  return [
    {
      ...{ since: call.sentAt, sure: Infinity, end: { from: -Infinity, until } },
      ...{ reserved: { ...reserved, requests: 1, atOnce: 1 }, settled: none },
      startedAt: times.clockOf(call.gateway, call.sentAt, call.endAt).from,
    },
  ];
}

/** What may count in a span of time, and what does for certain. */
interface Within {
  readonly most: readonly Taking[];
  readonly least: readonly Taking[];
}

/** What was taken of one key. */
class Ledger {
  readonly #within = new Map<string, Within>();
  readonly key: Key;
  readonly takings: readonly Taking[];
  /** Moments at which a clock was seen, with the latest that any had said by then at most. */
  readonly #clocks: readonly { readonly at: number; readonly latest: number }[];

  constructor(of: {
    readonly key: Key;
    readonly takings: readonly Taking[];
    readonly calls: readonly Called[];
    readonly times: Times;
  }) {
    this.key = of.key;
    this.takings = of.takings;
    let latest = -Infinity;
    this.#clocks = of.calls
      .map(({ gateway, sentAt, endAt }) => ({
        at: sentAt,
        latest: of.times.clockOf(gateway, sentAt, endAt).until,
      }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, latest: said }) => {
        latest = Math.max(latest, said);
        return { at, latest };
      });
  }

  /** The latest that any clock had said by a moment, at most. */
  latestBy(moment: number): number {
    let [low, high] = [0, this.#clocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#clocks[middle]?.at ?? Infinity) <= moment) low = middle + 1;
      else high = middle;
    }
    return this.#clocks[low - 1]?.latest ?? -Infinity;
  }

  limit(span: Span, kind: Kind): number {
    const { limits } = this.key;
    if (span === 'now') return limits.concurrency;
    return kind === 'atOnce' ? Infinity : (limits[span][kind] ?? Infinity);
  }

  /** What may count in a span that begins then; and what counts in it for certain. */
  within(span: Span, from: number): Within {
    if (span === 'grant' || span === 'now') return { most: this.takings, least: this.takings };
    const name = `${span} ${from}`;
    const known = this.#within.get(name) ?? this.#find(span, from);
    this.#within.set(name, known);
    return known;
  }

  #find(span: 'minute' | 'day', from: number): Within {
    const length = lengths[span];
    const spanAt = (moment: number) => Math.floor(moment / length) * length;
    const most = this.takings.filter(
      (taking) =>
        spanAt(taking.startedAt) <= from && from <= spanAt(this.latestBy(grantedBy(taking))),
    );
    const least = most.filter(
      (taking) =>
        spanAt(taking.startedAt) === from && spanAt(this.latestBy(grantedBy(taking))) === from,
    );
    return { most, least };
  }
}

function grantedBy({ sure, end }: Taking): number {
  return Math.min(sure, end.until);
}

/** That nothing was spent beyond, by what endpoints told; and that meters say the same. */
function auditSums(
  { meters }: Seen,
  { key, ledger, tell }: { readonly key: Key; readonly ledger: Ledger; readonly tell: Tell },
): void {
  for (const meter of meters) {
    if (meter.key !== key.id || meter.span === 'now') continue;
    const kind = kinds.find((each) => each === meter.kind) ?? 'requests';
    const { most, least } = ledger.within(meter.span, Date.parse(meter.from));
    const sum = (takings: readonly Taking[], of: (taking: Taking) => number) =>
      takings.reduce((all, taking) => all + of(taking), 0);
    const settled = (taking: Taking) => taking.settled[kind];
    const name = `${meter.span} ${meter.from} ${kind} of ${key.id}`;
    if (meter.used < sum(least, settled) || meter.used > sum(most, settled)) {
      const bounds = `${sum(least, settled)} to ${sum(most, settled)}`;
      tell('meters that tell another sum', `${name}: ${meter.used}, expected ${bounds}`);
    }
    // What an endpoint took beyond what was reserved nobody can hold back.
    const within = (taking: Taking) => Math.min(taking.settled[kind], taking.reserved[kind]);
    const beyond = sum(least, within) - ledger.limit(meter.span, kind);
    if (beyond > 0) tell('spent beyond a quota', `${name}: by ${beyond}`);
    const excess = sum(most, settled) - sum(most, within);
    if (meter.used - excess > ledger.limit(meter.span, kind)) {
      tell('spent beyond a quota', `${name}: its meter says ${meter.used}`);
    }
  }
}

interface By {
  readonly ledger: Ledger;
  readonly times: Times;
  readonly tell: Tell;
}

function auditOne(call: Called, refused: Refused, { ledger, times, tell }: By): void {
  const wrong = (text: string) => tell('a wrong refusal', `${call.n}: ${text}`);
  const shorts = shortsIn(refused.message);
  if (refused.code !== 'quota-spent') wrong(`as ${refused.code}`);
  if (shorts.length === 0) wrong(`it names nothing: ${refused.message}`);
  const bound = boundOf(call, call.output ?? 16);
  const need: Readonly<Record<Kind, number>> = { ...bound, requests: 1, atOnce: 1 };
  for (const { span, kind, left } of shorts) {
    if (left >= need[kind]) wrong(`${left} of ${span} ${kind} suffice for ${need[kind]}`);
  }
  const latest = ledger.latestBy(call.endAt);
  const begins = times.clockOf(call.gateway, call.sentAt, call.endAt).from;
  const limits = limitedIn(ledger.key.limits);
  for (const { span, kind } of limits) {
    const name = `${headerOf(kind)}-${span}`;
    const told = refused.left.get(name);
    const short = shorts.find((each) => each.span === span && each.kind === kind);
    if (told === undefined) wrong(`no word of ${name}`);
    else if (short !== undefined && short.left !== told) wrong(`two words of ${name}`);
    else {
      const cell = { span, kind, call, ledger, isShort: short !== undefined };
      const froms = fromsOf(span, { since: begins, latest, short });
      if (!froms.some((from) => isLeft(told, { ...cell, from }))) {
        const [from = 0] = froms;
        const bounds = boundsOf({ ...cell, from }).join(' to ');
        wrong(`${told} of ${name} where ${bounds} was left, for ${need[kind]}`);
      }
    }
  }
  auditWhen({ call, refused, shorts }, { ledger, times, tell });
}

/** When the span that is spoken of may have begun. */
function fromsOf(
  span: Span,
  { since, latest, short }: { since: number; latest: number; short: Short | undefined },
): readonly number[] {
  if (span === 'grant' || span === 'now') return [0];
  const length = lengths[span];
  if (short !== undefined) return [(short.moreAt ?? 0) - length];
  const first = Math.floor(since / length) * length;
  const count = Math.min(2_000, Math.floor((latest - first) / length) + 1);
  return Array.from({ length: Math.max(1, count) }, (_, at) => first + at * length);
}

interface Cell {
  readonly span: Span;
  readonly kind: Kind;
  readonly from: number;
  readonly call: Called;
  readonly ledger: Ledger;
  /** Of what it is not short of, others may hold some unused: it is told less then, and never more. */
  readonly isShort: boolean;
}

function isLeft(told: number, cell: Cell): boolean {
  const [least, most] = boundsOf(cell);
  return (!cell.isShort || least <= told) && told <= most;
}

/** What was left, at least and at most. */
function boundsOf({ span, kind, from, call, ledger }: Cell): readonly [number, number] {
  const { sentAt, endAt } = call;
  const { most, least } = ledger.within(span, from);
  let takenMost = 0;
  for (const { since, end, reserved, settled } of most) {
    if (since > endAt) continue;
    const isSettled = end.until < sentAt;
    takenMost += isSettled ? settled[kind] : Math.max(settled[kind], reserved[kind]);
  }
  let takenLeast = 0;
  for (const { sure, end, reserved, settled } of least) {
    if (sure > sentAt) continue;
    const isOpen = end.from > endAt;
    takenLeast += isOpen ? reserved[kind] : Math.min(settled[kind], reserved[kind]);
  }
  const limit = ledger.limit(span, kind);
  return [Math.max(0, limit - takenMost), Math.max(0, limit - takenLeast)];
}

/** That it says when more comes: the end of a span that somebody was in, and no hope where none is. */
function auditWhen(
  { call, refused, shorts }: { call: Called; refused: Refused; shorts: readonly Short[] },
  { ledger, times, tell }: By,
): void {
  const wrong = (text: string) => tell('a wrong refusal', `${call.n}: ${text}`);
  const clock = times.clockOf(call.gateway, call.sentAt, call.endAt);
  const latest = ledger.latestBy(call.endAt);
  for (const { span, moreAt } of shorts) {
    const isTimed = span === 'minute' || span === 'day';
    if (isTimed !== (moreAt !== null)) wrong(`more of ${span} at ${moreAt}`);
    if (!isTimed || moreAt === null) continue;
    const from = moreAt - lengths[span];
    const isSpan = from % lengths[span] === 0;
    if (!isSpan || moreAt <= clock.from || from > latest) wrong(`more of ${span} at ${moreAt}`);
  }
  const whens = shorts.map(({ moreAt }) => moreAt);
  const { retryAfter } = refused;
  const last = Math.max(...whens.map((when) => when ?? 0));
  const isForGood = shorts.some(({ span }) => span === 'grant');
  const isNow = shorts.every(({ span }) => span === 'now');
  if (isForGood) {
    if (retryAfter !== null) wrong(`to come again after ${retryAfter} s, and nothing ever comes`);
  } else if (isNow) {
    if (retryAfter === null) wrong('not to come again, and something ends soon');
  } else {
    const seconds = (now: number) => Math.max(1, Math.ceil((last - now) / 1_000));
    const isRight =
      retryAfter !== null &&
      retryAfter >= seconds(clock.until) &&
      retryAfter <= seconds(clock.from);
    if (!isRight) wrong(`to come again after ${retryAfter} s, for more at ${last}`);
  }
}

/** Said where a process cannot tell just now, of which a slow machine is reason enough; or by an endpoint. */
const others = [
  ...['not-in-touch', 'contended'],
  ...['upstream-silent', 'upstream-busy', 'upstream-unreached', 'undefined'],
];

/** What is no refusal for a quota says nothing of one. */
function auditOther(call: Called, { code, left }: Refused, tell: Tell): void {
  if (!others.includes(code) || left.size > 0) {
    tell('an unasked refusal', `${call.n}: ${call.status} ${code}`);
  }
}

function shortsIn(message: string): readonly Short[] {
  const each =
    /(\d+) (requests at one time|requests|input tokens|output tokens|millionths of the currency)(?: of the (minute|day|grant))? left(?:, more at (\S+Z))?/g;
  return [...message.matchAll(each)].map(([, left, what = '', span, moreAt]) => ({
    kind: words[what] ?? 'requests',
    span: spans.find((one) => one === span) ?? 'now',
    left: Number(left),
    moreAt: moreAt === undefined ? null : Date.parse(moreAt),
  }));
}

function limitedIn(limits: KeyLimits): readonly { readonly span: Span; readonly kind: Kind }[] {
  const named = (['minute', 'day', 'grant'] as const).flatMap((span) =>
    kinds.flatMap((kind) =>
      kind !== 'atOnce' && limits[span][kind] !== undefined ? [{ span, kind }] : [],
    ),
  );
  return [...named, { span: 'now', kind: 'atOnce' }];
}

/** `outputTokens` as a header spells it. */
function headerOf(kind: Kind): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
