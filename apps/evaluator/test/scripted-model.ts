import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { digestOf, utf8 } from '@breakwater/kernel';

// A model server without a model: it speaks OpenAI's chat completions and Anthropic's messages as
// their servers do, and answers by a script. The same conversation gets the same answer.

export interface ScriptedAnswer {
  readonly text?: string;
  readonly reasoning?: string;
  readonly tools?: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly stop?: 'length' | 'content_filter' | 'refusal';
  /** What it tells in place of what it counts; null: it tells nothing. */
  readonly usage?: { readonly input: number; readonly output: number } | null;
  /** Waits between pieces. */
  readonly pieceMs?: number;
}

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'cut'; readonly after: 'request' | 'headers' | 'half' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'text'; readonly body: string };

/** A request as a script sees it, the same for both protocols. */
export interface Asked {
  readonly api: 'openai' | 'anthropic';
  readonly model: string;
  readonly system: string;
  /** The words of each turn, tool results among them. */
  readonly turns: readonly { readonly role: string; readonly text: string }[];
  /** How many answers the conversation holds. */
  readonly turn: number;
  readonly tools: readonly string[];
  readonly maxTokens: number;
  /** Tokens of the request, as this server counts them: one for four bytes. */
  readonly inputTokens: number;
  /** How often this very conversation was asked before. */
  readonly before: number;
  readonly key: string | null;
  readonly callKey: string | null;
}

export interface Script {
  readonly answer: (asked: Asked) => ScriptedAnswer;
  readonly fault?: (asked: Asked) => Fault | null | Promise<Fault | null>;
}

export interface ScriptedModel extends AsyncDisposable {
  readonly openai: string;
  readonly anthropic: string;
  readonly asked: readonly Asked[];
  /** What each call is billed, once for each call key. */
  readonly billed: ReadonlyMap<string, { readonly input: number; readonly output: number }>;
}

