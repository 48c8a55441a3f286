import { chatLimitNames } from '@breakwater/contract';
import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { type EntriesFault, type Entry, entriesOf } from './entries.ts';
import { type Fields, isFields } from './fields.ts';
import type { CallKind } from './figures.ts';
import { type InputBound, inputBoundOf } from './input-bound.ts';
import { depthMax, type ShapeFault, shapeFault, valuesMax } from './shape.ts';
import { textBytesOf } from './text-bytes.ts';
import { unmeteredIn } from './unmetered.ts';

/** What the meters and the way on need to know of a call. */
export interface Asked {
  readonly kind: CallKind;
  readonly body: Buffer;
  readonly entries: readonly Entry[];
  readonly fields: Fields;
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client asked for the figures at the end of a stream of chat completions. */
  readonly usageAsked: boolean;
  readonly input: InputBound;
  /** Output tokens the client stated as its limit, of each answer; null: none. */
  readonly outputStated: number | null;
  /** How many answers it asks for at once; each may take the limit. */
  readonly answers: number;
}

export type AskedCode =
  | 'body-malformed'
  | 'key-twice'
  | 'model-missing'
  | 'limit-malformed'
  | 'not-metered';

/**
 * Where each wire states its limit of output, first the name by which one is put in; of several that
 * are stated the greatest counts.
 */
export const limitNames: Readonly<Record<CallKind, readonly string[]>> = {
  chat: chatLimitNames,
  responses: ['max_output_tokens'],
  messages: ['max_tokens'],
  embeddings: [],
  'count-tokens': [],
};

const answersMax = 128;
const tokensMax = 1_000_000_000;

/**
 * Reads the body of a call. What it takes can be bounded before it is sent on; what cannot be (its
 * costs would come to light when nobody asks any more) is refused.
 */
export function parseAsked(kind: CallKind, body: Buffer): Result<Asked, AskedCode> {
  const shape = shapeFault(body);
  if (shape !== null) return refuse(shapes[shape]);
  const fields = objectIn(body);
  if (fields === null) return refuse(malformed('something else'));
  const entries = entriesOf(body);
  if (typeof entries === 'string') return refuse(faults[entries]);
  const model = fields['model'];
  if (typeof model !== 'string' || model === '') {
    return refuse({
      code: 'model-missing',
      expected: 'the name of a model in "model"',
      got: model === undefined ? 'none' : 'something else',
      todo: 'ask /v1/models for the names that this key has',
    });
  }
  const unmetered = unmeteredIn(kind, fields);
  if (unmetered !== null) return refuse(notMetered(unmetered));
  const limit = statedLimit(kind, fields);
  const answers = kind === 'chat' ? (fields['n'] ?? 1) : 1;
  if (limit === 'malformed' || !isCount(answers, answersMax)) return refuse(badLimit);
  const input = inputBoundOf(kind, fields, textBytesOf(body, fields));
  if (input === null) return refuse(noBound);
  const options = fields['stream_options'];
  return ok({
    kind,
    body,
    entries,
    fields,
    model,
    stream: fields['stream'] === true && mayStream(kind),
    usageAsked: isFields(options) && options['include_usage'] === true,
    input,
    outputStated: limit,
    answers,
  });
}

function mayStream(kind: CallKind): boolean {
  return kind !== 'embeddings' && kind !== 'count-tokens';
}

function objectIn(body: Buffer): Fields | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isFields(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function statedLimit(kind: CallKind, fields: Fields): number | null | 'malformed' {
  let most: number | null = null;
  for (const name of limitNames[kind]) {
    const stated = fields[name] ?? null;
    if (stated === null) continue;
    if (!isCount(stated, tokensMax)) return 'malformed';
    most = Math.max(most ?? 0, stated);
  }
  return most;
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;
}

function notMetered(found: string): Refusal & { code: 'not-metered' } {
  return {
    code: 'not-metered',
    expected: 'a call whose cost its tokens tell, and which ends with its answer',
    got: `one with ${found}`,
    todo: `leave ${found} out`,
  };
}

function malformed(got: string): Refusal & { code: 'body-malformed' } {
  return {
    code: 'body-malformed',
    expected: 'a body that is a JSON object',
    got,
    todo: 'send what the wire’s own documentation shows, as application/json',
  };
}

const twice = {
  code: 'key-twice',
  expected: 'each key of an object once; those of the body in small letters, without escapes',
  got: 'a key that comes twice, or is written otherwise',
  todo: 'write each key once: readers differ in which of two they obey',
} as const;

const faults: Readonly<Record<EntriesFault, Refusal & { code: AskedCode }>> = {
  'no-object': malformed('something else'),
  'key-twice': twice,
  'key-unusual': twice,
};

const shapes: Readonly<Record<ShapeFault, Refusal & { code: AskedCode }>> = {
  'not-utf8': malformed('bytes that are no UTF-8'),
  'too-deep': malformed(`one nested deeper than ${depthMax} levels`),
  'too-many': malformed(`one of more than ${valuesMax} values`),
  'key-twice': twice,
};

const badLimit = {
  code: 'limit-malformed',
  expected: `whole numbers of tokens from 1 on, and "n" from 1 to ${answersMax}`,
  got: 'something else',
  todo: 'state the limit as a number, or leave it out',
} as const;

const noBound = {
  code: 'not-metered',
  expected: 'a bound on how often tools are run at the upstream',
  got: 'tools that it runs by itself, as often as it likes',
  todo: 'state "max_tool_calls" (responses) or "max_uses" of each such tool (messages)',
} as const;
