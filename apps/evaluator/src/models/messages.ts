import { z } from 'zod';

// Messages in the form of Inspect's logs, which is the form the journal keeps and every API is
// spoken from.

/** What a model thought before it answered; `signature` is the provider's own proof of it. */
const Reasoning = z.object({
  type: z.literal('reasoning'),
  reasoning: z.string(),
  signature: z.string().optional(),
  redacted: z.boolean().optional(),
});

const Text = z.object({ type: z.literal('text'), text: z.string() });

/** A tool that a model asked for. `parse_error`: its arguments are not a JSON object. */
export const ToolCall = z.object({
  id: z.string(),
  function: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  type: z.literal('function'),
  parse_error: z.string().optional(),
});
export type ToolCall = z.infer<typeof ToolCall>;

/** Inspect's names of what can go wrong with a tool and is told to the model. */
export const ToolErrorType = z.enum([
  'parsing',
  'timeout',
  'unicode_decode',
  'permission',
  'file_not_found',
  'is_a_directory',
  'limit',
  'output_limit',
  'unknown',
]);
export type ToolErrorType = z.infer<typeof ToolErrorType>;

export const SystemMessage = z.object({
  id: z.string(),
  role: z.literal('system'),
  content: z.string(),
});

export const UserMessage = z.object({
  id: z.string(),
  role: z.literal('user'),
  content: z.string(),
  source: z.literal('input').optional(),
});
export type UserMessage = z.infer<typeof UserMessage>;

export const AssistantMessage = z.object({
  id: z.string(),
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(z.union([Text, Reasoning]))]),
  tool_calls: z.array(ToolCall).optional(),
  source: z.literal('generate').optional(),
  model: z.string().optional(),
});
export type AssistantMessage = z.infer<typeof AssistantMessage>;

export const ToolMessage = z.object({
  id: z.string(),
  role: z.literal('tool'),
  content: z.string(),
  tool_call_id: z.string(),
  function: z.string(),
  error: z.object({ type: ToolErrorType, message: z.string() }).optional(),
});
export type ToolMessage = z.infer<typeof ToolMessage>;

export const Message = z.discriminatedUnion('role', [
  SystemMessage,
  UserMessage,
  AssistantMessage,
  ToolMessage,
]);
export type Message = z.infer<typeof Message>;

/** The words of a message, without what was thought. */
export function textOf({ content }: Pick<Message, 'content'>): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
