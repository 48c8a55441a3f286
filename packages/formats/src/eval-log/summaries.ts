import { type JsonPath, JsonSplitter } from '../json/split-json.ts';
import { fault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { parseLogJson } from './log-json.ts';
import { shaped } from './shaped.ts';
import { type SampleHead, type SampleId, SampleSummary } from './shapes.ts';
import { splitText } from './split-text.ts';
import type { LogText } from './text.ts';

/** The name of a sample: an id, which may come as a number or as a text, and its repetition. */
export interface SampleKey {
  readonly id: SampleId;
  readonly epoch: number;
}

export function keyText({ id, epoch }: SampleKey): string {
  return `${id}_epoch_${epoch}`;
}

/** The elements of texts that are lists of summaries, one behind the other. */
export async function* readSummaries(texts: Iterable<LogText>): AsyncGenerator<SampleSummary> {
  let [count, unpacked] = [0, 0];
  for (const text of texts) {
    unpacked += text.bytes;
    if (unpacked > limits.memberBytesMax) {
      const expected = `summaries of at most ${limits.memberBytesMax} bytes together`;
      throw fault('too-large', { expected, got: `${text.name} and those before it` });
    }
    const splitter = new JsonSplitter({
      choose: (path: JsonPath) => (path.length === 0 ? 'enter' : 'keep'),
      limits: { depthMax: limits.depthMax, pieceBytesMax: limits.pieceBytesMax, membersMax: 1 },
    });
    for await (const { bytes, path } of splitText(text, splitter)) {
      const named = `${text.name}/${path.join('/')}`;
      if (bytes === null) {
        const expected = `summaries of at most ${limits.pieceBytesMax} bytes`;
        throw fault('too-large', { expected, got: named });
      }
      count += 1;
      if (count > limits.membersMax) {
        throw fault('too-many', { expected: `at most ${limits.membersMax} samples`, got: 'more' });
      }
      yield shaped(SampleSummary, parseLogJson(bytes, named), named);
    }
  }
}

const taken = [
  'id',
  'epoch',
  'input',
  'target',
  'choices',
  'scores',
  'model_usage',
  'role_usage',
  'started_at',
  'completed_at',
  'total_time',
  'working_time',
  'uuid',
  'error',
  'limit',
] as const;

/** Longer texts of metadata and of explanations are cut in a summary, as Inspect cuts them. */
const wordsMax = 1_024;

/** The summary of a sample, as Inspect makes it: without what is long or nested. */
export function summaryOf(head: SampleHead, messages: number): SampleSummary {
  const members = taken.flatMap((name) => (head[name] === undefined ? [] : [[name, head[name]]]));
  const { limit, error, scores, ...summary } = Object.fromEntries(members);
  const isFailed = error !== undefined && error !== null;
  return shaped(
    SampleSummary,
    {
      ...summary,
      metadata: scalarsOf(head.metadata ?? {}),
      ...(scores !== undefined && { scores: shortScores(head.scores ?? {}) }),
      ...(isFailed && { error: wordOf(error, 'message') }),
      ...(limit !== undefined && limit !== null && { limit: wordOf(limit, 'type') }),
      completed: !isFailed,
      message_count: messages,
    },
    keyText(head),
  );
}

function wordOf(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).find(([name]) => name === member)?.[1] ?? null;
}

function scalarsOf(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const scalars = Object.entries(metadata).filter(([, value]) => typeof value !== 'object');
  return Object.fromEntries(scalars.map(([name, value]) => [name, cut(value)]));
}

function shortScores(scores: NonNullable<SampleHead['scores']>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(scores).map(([name, { value, answer, explanation }]) => [
      name,
      {
        value,
        ...(answer !== undefined && { answer: cut(answer) }),
        ...(explanation !== undefined && { explanation: cut(explanation) }),
      },
    ]),
  );
}

function cut(value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, wordsMax) : value;
}
