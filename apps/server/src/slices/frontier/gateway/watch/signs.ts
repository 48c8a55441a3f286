import type { GatewayMark } from '@breakwater/contract';
import type { KeyLimits } from '../model.ts';
import { distance, type Fingerprint } from './fingerprint.ts';
import { kindBits, type Memory, type Origins, originsMax, promptsKept } from './memory.ts';
import { kilometersBetween, type Place } from './places.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Where each sign begins. They were chosen on the labeled traffic of signs.test.ts, and lean toward
 * saying nothing: whoever is told too often stops reading.
 */
export const bounds = {
  /** Bits of 64. Unrelated texts differ in 32, more or less by 4. */
  alikeBits: 12,
  /** Of fewer pairs of words likeness says little. */
  alikePairs: 8,
  /** Prompts of the last hour, and the share of them that were like another. */
  alikePrompts: 64,
  alikeShare: 0.75,
  repeated: 48,
  /** First turns of a day, and the share of them that are of a kind of their own. */
  broadPrompts: 1_000,
  broadShare: 0.6,
  probabilities: 32,
  /** Times what an hour of the past had; and what is never much. */
  beyondPast: 8,
  pastHours: 12,
  hourOutput: 200_000,
  hourRequests: 600,
  /** Share of a quota of a minute, and minutes of the last sixty. */
  fullShare: 0.9,
  fullMinutes: 30,
  /** Within an hour: from so many origins, and so often from one to another. */
  addresses: 4,
  agents: 4,
  changes: 24,
  travelKmPerHour: 1_000,
  travelKm: 500,
} as const;

/** When something came, in milliseconds since the epoch. */
type Moment = number;

/** Counts a request. */
export function volumeOf(
  memory: Memory,
  limits: KeyLimits,
  { at, asksProbabilities }: { readonly at: Moment; readonly asksProbabilities: boolean },
): readonly GatewayMark[] {
  goOn(memory, limits, at);
  memory.minuteRequests += 1;
  memory.hourRequests += 1;
  if (asksProbabilities) memory.hourProbabilities += 1;
  const known = memory.hoursBefore >= bounds.pastHours;
  const beyond = (now: number, before: number, floor: number) =>
    now > Math.max(floor, bounds.beyondPast * before);
  const isBeyond =
    known &&
    (beyond(memory.hourRequests, memory.requestsBefore, bounds.hourRequests) ||
      beyond(memory.hourOutput, memory.outputBefore, bounds.hourOutput));
  let full = 0;
  for (const minute of memory.fullMinutes) full += minute;
  return [
    ...(isBeyond ? (['volume-beyond-past'] as const) : []),
    ...(full >= bounds.fullMinutes ? (['volume-at-quota'] as const) : []),
    ...(asksProbabilities && memory.hourProbabilities >= bounds.probabilities
      ? (['asks-probabilities'] as const)
      : []),
  ];
}

/** Counts what an answer had. */
export function answered(memory: Memory, outputTokens: number): void {
  memory.minuteOutput += outputTokens;
  memory.hourOutput += outputTokens;
}

/** A clock that was set back goes on in the minute it was in. */
function goOn(memory: Memory, limits: KeyLimits, at: Moment): void {
  const minute = Math.floor(at / minuteMs);
  if (minute > memory.minute) {
    const last = isFull(memory, limits) ? 1 : 0;
    const passed = Math.min(60, minute - memory.minute);
    for (let i = 1; i <= passed; i++) memory.fullMinutes[(memory.minute + i) % 60] = 0;
    if (passed < 60) memory.fullMinutes[memory.minute % 60] = last;
    memory.minute = minute;
    memory.minuteRequests = 0;
    memory.minuteOutput = 0;
  }
  const hour = Math.floor(at / hourMs);
  if (hour > memory.hour) {
    if (memory.hourRequests > 0) rememberHour(memory);
    memory.hour = hour;
    memory.hourOutput = 0;
    memory.hourRequests = 0;
    memory.hourProbabilities = 0;
  }
}

/** The mean of the first hours, then one that forgets in about two days of use. */
function rememberHour(memory: Memory): void {
  memory.hoursBefore += 1;
  const weight = 1 / Math.min(memory.hoursBefore, 48);
  memory.outputBefore += weight * (memory.hourOutput - memory.outputBefore);
  memory.requestsBefore += weight * (memory.hourRequests - memory.requestsBefore);
}

