import { jsonSchema, type ModelMessage, type ToolSet, tool } from 'ai';
import type { AssistantMessage, Message } from './messages.ts';
import type { ToolSpec } from './model.ts';

/** The words that open a conversation, which APIs take apart from its turns. */
export function instructionsOf(messages: readonly Message[]): string {
  const words = messages.flatMap((each) => (each.role === 'system' ? [each.content] : []));
  return words.join('\n\n');
}

/** The turns of a conversation as the SDK wants them. */
export function turnsOf(messages: readonly Message[]): ModelMessage[] {
  return messages.flatMap(turnOf);
}

function turnOf(message: Message): readonly ModelMessage[] {
  switch (message.role) {
    case 'system':
      return [];
    case 'user':
      return [{ role: 'user', content: message.content }];
    case 'assistant':
      return [{ role: 'assistant', content: partsOf(message) }];
    case 'tool': {
      const output = { type: 'text' as const, value: toolWords(message) };
      const { tool_call_id: toolCallId, function: toolName } = message;
      return [{ role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] }];
    }
  }
}

function toolWords({ content, error }: Extract<Message, { role: 'tool' }>): string {
  if (error === undefined) return content;
  return content === '' ? `error: ${error.message}` : `${content}\nerror: ${error.message}`;
}

type Parts = Exclude<Extract<ModelMessage, { role: 'assistant' }>['content'], string>;

function partsOf({ content, tool_calls: calls = [] }: AssistantMessage): Parts {
  const parts: Parts = [];
  for (const part of typeof content === 'string' ? [textPart(content)] : content) {
    if (part.type === 'text') {
      if (part.text !== '') parts.push(part);
      continue;
    }
    // Anthropic wants what it thought back with its signature, or not at all.
    const { signature, redacted = false } = part;
    parts.push({
      type: 'reasoning',
      text: redacted ? '' : part.reasoning,
      ...(signature !== undefined && {
        providerOptions: { anthropic: redacted ? { redactedData: signature } : { signature } },
      }),
    });
  }
  for (const { id, function: toolName, arguments: input } of calls) {
    parts.push({ type: 'tool-call', toolCallId: id, toolName, input });
  }
  // APIs refuse an empty turn.
  return parts.length === 0 ? [textPart('(no answer)')] : parts;
}

function textPart(text: string) {
  return { type: 'text' as const, text };
}

/** Tools without a way to run them: the SDK tells what was asked for, and the loop does it. */
export function toolSet(tools: readonly ToolSpec[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      tool({ description, inputSchema: jsonSchema({ ...parameters, type: 'object' }) }),
    ]),
  );
}
