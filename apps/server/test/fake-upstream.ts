import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What an upstream is asked, as it came. */
export interface FakeAsked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly raw: Buffer;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How it answers: what is left out is as an ordinary upstream does it. */
export interface FakePlan {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Before the head, and between two pieces; in milliseconds. */
  readonly latencyMs?: number;
  readonly betweenMs?: number;
  /** Waited for before the head. */
  readonly until?: Promise<void>;
  /** Pieces of a body in place of the ordinary one. */
  readonly pieces?: readonly (string | Buffer)[];
  /** Cuts the ordinary body into pieces of so many bytes. */
  readonly pieceBytes?: number;
  /** Tokens that it says and that an ordinary stream has. */
  readonly outputTokens?: number;
  readonly tool?: boolean;
  readonly usage?: boolean;
  /** Breaks the connection: before the head, or after all pieces but the end; or never ends. */
  readonly breaks?: 'before' | 'after' | 'hangs';
}

export interface FakeUpstream {
  readonly baseUrl: string;
  readonly asked: readonly FakeAsked[];
  /** Calls under way. */
  readonly under: () => number;
  close(): Promise<void>;
}

export type Plan = FakePlan | ((asked: FakeAsked) => FakePlan);

/** An upstream that speaks both wires, and does what `plan` says; on any free port, unless told. */
export async function fakeUpstream(plan: Plan = {}, port = 0): Promise<FakeUpstream> {
  const asked: FakeAsked[] = [];
  let under = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    under += 1;
    response.once('close', () => {
      under -= 1;
    });
    void read(request).then((one) => {
      asked.push(one);
      return play(one, typeof plan === 'function' ? plan(one) : plan, response);
    });
  });
  server.on('request', (_request, response) => response.setMaxListeners(0));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo; // listening on a port
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    asked,
    under: () => under,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function read(request: IncomingMessage): Promise<FakeAsked> {
  const raw = Buffer.concat(await request.toArray());
  const body: FakeAsked['body'] = raw.length === 0 ? {} : JSON.parse(raw.toString());
  return { path: request.url ?? '', headers: request.headers, raw, body };
}

async function play(asked: FakeAsked, plan: FakePlan, response: ServerResponse): Promise<void> {
  if (plan.latencyMs !== undefined) await delay(plan.latencyMs);
  await plan.until;
  if (plan.breaks === 'before') {
    response.destroy();
    return;
  }
  const stream = asked.body['stream'] === true;
  const pieces = plan.pieces ?? cut(ordinaryBody(asked, plan), plan.pieceBytes);
  response.writeHead(plan.status ?? 200, {
    'content-type': stream ? 'text/event-stream' : 'application/json',
    ...plan.headers,
  });
  response.flushHeaders();
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece))
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    if (plan.betweenMs !== undefined) await delay(plan.betweenMs);
  }
  if (plan.breaks === 'after') response.destroy();
  else if (plan.breaks !== 'hangs') response.end();
}

function cut(pieces: readonly string[], bytes: number | undefined): readonly Buffer[] {
  if (bytes === undefined) return pieces.map((piece) => Buffer.from(piece));
  const whole = Buffer.from(pieces.join(''));
  const count = Math.ceil(whole.length / bytes);
  return Array.from({ length: count }, (_, at) => whole.subarray(at * bytes, (at + 1) * bytes));
}

/** Input tokens that an ordinary answer tells. */
export const fakeInputTokens = 11;

function ordinaryBody(asked: FakeAsked, plan: FakePlan): readonly string[] {
  const words = Array.from({ length: plan.outputTokens ?? 5 }, (_, at) => `word${at} `);
  const stream = asked.body['stream'] === true;
  if (asked.path.endsWith('/count_tokens')) return [`{"input_tokens":${fakeInputTokens}}`];
  if (asked.path.endsWith('/messages')) return messages(words, { stream, plan });
  if (asked.path.endsWith('/responses')) return responses(words, { stream, plan });
  if (asked.path.endsWith('/embeddings')) return [embeddings()];
  const options = asked.body['stream_options'];
  const tellsUsage = JSON.stringify(options ?? {}).includes('true');
  return chat(words, { stream, plan, tellsUsage });
}

interface How {
  readonly stream: boolean;
  readonly plan: FakePlan;
  readonly tellsUsage?: boolean;
}

const tool = { name: 'look', input: '{"at":"here"}' };

