import { type Fields, isFields } from './fields.ts';
import type { CallKind } from './figures.ts';

/**
 * The most input tokens that a call can come to, whatever the tokenizer: so many `tokens`, or the
 * model's context where null; and that as many times as the upstream reads it.
 */
export interface InputBound {
  readonly tokens: number | null;
  readonly readings: number;
}

/** What a prompt's form takes beside its text: a role and its marks; a tool's declaration. */
const perMessage = 64;
const perTool = 64;
/** What providers say to the model where there are tools at all, and for each of their own. */
const forTools = 1_024;
const perOwnTool = 2_048;
const readingsMax = 1_000;

/** Tools of a client, which only it can run; every other kind is run at the upstream or is its own. */
const clientTools = new Set([undefined, 'function', 'custom']);
/** Kinds that the upstream runs, each use by the model itself and no more often than it is told. */
const boundedTools = /^web_(?:search|fetch)_\d+$/;
/** Kinds of its own that a client runs nonetheless. */
const ownButClient =
  /^(?:bash|computer|text_editor|memory)_\d+$|^(?:local_shell|computer_use_preview|apply_patch)$/;

/**
 * The bound of a call whose text is `bytes` bytes at most; null where there is none.
 *
 * A tokenizer makes at most one token of each byte of text, and JSON only adds bytes. Images, files
 * and what the upstream has stored are tokens of which the body says nothing. Whoever has tokens
 * counted uses none.
 */
export function inputBoundOf(kind: CallKind, fields: Fields, bytes: number): InputBound | null {
  if (kind === 'count-tokens') return { tokens: 0, readings: 1 };
  const tools = Array.isArray(fields['tools']) ? fields['tools'] : [];
  const own = tools.filter((tool) => !isFields(tool) || !clientTools.has(typeOf(tool)));
  const run = own.filter((tool) => !isFields(tool) || !ownButClient.test(typeOf(tool) ?? ''));
  const servers = kind === 'messages' ? fields['mcp_servers'] : fields['web_search_options'];
  const runs = run.length > 0 || (servers !== undefined && servers !== null);
  if (runs) {
    const calls = callsOf(kind, fields, run);
    return calls === null ? null : { tokens: null, readings: calls + 1 };
  }
  if (!isTextOnly(kind, fields)) return { tokens: null, readings: 1 };
  const said = fields[kind === 'chat' || kind === 'messages' ? 'messages' : 'input'];
  const messages = Array.isArray(said) && kind !== 'embeddings' ? said.length : 1;
  const declared = tools.length * perTool + own.length * perOwnTool;
  const extra = tools.length > 0 ? forTools : 0;
  return { tokens: bytes + perMessage * (messages + 1) + declared + extra, readings: 1 };
}

/** How often tools that the upstream runs may be called; null where nothing says so. */
function callsOf(kind: CallKind, fields: Fields, run: readonly unknown[]): number | null {
  // What a server of somebody else's is called for counts as no tool of its own.
  if (kind === 'responses') {
    const isElsewhere = run.some((tool) => isFields(tool) && tool['type'] === 'mcp');
    return isElsewhere ? null : boundedCalls(fields['max_tool_calls']);
  }
  if (kind !== 'messages' || (fields['mcp_servers'] ?? null) !== null) return null;
  let calls = 0;
  for (const tool of run) {
    const isKnown = isFields(tool) && boundedTools.test(typeOf(tool) ?? '');
    const uses = isKnown ? boundedCalls(tool['max_uses']) : null;
    if (uses === null) return null;
    calls += uses;
  }
  return calls > readingsMax ? null : calls;
}

function boundedCalls(value: unknown): number | null {
  const isBound = typeof value === 'number' && Number.isInteger(value);
  return isBound && value >= 0 && value <= readingsMax ? value : null;
}

/** undefined: it says none; what says one in another way than this reads is of no known kind. */
function typeOf(tool: Fields): string | undefined {
  const type = tool['type'] ?? undefined;
  if (hasCapitals(tool)) return '';
  return type === undefined || typeof type === 'string' ? type : '';
}

/** No interface has keys with capitals: whoever folds case obeys what is passed over here. */
function hasCapitals(fields: Fields): boolean {
  return Object.keys(fields).some((key) => key !== key.toLowerCase() || /[^ -~]/.test(key));
}

/** Texts and numbers of tokens, and lists of these; others embed images as well. */
function isEmbeddedText({ input, messages }: Fields): boolean {
  if ((messages ?? null) !== null) return false;
  const isPlain = (value: unknown) => typeof value === 'string' || typeof value === 'number';
  if (!Array.isArray(input)) return isPlain(input);
  return input.every(
    (each: unknown) => isPlain(each) || (Array.isArray(each) && each.every(isPlain)),
  );
}

/** Whether all that the model reads stands in the body as text. */
function isTextOnly(kind: CallKind, fields: Fields): boolean {
  if (kind === 'embeddings') return isEmbeddedText(fields);
  if (kind === 'responses') {
    const stored = ['previous_response_id', 'conversation', 'prompt'];
    if (stored.some((name) => (fields[name] ?? null) !== null)) return false;
    const { input } = fields;
    return typeof input === 'string' || everyPart(input, 4);
  }
  if (kind === 'messages' && isFields(fields['container'])) return false;
  const { messages, system = null } = fields;
  const systemIsText = system === null || typeof system === 'string' || everyPart(system, 4);
  return systemIsText && everyPart(messages, 4);
}

/** Parts and items whose words are all there is of them. */
const textual = new Set([
  'text',
  'input_text',
  'output_text',
  'refusal',
  'message',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'tool_use',
  'tool_result',
  'thinking',
]);

/** Fields in which parts stand. */
const inner = ['content', 'output'];
/** Fields by which a message refers to what is not in the body. */
const referring = ['audio', 'file_id', 'image_url', 'source'];

function everyPart(list: unknown, depth: number): boolean {
  if (!Array.isArray(list) || depth === 0) return false;
  return list.every((part: unknown) => typeof part === 'string' || isTextPart(part, depth));
}

function isTextPart(part: unknown, depth: number): boolean {
  if (!isFields(part) || hasCapitals(part)) return false;
  const { type } = part;
  // A message of the older form says its role alone.
  const isText = typeof type === 'string' && textual.has(type);
  if (!isText && (type !== undefined || typeof part['role'] !== 'string')) return false;
  if (referring.some((name) => (part[name] ?? null) !== null)) return false;
  return inner.every((name) => {
    const value = part[name] ?? null;
    return value === null || typeof value === 'string' || everyPart(value, depth - 1);
  });
}