function isFull(memory: Memory, { minute }: KeyLimits): boolean {
  const near = (used: number, limit: number | undefined) =>
    limit !== undefined && limit > 0 && used >= bounds.fullShare * limit;
  return (
    near(memory.minuteRequests, minute.requests) || near(memory.minuteOutput, minute.outputTokens)
  );
}

/** Compares a prompt to those before it: the same again, or one template filled in over and over. */
export function likenessOf(
  { prompts }: Memory,
  print: Fingerprint,
  at: Moment,
): readonly GatewayMark[] {
  if (print.pairs < bounds.alikePairs) return [];
  let likeness = 0;
  let known = 0;
  let alike = 0;
  let same = 0;
  const kept = Math.min(prompts.next, promptsKept);
  for (let i = 0; i < kept; i++) {
    if (at - (prompts.at[i] ?? 0) > hourMs) continue;
    known += 1;
    if ((prompts.likeness[i] ?? 0) === 1) alike += 1;
    const isSame = prompts.exact[i] === print.exact;
    if (isSame) {
      same += 1;
      likeness = 2;
    } else if (likeness === 0) {
      const bits = distance(print, prompts.high[i] ?? 0, prompts.low[i] ?? 0);
      if (bits <= bounds.alikeBits) likeness = 1;
    }
  }
  const slot = prompts.next % promptsKept;
  prompts.high[slot] = print.high;
  prompts.low[slot] = print.low;
  prompts.exact[slot] = print.exact;
  prompts.at[slot] = at;
  prompts.likeness[slot] = likeness;
  prompts.next += 1;
  const many = known >= bounds.alikePrompts;
  return [
    ...(many && likeness === 1 && alike >= bounds.alikeShare * known
      ? (['prompts-alike'] as const)
      : []),
    ...(same >= bounds.repeated ? (['prompt-repeated'] as const) : []),
  ];
}

/**
 * Counts how many kinds of first turns a day has, by the first bits of their fingerprints (linear
 * counting, Whang 1990): a sampler of all that a model can do asks unlike things all day.
 */
export function breadthOf(memory: Memory, print: Fingerprint, at: Moment): readonly GatewayMark[] {
  if (print.pairs < bounds.alikePairs) return [];
  const day = Math.floor(at / dayMs);
  if (day > memory.day) {
    memory.day = day;
    memory.dayFirstTurns = 0;
    memory.kinds.fill(0);
  }
  const bit = (print.high >>> 16) % kindBits;
  const place = bit >>> 5;
  memory.kinds[place] = (memory.kinds[place] ?? 0) | (1 << (bit & 31));
  memory.dayFirstTurns += 1;
  // More than its bits can tell apart are told as they were then.
  if (memory.dayFirstTurns < bounds.broadPrompts || memory.dayFirstTurns > kindBits) return [];
  let set = 0;
  for (const word of memory.kinds) for (let w = word; w !== 0; w &= w - 1) set += 1;
  const kinds = -kindBits * Math.log(Math.max(1, kindBits - set) / kindBits);
  return kinds >= bounds.broadShare * memory.dayFirstTurns ? ['prompts-broad'] : [];
}

/** Counts an origin; whether, within an hour, it is one of many between which a key goes to and fro. */
export function isOneOfMany(
  origins: Origins,
  origin: number,
  { at, many }: { readonly at: Moment; readonly many: number },
): boolean {
  const hour = Math.floor(at / hourMs);
  if (hour > origins.hour) {
    origins.hour = hour;
    origins.changes = 0;
    for (const [known, last] of origins.seen) {
      if (at - last > hourMs) origins.seen.delete(known);
    }
  }
  if (origins.last !== null && origins.last !== origin) origins.changes += 1;
  origins.last = origin;
  origins.seen.set(origin, at);
  if (origins.seen.size > originsMax) {
    const [oldest] = [...origins.seen].reduce((a, b) => (b[1] < a[1] ? b : a));
    origins.seen.delete(oldest);
  }
  return origins.seen.size >= many && origins.changes >= bounds.changes;
}

/** Whether whoever was at the last place could be at this one by now, by the operator's table. */
export function isTooFast(memory: Memory, place: Place | null, at: Moment): boolean {
  if (place === null) return false;
  const before = memory.place;
  memory.place = { at, place };
  if (before === null) return false;
  const kilometers = kilometersBetween(before.place, place);
  const hours = Math.max(0, at - before.at) / hourMs;
  return kilometers > bounds.travelKm && kilometers > bounds.travelKmPerHour * hours;
}
