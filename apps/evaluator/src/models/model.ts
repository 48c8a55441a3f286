import { z } from 'zod';
import { AssistantMessage, type Message } from './messages.ts';

/** Which protocol an endpoint speaks. */
export type ModelApi = 'openai' | 'anthropic';

/** Where a model is. The key is held in memory alone; nothing that is written names it. */
export interface ModelEndpoint {
  readonly api: ModelApi;
  /** The base, such as `http://127.0.0.1:8000/v1`; `/chat/completions` or `/messages` follows. */
  readonly url: string;
  readonly model: string;
  /** null: the endpoint asks for none. */
  readonly key: string | null;
}

/** A tool as it is told to a model; `parameters` is a JSON schema of an object. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** How a model is to answer; what is not named is the provider's own choice. */
export const ModelConfig = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

export interface ModelRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly config: ModelConfig;
  /** Fewer tokens than the run allows an answer, where an agent of one's own asks for fewer. */
  readonly outputTokensMax?: number;
}

/** What a provider says a call took, in tokens, in Inspect's names. */
export const Usage = z.object({
  input_tokens: z.int().min(0),
  output_tokens: z.int().min(0),
  total_tokens: z.int().min(0),
  input_tokens_cache_read: z.int().min(0).optional(),
  input_tokens_cache_write: z.int().min(0).optional(),
  reasoning_tokens: z.int().min(0).optional(),
});
export type Usage = z.infer<typeof Usage>;

/** Inspect's words for why an answer ended. */
export const StopReason = z.enum(['stop', 'max_tokens', 'tool_calls', 'content_filter', 'unknown']);
export type StopReason = z.infer<typeof StopReason>;

/** A whole answer. */
export const ModelAnswer = z.object({
  message: AssistantMessage.omit({ id: true }),
  stop: StopReason,
  /** The model declined, by its provider's own word for it. */
  isRefusal: z.boolean(),
  /** null: the provider told none, so the bound that was reserved counts. */
  usage: Usage.nullable(),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;

/**
 * How one attempt at a call ended. `billing` says what the provider may ask for: `none` where it
 * said no before it began, `unknown` where it may have worked and nobody has its figure.
 */
export const Attempt = z.object({
  outcome: z.enum([
    'answered',
    'rate-limited',
    'unavailable',
    'disconnected-before-answer',
    'disconnected-in-answer',
    'stalled',
    'malformed-answer',
    'over-long-answer',
    'refused-request',
  ]),
  billing: z.enum(['told', 'none', 'unknown']),
  status: z.int().optional(),
  /** What the provider said, the key taken out and cut. */
  detail: z.string().optional(),
  /** Waited before the next attempt. */
  waitedMs: z.number().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** Ends of attempts after which another may do better. */
export function isPassing({ outcome }: Attempt): boolean {
  switch (outcome) {
    case 'rate-limited':
    case 'unavailable':
    case 'disconnected-before-answer':
    case 'disconnected-in-answer':
    case 'stalled':
      return true;
    case 'answered':
    case 'malformed-answer':
    case 'over-long-answer':
    case 'refused-request':
      return false;
  }
}