export async function startScriptedModel(script: Script): Promise<ScriptedModel> {
  const asked: Asked[] = [];
  const billed = new Map<string, { input: number; output: number }>();
  const seen = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOfRequest(request);
    const one = askedOf(request, body, seen);
    asked.push(one);
    const fault = (await script.fault?.(one)) ?? null;
    if (fault !== null && !(fault.kind === 'cut' && fault.after === 'half')) {
      fail(response, fault);
      return;
    }
    const answer = script.answer(one);
    const usage = usageOf(one, answer);
    billed.set(one.callKey ?? `none-${asked.length}`, usage);
    const pieces = one.api === 'openai' ? openaiPieces(one, answer) : anthropicPieces(one, answer);
    const isCut = fault !== null;
    await stream(response, isCut ? pieces.slice(0, Math.ceil(pieces.length / 2)) : pieces, {
      pieceMs: answer.pieceMs ?? 0,
      isCut,
    });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const base = `http://127.0.0.1:${address.port}`;
  return {
    openai: `${base}/openai/v1`,
    anthropic: `${base}/anthropic/v1`,
    asked,
    billed,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOfRequest(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

type Json = Readonly<Record<string, unknown>>;

function askedOf(request: IncomingMessage, text: string, seen: Map<string, number>): Asked {
  const body: Json = JSON.parse(text);
  const isOpenai = request.url === '/openai/v1/chat/completions';
  if (!isOpenai && request.url !== '/anthropic/v1/messages') throw new Error('no such address');
  if (body['stream'] !== true) throw new Error('it was not asked to stream');
  const messages = listOf(body['messages']);
  const digest = digestOf(utf8(JSON.stringify([body['model'], body['system'], messages])));
  const before = seen.get(digest) ?? 0;
  seen.set(digest, before + 1);
  const system = isOpenai
    ? messages.filter((each) => each['role'] === 'system').map((each) => wordsOf(each['content']))
    : [wordsOf(body['system'])];
  const bearer = request.headers.authorization?.replace(/^Bearer /u, '') ?? null;
  const apiKey = request.headers['x-api-key'];
  const callKey = request.headers['idempotency-key'];
  return {
    api: isOpenai ? 'openai' : 'anthropic',
    model: String(body['model']),
    system: system.join('\n'),
    turns: messages
      .filter((each) => each['role'] !== 'system')
      .map((each) => ({ role: String(each['role']), text: wordsOf(each['content']) })),
    turn: messages.filter((each) => each['role'] === 'assistant').length,
    tools: listOf(body['tools']).map((each) =>
      String(isOpenai ? memberOf(each['function'], 'name') : each['name']),
    ),
    maxTokens: Number(body['max_tokens']),
    inputTokens: Math.ceil(Buffer.byteLength(text) / 4),
    before,
    key: isOpenai ? bearer : typeof apiKey === 'string' ? apiKey : null,
    callKey: typeof callKey === 'string' ? callKey : null,
  };
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function wordsOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => wordsOf(part['type'] === 'tool_result' ? part['content'] : part['text']))
    .join('\n');
}

/** One token for four bytes, and never more than was allowed. */
function usageOf(asked: Asked, answer: ScriptedAnswer): { input: number; output: number } {
  if (answer.usage !== undefined && answer.usage !== null) return answer.usage;
  const words = JSON.stringify([answer.text, answer.reasoning, answer.tools]);
  const output = Math.min(asked.maxTokens, Math.ceil(words.length / 4));
  return { input: asked.inputTokens, output };
}

function openaiPieces(asked: Asked, answer: ScriptedAnswer): readonly string[] {
  const { tools = [], text = '', reasoning } = answer;
  const piece = (choice: Json, more: Json = {}) => {
    const base = { id: `chat-${asked.turn}`, object: 'chat.completion.chunk', created: 1 };
    const choices = [{ index: 0, finish_reason: null, delta: {}, ...choice }];
    return `data: ${JSON.stringify({ ...base, model: asked.model, choices, ...more })}\n\n`;
  };
  const delta = (value: Json) => piece({ delta: value });
  const pieces = [delta({ role: 'assistant', content: '' })];
  if (reasoning !== undefined) pieces.push(delta({ reasoning_content: reasoning }));
  const field = answer.stop === 'refusal' ? 'refusal' : 'content';
  pieces.push(...inParts(text).map((part) => delta({ [field]: part })));
  for (const [index, call] of tools.entries()) {
    const id = callId(asked, index);
    const head = { index, id, type: 'function', function: { name: call.name, arguments: '' } };
    pieces.push(delta({ tool_calls: [head] }));
    for (const part of inParts(argumentsOf(call.arguments))) {
      pieces.push(delta({ tool_calls: [{ index, function: { arguments: part } }] }));
    }
  }
  const ends = { length: 'length', content_filter: 'content_filter', refusal: 'stop' } as const;
  const usual = tools.length > 0 ? 'tool_calls' : 'stop';
  const reason = answer.stop === undefined ? usual : ends[answer.stop];
  pieces.push(piece({ finish_reason: reason }));
  if (answer.usage !== null) {
    const { input, output } = usageOf(asked, answer);
    const usage = {
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
    };
    pieces.push(piece({}, { choices: [], usage }));
  }
  return [...pieces, 'data: [DONE]\n\n'];
}

function anthropicPieces(asked: Asked, answer: ScriptedAnswer): readonly string[] {
  const { tools = [], text = '', reasoning } = answer;
  const { input, output } = usageOf(asked, answer);
  const event = (type: string, data: Json) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
  let index = 0;
  const block = (head: Json, deltas: readonly Json[]) => {
    const at = index;
    index += 1;
    return [
      event('content_block_start', { index: at, content_block: head }),
      ...deltas.map((delta) => event('content_block_delta', { index: at, delta })),
      event('content_block_stop', { index: at }),
    ];
  };
  const message = {
    id: `msg-${asked.turn}`,
    type: 'message',
    role: 'assistant',
    model: asked.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: input, output_tokens: 1 },
  };
  const pieces = [event('message_start', { message }), event('ping', {})];
  if (reasoning !== undefined) {
    pieces.push(
      ...block({ type: 'thinking', thinking: '', signature: '' }, [
        { type: 'thinking_delta', thinking: reasoning },
        { type: 'signature_delta', signature: `signed-${asked.turn}` },
      ]),
    );
  }
  if (text !== '') {
    const deltas = inParts(text).map((part) => ({ type: 'text_delta', text: part }));
    pieces.push(...block({ type: 'text', text: '' }, deltas));
  }
  for (const [n, call] of tools.entries()) {
    const head = { type: 'tool_use', id: callId(asked, n), name: call.name, input: {} };
    const deltas = inParts(argumentsOf(call.arguments)).map((part) => ({
      type: 'input_json_delta',
      partial_json: part,
    }));
    pieces.push(...block(head, deltas));
  }
  const ends = { length: 'max_tokens', content_filter: 'refusal', refusal: 'refusal' } as const;
  const usual = tools.length > 0 ? 'tool_use' : 'end_turn';
  const reason = answer.stop === undefined ? usual : ends[answer.stop];
  const delta = { stop_reason: reason, stop_sequence: null };
  pieces.push(event('message_delta', { delta, usage: { output_tokens: output } }));
  return [...pieces, event('message_stop', {})];
}

/** Arguments that are a text are sent as they are, JSON or not. */
function argumentsOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function callId({ turn }: Asked, index: number): string {
  return `call_${turn}_${index}`;
}

function inParts(text: string): readonly string[] {
  return text.match(/[\s\S]{1,12}/gu) ?? [];
}

async function stream(
  response: ServerResponse,
  pieces: readonly string[],
  { pieceMs, isCut }: { pieceMs: number; isCut: boolean },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    if (pieceMs > 0) await new Promise((resolve) => setTimeout(resolve, pieceMs));
  }
  if (!isCut) {
    response.end();
    return;
  }
  // What was written is to arrive before the line is cut.
  await new Promise((resolve) => response.write(': cut\n\n', resolve));
  response.destroy();
}

function fail(response: ServerResponse, fault: Fault): void {
  switch (fault.kind) {
    case 'status': {
      const told = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      response.writeHead(fault.status, { 'content-type': 'application/json', ...told });
      const message = `status ${fault.status}`;
      response.end(JSON.stringify({ type: 'error', error: { type: 'error', message } }));
      return;
    }
    case 'cut':
      if (fault.after === 'headers') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(': begun\n\n', () => response.destroy());
      } else response.destroy();
      return;
    case 'silence':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      return;
    case 'text':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(fault.body);
      return;
  }
}
