import { type Fields, isFields } from './fields.ts';
import { JsonScan, type Wanted } from './json-scan.ts';
import { SseScan } from './sse.ts';

/** Under which address of the wire a call came. */
export type CallKind = 'chat' | 'responses' | 'embeddings' | 'messages' | 'count-tokens';

/** Calls that use tokens. */
type TokenKind = Exclude<CallKind, 'count-tokens'>;

/** Tokens as the upstream told them. The input is all of it, what met a cache included. */
export interface Figures {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

/** Reads the upstream's figures out of an answer as it goes by; see docs/rules/gateway.md. */
export interface FigureReader {
  push(chunk: Buffer): void;
  /** The figures, once the answer is at its end; null where it had none, or not the last ones. */
  end(): Figures | null;
}

/** A reader for the answer to a call; `stream` where the answer is server-sent events. */
export function createFigureReader(kind: CallKind, stream: boolean): FigureReader {
  if (kind === 'count-tokens') return countReader;
  return stream ? streamReader(kind) : wholeReader(kind);
}

/** Whoever counts tokens uses none: what such an answer tells is of another call. */
const countReader: FigureReader = {
  push: () => {},
  end: () => ({ inputTokens: 0, outputTokens: 0 }),
};

const wholeWanted: Wanted = { usage: true };
const streamWanted: Readonly<Record<TokenKind, Wanted>> = {
  chat: { usage: true },
  embeddings: { usage: true },
  // response.completed, response.incomplete and response.failed bear them; others bear null.
  responses: { response: { usage: true } },
  // message_start bears those of the input, each message_delta the output's so far.
  messages: { type: true, usage: true, message: { usage: true } },
};

function wholeReader(kind: TokenKind): FigureReader {
  const scan = new JsonScan(wholeWanted);
  return {
    push: (chunk) => scan.push(chunk),
    end: () => read(kind, fieldsOf(scan.found.get('usage'))),
  };
}

function streamReader(kind: TokenKind): FigureReader {
  let usage: Fields = {};
  let isLast = kind !== 'messages';
  const scan = new SseScan(streamWanted[kind], (found) => {
    for (const path of ['message.usage', 'response.usage', 'usage']) {
      const one = found.get(path) ?? null;
      if (one !== null) usage = { ...usage, ...filled(fieldsOf(one)) };
    }
    if (found.get('type') === 'message_stop') isLast = true;
  });
  return {
    push: (chunk) => scan.push(chunk),
    end: () => (isLast ? read(kind, usage) : null),
  };
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** What is read of what an upstream tells: of all else nothing is kept, however much there is. */
const told = [
  'prompt_tokens',
  'completion_tokens',
  'prompt_tokens_details',
  'input_tokens',
  'output_tokens',
  'input_tokens_details',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
];

/** A count that is null in a later event was told before. */
function filled(fields: Fields): Fields {
  return Object.fromEntries(
    told.flatMap((name) => {
      const value = fields[name] ?? null;
      return value === null ? [] : [[name, value]];
    }),
  );
}

function read(kind: TokenKind, usage: Fields): Figures | null {
  return kind === 'messages' ? readMessages(usage) : readOpenAi(kind, usage);
}

/** Chat and embeddings say prompt and completion, responses say input and output. */
function readOpenAi(kind: TokenKind, usage: Fields): Figures | null {
  const input = countOf(usage['prompt_tokens'] ?? usage['input_tokens']);
  const told = countOf(usage['completion_tokens'] ?? usage['output_tokens']);
  const output = told ?? (kind === 'embeddings' ? 0 : null);
  if (input === null || output === null) return null;
  const details = fieldsOf(usage['prompt_tokens_details'] ?? usage['input_tokens_details']);
  const read = Math.min(countOf(details['cached_tokens']) ?? 0, input);
  return { inputTokens: input, outputTokens: output, cacheReadTokens: read };
}

/** What was read from and written to a cache is told beside the input, not as part of it. */
function readMessages(usage: Fields): Figures | null {
  const input = countOf(usage['input_tokens']);
  const output = countOf(usage['output_tokens']);
  if (input === null || output === null) return null;
  const cacheReadTokens = countOf(usage['cache_read_input_tokens']) ?? 0;
  const cacheWriteTokens = countOf(usage['cache_creation_input_tokens']) ?? 0;
  return {
    inputTokens: input + cacheReadTokens + cacheWriteTokens,
    outputTokens: output,
    cacheReadTokens,
    cacheWriteTokens,
  };
}

/** As `callMax` of packages/meter: more than that is no count of one call. */
const countMax = 1_000_000_000;

function countOf(value: unknown): number | null {
  const isCount = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return isCount && value <= countMax ? value : null;
}
