import type { GatewayMark } from '@breakwater/contract';
import { countedAddress } from '../../../../platform/edge/addresses.ts';
import type { KeyLimits } from '../model.ts';
import { createAnsweredText } from './answered-text.ts';
import { type AskedText, askedText } from './asked-text.ts';
import { type Canaries, canariesOf } from './canaries.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Look, ownLooks } from './looks.ts';
import { type Memory, newMemory } from './memory.ts';
import type { Places } from './places.ts';
import {
  answered,
  bounds,
  breadthOf,
  isOneOfMany,
  isTooFast,
  likenessOf,
  volumeOf,
} from './signs.ts';

/** What the watch is told of a request. */
export interface SeenRequest {
  readonly key: string;
  readonly model: string;
  readonly limits: KeyLimits;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** null: not known. Neither is kept as it is. */
  readonly address: string | null;
  readonly agent: string | null;
  /** As it was parsed; it is looked at once, and let go. */
  readonly body: unknown;
}

/** One request under watch. */
export interface Watched {
  /** The next piece of the answer as it is sent on: JSON or events of JSON, cut anywhere. */
  onText(piece: string): void;
  /** UTF-16 units of the model's words so far; of a long answer, as many as are looked through. */
  readonly said: () => number;
  /** The end, with the output tokens that were settled; answers with what was seen, each once. */
  onSettled(outputTokens: number): readonly GatewayMark[];
}

/**
 * Watches the requests of one process. It marks and informs: nothing here refuses, waits or throws,
 * and nothing of a text is kept. Memory is bounded by the number of keys, time by the length of
 * what is looked at; what is beyond is not looked at.
 */
export interface Watcher {
  onRequest(seen: SeenRequest): Watched;
  /** SHA-256 as hex of the canaries of each model, in place of those before. */
  setCanaries(digests: ReadonlyMap<string, readonly string[]>): void;
  /** For the operator: keys that are remembered, and times that the watch itself was at fault. */
  readonly state: () => { readonly keys: number; readonly faults: number };
}

export interface WatcherParts {
  readonly places: Places;
  /** 32 random bits. */
  readonly seed: number;
  /** What texts are looked through for beside what this installation knows. */
  readonly looks?: readonly Look[];
}

/** Keys that are remembered: the ones used last, about four kilobytes each. */
export const keysMax = 4_096;
/** UTF-16 units that are looked through, of a request and of an answer. */
export const lookedMax = 65_536;
/** What of an answer's bytes words are sought in: events are mostly not words. */
const streamedMax = 64 * lookedMax;
/** What is gathered of an answer before it is looked through, and how much of it again. */
const gathered = 4_096;
const overlap = 512;

/** Drops a tenth: those of the keys that were not used for longest. */
function dropLeastUsed(memories: Map<string, Memory>): void {
  const oldest = [...memories].toSorted(([, a], [, b]) => a.used - b.used);
  for (const [key] of oldest.slice(0, Math.ceil(oldest.length / 10))) memories.delete(key);
}

export function createWatcher({ places, seed, looks = [] }: WatcherParts): Watcher {
  const memories = new Map<string, Memory>();
  const all = [...ownLooks, ...looks];
  let canaries: ReadonlyMap<string, Canaries> = new Map();
  let faults = 0;

  /** A fault of the watch is nobody's who calls a model. */
  const safely = (work: () => void) => {
    try {
      work();
    } catch {
      faults += 1;
    }
  };

  let uses = 0;
  const memoryOf = (key: string): Memory => {
    let memory = memories.get(key);
    if (memory === undefined) {
      if (memories.size >= keysMax) dropLeastUsed(memories);
      memory = newMemory();
      memories.set(key, memory);
    }
    uses += 1;
    memory.used = uses;
    return memory;
  };

  return {
    onRequest(seen) {
      const marks = new Set<GatewayMark>();
      const own = canaries.get(seen.model) ?? null;
      safely(() => {
        const memory = memoryOf(seen.key);
        const asked = askedText(seen.body);
        for (const mark of ofTraffic(memory, seen, asked)) marks.add(mark);
        for (const mark of ofPrompt(memory, { asked, at: seen.at, seed })) marks.add(mark);
        for (const mark of ofOrigin(memory, seen, { places, seed })) marks.add(mark);
        for (const mark of ofRequestText(asked, all, own)) marks.add(mark);
      });
      const answer = watchAnswer(all, own, marks);
      return {
        onText: (piece) => safely(() => answer.take(piece)),
        said: () => answer.said(),
        onSettled(outputTokens) {
          safely(() => {
            answer.end();
            const memory = memories.get(seen.key);
            if (memory !== undefined) answered(memory, outputTokens);
          });
          return [...marks].toSorted();
        },
      };
    },
    setCanaries(digests) {
      canaries = new Map(
        [...digests].flatMap(([model, of]) => {
          const made = canariesOf(of);
          return made === null ? [] : [[model, made] as const];
        }),
      );
    },
    state: () => ({ keys: memories.size, faults }),
  };
}

