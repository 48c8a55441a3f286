import { callMax } from '@breakwater/meter';
import { APICallError, type LanguageModelUsage, streamText } from 'ai';
import { type Departure, languageModel, OverLong } from './endpoint.ts';
import type { AssistantMessage, ToolCall } from './messages.ts';
import type {
  Attempt,
  ModelAnswer,
  ModelEndpoint,
  ModelRequest,
  StopReason,
  Usage,
} from './model.ts';
import { plainJson, plainWords } from './plain-words.ts';
import { instructionsOf, toolSet, turnsOf } from './prompt.ts';

export interface AttemptOptions {
  readonly endpoint: ModelEndpoint;
  readonly maxOutputTokens: number;
  /** The same for every attempt at a call: a provider that knows it bills a call once. */
  readonly callKey: string;
  /** So long nothing may come. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** The request may have so many bytes: what was reserved for. */
  readonly requestBytesMax: number;
}

export interface AttemptEnd {
  readonly attempt: Attempt;
  /** null: not answered. */
  readonly answer: ModelAnswer | null;
  /** How long the provider asks to be left alone; null: it did not say. */
  readonly retryAfterMs: number | null;
}

/** The bytes of the request that would be sent: no tokenizer makes more tokens than bytes. */
export async function requestBytes(
  endpoint: ModelEndpoint,
  request: ModelRequest,
): Promise<number> {
  let bytes = 0;
  const measure: Departure = (body) => {
    bytes = Buffer.byteLength(body);
    throw new Error('measured, not sent');
  };
  const { stream } = begin(request, {
    endpoint,
    maxOutputTokens: Number.MAX_SAFE_INTEGER,
    callKey: '',
    departure: measure,
    signal: new AbortController().signal,
  });
  for await (const part of stream) if (part.type === 'error' && bytes === 0) throw part.error;
  return bytes;
}

/** One attempt at a call: sends the request and reads the answer to its end. */
export async function attemptCall(
  request: ModelRequest,
  options: AttemptOptions,
): Promise<AttemptEnd> {
  const watch = new Watch(options.stallMs, options.signal);
  const gathered = new Gathered(options.endpoint);
  let failure: { readonly error: unknown } | null = null;
  let isSent = false;
  const departure: Departure = (body) => {
    const bytes = Buffer.byteLength(body);
    if (bytes > options.requestBytesMax) {
      throw new Error(`a request of ${bytes} bytes where ${options.requestBytesMax} were reserved`);
    }
    isSent = true;
  };
  try {
    const { stream } = begin(request, { ...options, departure, signal: watch.signal });
    for await (const part of stream) {
      watch.heard();
      if (part.type === 'error') failure ??= { error: part.error };
      else gathered.take(part);
    }
  } catch (error) {
    failure ??= { error };
  } finally {
    watch.stop();
  }
  options.signal.throwIfAborted();
  if (!isSent) throw failure?.error ?? new Error('a call that was never sent');
  const { key } = options.endpoint;
  if (watch.isStalled) return failed({ outcome: 'stalled', billing: 'unknown' });
  if (failure !== null) return endOf(failure.error, gathered.hasBegun, key);
  const answer = gathered.answer();
  if (answer === null) return failed({ outcome: 'disconnected-in-answer', billing: 'unknown' });
  const attempt: Attempt = { outcome: 'answered', billing: 'told' };
  return { attempt, answer, retryAfterMs: null };
}

interface Beginning {
  readonly endpoint: ModelEndpoint;
  readonly maxOutputTokens: number;
  readonly callKey: string;
  readonly departure: Departure;
  readonly signal: AbortSignal;
}

function begin(request: ModelRequest, from: Beginning) {
  const instructions = instructionsOf(request.messages);
  const { temperature, top_p: topP, seed } = request.config;
  return streamText({
    model: languageModel(from.endpoint, from.departure),
    ...(instructions !== '' && { instructions }),
    messages: turnsOf(request.messages),
    ...(request.tools.length > 0 && { tools: toolSet(request.tools) }),
    maxOutputTokens: from.maxOutputTokens,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(seed !== undefined && { seed }),
    headers: { 'idempotency-key': from.callKey },
    // Attempts are counted, told and paid for here, not in the SDK.
    maxRetries: 0,
    abortSignal: from.signal,
    // The SDK would print the error, with the request in it.
    onError: () => undefined,
  });
}