function chat(words: readonly string[], { stream, plan, tellsUsage }: How): readonly string[] {
  const usage = {
    prompt_tokens: fakeInputTokens,
    completion_tokens: words.length,
    total_tokens: fakeInputTokens + words.length,
  };
  const base = { id: 'chatcmpl-1', created: 1, model: 'fake', system_fingerprint: 'f' };
  const call = {
    ...{ id: 'call_1', type: 'function' },
    function: { name: tool.name, arguments: tool.input },
  };
  const calls = plan.tool === true ? { tool_calls: [{ index: 0, ...call }] } : {};
  const finish = plan.tool === true ? 'tool_calls' : 'stop';
  if (!stream) {
    const content = plan.tool === true ? null : words.join('');
    const message = { role: 'assistant', content, ...calls };
    const choices = [{ index: 0, message, finish_reason: finish, logprobs: null }];
    const told = plan.usage === false ? {} : { usage };
    return [JSON.stringify({ ...base, object: 'chat.completion', choices, ...told })];
  }
  const chunk = (choices: unknown, told: unknown) =>
    event({
      ...{ ...base, object: 'chat.completion.chunk', choices },
      ...(tellsUsage === true ? { usage: told } : {}),
    });
  const delta = (said: object, reason: string | null = null) =>
    chunk([{ index: 0, delta: said, finish_reason: reason }], null);
  return [
    delta({ role: 'assistant', content: '' }),
    ...words.map((word) => delta({ content: word })),
    ...(plan.tool === true ? [delta(calls)] : []),
    delta({}, finish),
    ...(tellsUsage === true && plan.usage !== false ? [chunk([], usage)] : []),
    'data: [DONE]\n\n',
  ];
}

function responses(words: readonly string[], { stream, plan }: How): readonly string[] {
  const usage = {
    input_tokens: fakeInputTokens,
    output_tokens: words.length,
    total_tokens: fakeInputTokens + words.length,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  };
  const base = { id: 'resp_1', object: 'response', created_at: 1, model: 'fake' };
  const content = [{ type: 'output_text', text: words.join(''), annotations: [] }];
  const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content };
  const call = {
    ...{ id: 'fc_1', type: 'function_call', call_id: 'call_1', status: 'completed' },
    ...{ name: tool.name, arguments: tool.input },
  };
  const output = plan.tool === true ? [call] : [item];
  const told = plan.usage === false ? null : usage;
  const done = { ...base, status: 'completed', output, usage: told };
  if (!stream) return [JSON.stringify(done)];
  const created = { ...base, status: 'in_progress', output: [], usage: null };
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  return [
    named({ type: 'response.created', response: created }),
    ...words.map((delta) => named({ type: 'response.output_text.delta', ...at, delta })),
    named({ type: 'response.completed', response: done }),
  ];
}

function messages(words: readonly string[], { stream, plan }: How): readonly string[] {
  const usage = { input_tokens: fakeInputTokens, output_tokens: words.length };
  const base = { id: 'msg_1', type: 'message', role: 'assistant', model: 'fake' };
  const use = { type: 'tool_use', id: 'toolu_1', name: tool.name };
  const reason = plan.tool === true ? 'tool_use' : 'end_turn';
  if (!stream) {
    const block =
      plan.tool === true
        ? { ...use, input: JSON.parse(tool.input) }
        : { type: 'text', text: words.join('') };
    const told = plan.usage === false ? {} : { usage };
    const end = { content: [block], stop_reason: reason, stop_sequence: null };
    return [JSON.stringify({ ...base, ...end, ...told })];
  }
  const start = { ...base, content: [], stop_reason: null, stop_sequence: null };
  const content_block = plan.tool === true ? { ...use, input: {} } : { type: 'text', text: '' };
  const deltas =
    plan.tool === true
      ? [{ type: 'input_json_delta', partial_json: tool.input }]
      : words.map((text) => ({ type: 'text_delta', text }));
  return [
    named({ type: 'message_start', message: { ...start, usage: { ...usage, output_tokens: 1 } } }),
    named({ type: 'content_block_start', index: 0, content_block }),
    ...deltas.map((delta) => named({ type: 'content_block_delta', index: 0, delta })),
    named({ type: 'content_block_stop', index: 0 }),
    named({
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence: null },
      ...(plan.usage === false ? {} : { usage: { output_tokens: words.length } }),
    }),
    named({ type: 'message_stop' }),
  ];
}

function embeddings(): string {
  const data = [{ object: 'embedding', index: 0, embedding: [0.5, -0.25] }];
  const usage = { prompt_tokens: fakeInputTokens, total_tokens: fakeInputTokens };
  return JSON.stringify({ object: 'list', data, model: 'fake', usage });
}

function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function named(value: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${value.type}\n${event(value)}`;
}