function ofTraffic(
  memory: Memory,
  { limits, at }: SeenRequest,
  { asksProbabilities }: AskedText,
): readonly GatewayMark[] {
  return volumeOf(memory, limits, { at, asksProbabilities });
}

/** The signs of what is asked: by the last thing that was said to the model. */
function ofPrompt(
  memory: Memory,
  of: { readonly asked: AskedText; readonly at: number; readonly seed: number },
): readonly GatewayMark[] {
  const { fresh, isFirstTurn } = of.asked;
  const prompt = fresh.at(-1);
  if (prompt === undefined) return [];
  const print = fingerprintOf(prompt, of.seed);
  return [
    ...likenessOf(memory, print, of.at),
    ...(isFirstTurn ? breadthOf(memory, print, of.at) : []),
  ];
}

function ofOrigin(
  memory: Memory,
  { address, agent, at }: SeenRequest,
  { places, seed }: { readonly places: Places; readonly seed: number },
): readonly GatewayMark[] {
  const marks: GatewayMark[] = [];
  if (address !== null) {
    const origin = hashOf(networkOf(address), seed);
    if (isOneOfMany(memory.addresses, origin, { at, many: bounds.addresses })) {
      marks.push('many-addresses');
    }
    if (isTooFast(memory, places.of(address), at)) marks.push('too-fast-travel');
  }
  if (agent !== null) {
    const origin = hashOf(programOf(agent), seed);
    if (isOneOfMany(memory.agents, origin, { at, many: bounds.agents })) marks.push('many-agents');
  }
  return marks;
}

/** A /24 or a /64: whoever is given another address by the same provider is the same. */
function networkOf(address: string): string {
  const counted = countedAddress(address);
  return counted.includes('.') ? counted.slice(0, counted.lastIndexOf('.')) : counted;
}

/** A program by its names, without versions: an update is no other program. */
const programOf = (agent: string): string => agent.slice(0, 256).replaceAll(/[\d./]{1,64}/g, '');

/** FNV-1a from a seed. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}

/** What a request says: canaries anywhere in it, all else in what was not there at the last turn. */
function ofRequestText(
  { fresh, earlier }: AskedText,
  looks: readonly Look[],
  canaries: Canaries | null,
): readonly GatewayMark[] {
  const text = joined(fresh.toReversed());
  const marks = looks.flatMap((look) =>
    look.inRequest !== null && look.holds(text) ? [look.inRequest] : [],
  );
  if (canaries === null) return marks;
  const has = canaries.holds(text) || canaries.holds(joined(earlier));
  return has ? [...marks, 'canary-in-request'] : marks;
}

/** So much of some texts as is looked through. */
function joined(texts: readonly string[]): string {
  let text = '';
  for (const each of texts) {
    if (text.length >= lookedMax) break;
    text += `${each.slice(0, lookedMax - text.length)}\n`;
  }
  return text;
}

/** Looks through an answer as it goes by, in pieces that overlap. */
function watchAnswer(looks: readonly Look[], canaries: Canaries | null, marks: Set<GatewayMark>) {
  const answer = createAnsweredText();
  let waiting = '';
  let streamed = 0;
  let words = 0;
  const look = (text: string) => {
    for (const each of looks) {
      const { inAnswer } = each;
      if (inAnswer !== null && !marks.has(inAnswer) && each.holds(text)) marks.add(inAnswer);
    }
    if (canaries?.holds(text) === true) marks.add('canary-in-answer');
  };
  return {
    take(piece: string) {
      if (streamed >= streamedMax || words >= lookedMax) return;
      streamed += piece.length;
      const said = answer.take(piece);
      words += said.length;
      waiting += said;
      if (waiting.length < gathered) return;
      look(waiting);
      waiting = waiting.slice(-overlap);
    },
    said: () => words,
    end() {
      if (waiting !== '') look(waiting);
      waiting = '';
    },
  };
}
