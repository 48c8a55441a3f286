import { z } from 'zod';
import {
  type JsonChoice,
  type JsonPath,
  type JsonPiece,
  JsonSplitter,
} from '../json/split-json.ts';
import { fault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { parseLogJson } from './log-json.ts';
import type { OpenedLog } from './open-eval-log.ts';
import { openSample } from './sample.ts';
import { indexSample, readFirstEvents } from './sample-text.ts';
import { shaped } from './shaped.ts';
import { LogHeader, LogReduction, SampleId, type SampleSummary } from './shapes.ts';
import type { LogSource } from './source.ts';
import { splitText } from './split-text.ts';
import { keyText, type SampleKey, summaryOf } from './summaries.ts';
import { plainText, type Range } from './text.ts';

type Place = SampleKey & Range;

/** Opens a JSON log: goes through it once and remembers where each sample stands. */
export async function openDocument(source: LogSource): Promise<OpenedLog> {
  const outline = await outlineOf(source);
  const header = shaped(LogHeader, outline.members, 'the log');
  const read = async ({ start, end }: Range) =>
    await openSample(await indexSample(plainText(source, 'a sample', { start, end })));
  async function* summaries(): AsyncGenerator<SampleSummary> {
    for (const place of outline.places.values()) {
      const { head, messageCount } = await read(place);
      yield summaryOf(head, messageCount);
    }
  }
  return {
    form: 'json',
    isFinished: true,
    header,
    sampleCount: outline.places.size,
    summaries,
    count: () => Promise.resolve(outline.places.size),
    reductions: () =>
      Promise.resolve(shaped(z.array(LogReduction), outline.reductions ?? [], 'the reductions')),
    sample: async (key) => await read(placeOf(outline, key)),
    firstEvents: async (key, limit) =>
      await readFirstEvents(plainText(source, 'a sample', placeOf(outline, key)), limit),
  };
}

function placeOf({ places }: Outline, key: SampleKey): Place {
  const place = places.get(keyText(key));
  if (place !== undefined) return place;
  const todo = 'take id and epoch from the summaries';
  throw fault('no-such-sample', { expected: 'a sample of the log', got: keyText(key), todo });
}

interface Outline {
  readonly members: Readonly<Record<string, unknown>>;
  readonly reductions: unknown;
  /** By the sample's name; of two with one name the later counts. */
  readonly places: ReadonlyMap<string, Place>;
}

async function outlineOf(source: LogSource): Promise<Outline> {
  const text = plainText(source, 'the log', { start: 0, end: source.size });
  const members: [string, unknown][] = [];
  const places: Range[] = [];
  const splitter = new JsonSplitter({
    choose: chooseOutline,
    limits: {
      depthMax: limits.depthMax,
      pieceBytesMax: limits.pieceBytesMax,
      membersMax: limits.membersMax,
    },
  });
  for await (const { path, offset, end, bytes } of splitText(text, splitter)) {
    if (path.length === 2) {
      places.push({ start: offset, end });
      if (places.length > limits.membersMax) {
        throw fault('too-many', { expected: `at most ${limits.membersMax} samples`, got: 'more' });
      }
    } else if (path.length === 1) members.push([String(path[0]), memberOf(bytes, path)]);
  }
  const { reductions, samples: _, ...header } = Object.fromEntries(members);
  const named = new Map<string, Place>();
  for (const place of places) {
    const key = await keyAt(source, place);
    named.set(keyText(key), { ...key, ...place });
  }
  return { members: header, reductions, places: named };
}

function chooseOutline(path: JsonPath, opening: '{' | '[' | 'other'): JsonChoice {
  if (path.length === 0) return opening === '{' ? 'enter' : 'keep';
  if (path.length === 2) return 'locate';
  return path[0] === 'samples' && opening === '[' ? 'enter' : 'keep';
}

function memberOf(bytes: Uint8Array | null, path: JsonPath): unknown {
  if (bytes !== null) return parseLogJson(bytes, `/${path[0]}`);
  const expected = `members of at most ${limits.pieceBytesMax} bytes beside the samples`;
  throw fault('too-large', { expected, got: `/${path[0]}` });
}

const Key = z.object({ id: SampleId, epoch: z.int() });

/** Inspect writes id and epoch first, so that reading ends after a few bytes. */
async function keyAt(source: LogSource, place: Range): Promise<SampleKey> {
  const splitter = new JsonSplitter({
    choose: (path) => {
      if (path.length === 0) return 'enter';
      return path[0] === 'id' || path[0] === 'epoch' ? 'keep' : 'skip';
    },
    limits: { depthMax: limits.depthMax, pieceBytesMax: 8_192, membersMax: limits.membersMax },
  });
  const found: Record<string, unknown> = {};
  for await (const piece of splitText(plainText(source, 'a sample', place), splitter)) {
    found[String(piece.path[0])] = valueIn(piece);
    if ('id' in found && 'epoch' in found) break;
  }
  return shaped(Key, found, 'a sample');
}

function valueIn({ bytes }: JsonPiece): unknown {
  return bytes === null ? null : parseLogJson(bytes, 'a sample');
}