/** Ends an attempt in which nothing comes for too long. */
class Watch {
  readonly #stalled = new AbortController();
  readonly #stallMs: number;
  #timer: NodeJS.Timeout | undefined;
  readonly signal: AbortSignal;

  constructor(stallMs: number, signal: AbortSignal) {
    this.#stallMs = stallMs;
    this.signal = AbortSignal.any([this.#stalled.signal, signal]);
    this.heard();
  }

  get isStalled(): boolean {
    return this.#stalled.signal.aborted;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stalled.abort(new Error('stalled')), this.#stallMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

type Part = ReturnType<typeof begin>['stream'] extends AsyncIterable<infer T> ? T : never;
type Piece = Exclude<AssistantMessage['content'], string>[number];

/** An answer while it comes in. */
class Gathered {
  readonly #model: string;
  readonly #words: (text: string) => string;
  readonly #pieces: Piece[] = [];
  readonly #calls: ToolCall[] = [];
  #end: Extract<Part, { type: 'finish-step' }> | null = null;
  hasBegun = false;

  constructor({ model, key }: Pick<ModelEndpoint, 'model' | 'key'>) {
    this.#model = model;
    this.#words = plainWords(key);
  }

  take(part: Part): void {
    // The SDK's own words, which come before anything of the provider's.
    if (part.type === 'start' || part.type === 'start-step') return;
    this.hasBegun = true;
    if (part.type === 'text-delta') this.#write('text', part.text);
    if (part.type === 'reasoning-start') this.#pieces.push({ type: 'reasoning', reasoning: '' });
    if (part.type === 'reasoning-delta') this.#write('reasoning', part.text);
    if (part.type.startsWith('reasoning-') && 'providerMetadata' in part) {
      this.#sign(part.providerMetadata);
    }
    if (part.type === 'tool-call') {
      this.#calls.push(callOf(part, this.#words));
    }
    if (part.type === 'finish-step') this.#end = part;
  }

  /** null: it broke off without a word of why. */
  answer(): ModelAnswer | null {
    const end = this.#end;
    if (end === null || end.rawFinishReason === undefined) return null;
    const pieces = this.#pieces.map((piece) => plainPiece(piece, this.#words));
    const [first] = pieces;
    const isPlain = pieces.length <= 1 && first?.type !== 'reasoning';
    return {
      message: {
        role: 'assistant',
        content: isPlain ? (first?.text ?? '') : pieces,
        ...(this.#calls.length > 0 && { tool_calls: this.#calls }),
        source: 'generate',
        model: this.#model,
      },
      stop: stops[end.finishReason] ?? 'unknown',
      isRefusal: end.rawFinishReason === 'refusal' || isDeclined(end),
      usage: usageOf(end.usage),
    };
  }

  #write(type: Piece['type'], text: string): void {
    const last = this.#pieces.at(-1);
    if (type === 'text') {
      if (last?.type === 'text') last.text += text;
      else this.#pieces.push({ type, text });
    } else if (last?.type === 'reasoning') last.reasoning += text;
    else this.#pieces.push({ type: 'reasoning', reasoning: text });
  }

  #sign(metadata: Readonly<Record<string, unknown>> | undefined): void {
    const last = this.#pieces.at(-1);
    const told = metadata?.['anthropic'];
    if (last?.type !== 'reasoning' || typeof told !== 'object' || told === null) return;
    if ('signature' in told && typeof told.signature === 'string') last.signature = told.signature;
    if (!('redactedData' in told) || typeof told.redactedData !== 'string') return;
    last.signature = told.redactedData;
    last.redacted = true;
  }
}

/** OpenAI ends a refusal with `stop`, and the SDK tells it from the field of that name. */
function isDeclined(end: Extract<Part, { type: 'finish-step' }>): boolean {
  return end.finishReason === 'content-filter' && end.rawFinishReason === 'stop';
}

const stops: Readonly<Record<string, StopReason>> = {
  stop: 'stop',
  length: 'max_tokens',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
};

function plainPiece(piece: Piece, words: (text: string) => string): Piece {
  if (piece.type === 'text') return { ...piece, text: words(piece.text) };
  return { ...piece, reasoning: words(piece.reasoning) };
}

function callOf(
  { toolCallId, toolName, input }: Extract<Part, { type: 'tool-call' }>,
  words: (text: string) => string,
): ToolCall {
  const call = { id: words(toolCallId), function: words(toolName), type: 'function' as const };
  const given = plainJson(input, words);
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return { ...call, arguments: Object.fromEntries(Object.entries(given)) };
  }
  const parse_error = 'the arguments are not a JSON object';
  return { ...call, arguments: { raw: given ?? null }, parse_error };
}

/** Whole numbers, or none: a provider that tells less has told nothing. */
function usageOf({ inputTokens, outputTokens, ...parts }: LanguageModelUsage): Usage | null {
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null;
  const read = parts.inputTokenDetails.cacheReadTokens;
  const written = parts.inputTokenDetails.cacheWriteTokens;
  const reasoning = parts.outputTokenDetails.reasoningTokens;
  const [input, output] = [bounded(inputTokens), bounded(outputTokens)];
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    ...(isCount(read) && read > 0 && { input_tokens_cache_read: bounded(read) }),
    ...(isCount(written) && written > 0 && { input_tokens_cache_write: bounded(written) }),
    ...(isCount(reasoning) && reasoning > 0 && { reasoning_tokens: bounded(reasoning) }),
  };
}

/** A lie of any size is beyond the grant; a sum of two has to be one that a journal can hold. */
function bounded(count: number): number {
  return Math.min(callMax, count);
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}

function failed(attempt: Attempt, retryAfterMs: number | null = null): AttemptEnd {
  return { attempt, answer: null, retryAfterMs };
}

/** What an error says about the call. */
function endOf(error: unknown, hasBegun: boolean, key: string | null): AttemptEnd {
  if (error instanceof OverLong || causeOf(error) instanceof OverLong) {
    return failed({ outcome: 'over-long-answer', billing: 'unknown' });
  }
  const isTold = APICallError.isInstance(error) && (error.statusCode ?? 0) >= 300;
  if (!isTold || error.statusCode === undefined) {
    return failed({ ...broken(error, hasBegun), detail: wordsOf(error, key) });
  }
  const { statusCode: status, responseHeaders = {}, responseBody = '' } = error;
  const detail = without(key, responseBody).slice(0, 500);
  const retryAfterMs = retryAfter(responseHeaders);
  // 408, 409 and 425 pass; 529 is Anthropic's "overloaded".
  if (status === 429) {
    return failed({ outcome: 'rate-limited', billing: 'none', status, detail }, retryAfterMs);
  }
  if (status >= 500 || [408, 409, 425].includes(status)) {
    return failed({ outcome: 'unavailable', billing: 'none', status, detail }, retryAfterMs);
  }
  return failed({ outcome: 'refused-request', billing: 'none', status, detail });
}

/** An answer that was begun and did not come to its end: whatever was worked may be asked for. */
function broken(error: unknown, hasBegun: boolean): Attempt {
  const billing = 'unknown';
  if (isMalformed(error)) return { outcome: 'malformed-answer', billing };
  const outcome = hasBegun ? 'disconnected-in-answer' : 'disconnected-before-answer';
  return { outcome, billing };
}

/** Text that is no JSON, JSON of another shape or nested without end: no socket's fault. */
function isMalformed(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof RangeError) return true;
  const isShape = /JSONParse|TypeValidation|InvalidResponse/u.test(error.name);
  return isShape || /normalized Anthropic stream error/u.test(error.message);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function wordsOf(error: unknown, key: string | null): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
  return without(key, text ?? '').slice(0, 500);
}

/** Providers quote a key that they do not know. */
function without(key: string | null, text: string): string {
  const sent = key?.trim() ?? '';
  return sent === '' ? text : text.replaceAll(sent, '[key]');
}

/** RFC 9110 10.2.3: seconds or a date. */
function retryAfter(headers: Readonly<Record<string, string>>): number | null {
  const told = headers['retry-after'];
  if (told === undefined) return null;
  const seconds = Number(told);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(told);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
