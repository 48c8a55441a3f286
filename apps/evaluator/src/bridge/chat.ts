import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Message, type ToolCall, textOf } from '../models/messages.ts';
import type { ModelAnswer, ModelRequest, StopReason } from '../models/model.ts';

// OpenAI's chat completions as an agent of one's own speaks them, in and out. Text alone: an agent
// that sends images is told so.

const TextPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const Words = z.union([z.string(), z.array(TextPart).transform((parts) => joined(parts))]);

const Called = z.looseObject({
  id: z.string(),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
});

const Said = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer']), content: Words }),
  z.looseObject({ role: z.literal('user'), content: Words }),
  z.looseObject({
    role: z.literal('assistant'),
    content: Words.nullish(),
    tool_calls: z.array(Called).optional(),
  }),
  z.looseObject({ role: z.literal('tool'), content: Words, tool_call_id: z.string() }),
]);

/** What of a request counts; the model is the run's, whatever is named. */
export const ChatRequest = z.looseObject({
  messages: z.array(Said).min(1).max(100_000),
  tools: z
    .array(
      z.looseObject({
        type: z.literal('function'),
        function: z.looseObject({
          name: z.string(),
          description: z.string().default(''),
          parameters: z.record(z.string(), z.unknown()).default({ properties: {} }),
        }),
      }),
    )
    .max(256)
    .default([]),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  seed: z.int().nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  stream: z.boolean().nullish(),
  n: z.literal(1).nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

function joined(parts: readonly z.infer<typeof TextPart>[]): string {
  return parts.map(({ text }) => text).join('');
}

/** A request in our form. The same message at the same place has the same id. */
export function requestOf(chat: ChatRequest): ModelRequest {
  const { temperature, top_p: topP, seed } = chat;
  const most = chat.max_completion_tokens ?? chat.max_tokens ?? null;
  const names = new Map<string, string>();
  return {
    messages: chat.messages.map((said, at) => messageOf(said, at, names)),
    tools: chat.tools.map(({ function: { name, description, parameters } }) => ({
      name,
      description,
      parameters,
    })),
    config: {
      ...(typeof temperature === 'number' && { temperature }),
      ...(typeof topP === 'number' && { top_p: topP }),
      ...(typeof seed === 'number' && { seed }),
    },
    ...(most !== null && { outputTokensMax: most }),
  };
}

function messageOf(said: z.infer<typeof Said>, at: number, names: Map<string, string>): Message {
  const digest = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
  const id = `${at}-${digest}`;
  switch (said.role) {
    case 'system':
    case 'developer':
      return { id, role: 'system', content: said.content };
    case 'user':
      return { id, role: 'user', content: said.content };
    case 'assistant': {
      const calls = (said.tool_calls ?? []).map(callOf);
      for (const call of calls) names.set(call.id, call.function);
      const content = said.content ?? '';
      return { id, role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }) };
    }
    case 'tool': {
      const { content, tool_call_id } = said;
      return {
        id,
        role: 'tool',
        content,
        tool_call_id,
        function: names.get(tool_call_id) ?? 'unknown',
      };
    }
  }
}

function callOf({ id, function: called }: z.infer<typeof Called>): ToolCall {
  const parsed = z.record(z.string(), z.unknown()).safeParse(jsonOf(called.arguments));
  return {
    id,
    function: called.name,
    arguments: parsed.success ? parsed.data : { raw: called.arguments },
    type: 'function',
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const finishes: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  max_tokens: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
  unknown: 'stop',
};

/** An answer as the API gives it in one piece. */
export function completionOf(model: string, id: string, answer: ModelAnswer) {
  const { message, stop, usage } = answer;
  const calls = (message.tool_calls ?? []).map(
    ({ id: call, function: name, arguments: given }) => ({
      id: call,
      type: 'function',
      function: { name, arguments: JSON.stringify(given) },
    }),
  );
  const content = textOf(message);
  return {
    id,
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: content === '' && calls.length > 0 ? null : content,
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        finish_reason: finishes[stop],
      },
    ],
    usage: {
      prompt_tokens: usage?.input_tokens ?? 0,
      completion_tokens: usage?.output_tokens ?? 0,
      total_tokens: usage?.total_tokens ?? 0,
    },
  };
}

/** The same as a stream: it is sent when the answer is whole, metered and written. */
export function chunksOf(completion: ReturnType<typeof completionOf>): readonly string[] {
  const { choices, usage, ...head } = completion;
  const base = { ...head, object: 'chat.completion.chunk' };
  const deltas = choices.flatMap(({ index, message, finish_reason }) => {
    const tool_calls = (message.tool_calls ?? []).map((call, at) => ({ index: at, ...call }));
    const delta = { ...message, ...(tool_calls.length > 0 && { tool_calls }) };
    return [
      { ...base, choices: [{ index, delta, finish_reason: null }] },
      { ...base, choices: [{ index, delta: {}, finish_reason }] },
    ];
  });
  const all = [...deltas, { ...base, choices: [], usage }];
  return [...all.map((each) => `data: ${JSON.stringify(each)}\n\n`), 'data: [DONE]\n\n'];
}
