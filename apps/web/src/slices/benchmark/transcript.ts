import type { LogEvent, LogMessage } from '@breakwater/formats/eval-log';

/** A piece of what a message or an event says. */
export interface Part {
  /** `text`: to be read; `code`: as a machine reads it; `fold`: there when somebody asks. */
  readonly kind: 'text' | 'code' | 'fold';
  /** What it is, such as `bash` or `reasoning`; empty where the text speaks for itself. */
  readonly label: string;
  readonly text: string;
}

/** A message or an event as a reader sees it. */
export interface Entry {
  /** `user`, `model`, `tool`, `score` and so on: what it is colored and filtered by. */
  readonly kind: string;
  readonly title: string;
  /** Beside the title: model, tokens, how it stopped. */
  readonly notes: readonly string[];
  readonly parts: readonly Part[];
  readonly isFailed: boolean;
}

/** A message as a reader sees it; what is not known of its form is shown as data. */
export function messageEntry(message: LogMessage): Entry {
  const name = textAt(message, 'function');
  const failed = fieldsOf(message['error']);
  return {
    kind: message.role === 'assistant' ? 'model' : message.role,
    title: roleWords.get(message.role) ?? message.role,
    notes: [name, textAt(message, 'model')].filter((each) => each !== ''),
    parts: [...messageParts(message), ...errorParts(failed)],
    isFailed: failed !== null,
  };
}

/** An event as a reader sees it. */
export function eventEntry(event: LogEvent): Entry {
  const known = entries.get(event.event);
  if (known !== undefined)
    return { kind: event.event, isFailed: false, notes: [], ...known(event) };
  const { event: kind, timestamp: _, uuid: __, span_id: ___, ...rest } = event;
  return {
    kind,
    title: [kind.replaceAll('_', ' '), textAt(event, 'name')].join(' ').trim(),
    notes: [textAt(event, 'type')].filter((each) => each !== ''),
    parts: [{ kind: 'fold', label: 'data', text: json(rest) }],
    isFailed: false,
  };
}

/** What an entry says, as one text to search in. */
export function textOf({ title, notes, parts }: Entry): string {
  return [title, ...notes, ...parts.flatMap(({ label, text }) => [label, text])].join('\n');
}

const roleWords: ReadonlyMap<string, string> = new Map([
  ['system', 'System'],
  ['user', 'User'],
  ['assistant', 'Model'],
  ['tool', 'Tool'],
]);

type Fields = Readonly<Record<string, unknown>>;
type Seen = Pick<Entry, 'title' | 'parts'> & Partial<Entry>;

const seen: Readonly<Record<string, (event: LogEvent) => Seen>> = {
  sample_init: (event) => ({
    title: 'Task',
    parts: inputParts(fieldsOf(event['sample'])?.['input']),
  }),
  model: modelSeen,
  tool: toolSeen,
  score: (event) => {
    const score = fieldsOf(event['score']) ?? {};
    const explanation = textAt(score, 'explanation');
    return {
      title: `Score ${plainOf(score['value'])}`,
      notes: [textAt(score, 'answer')].filter((each) => each !== ''),
      parts: explanation === '' ? [] : [{ kind: 'text', label: '', text: explanation }],
    };
  },
  info: (event) => ({
    title: ['Note', textAt(event, 'source')].join(' ').trim(),
    parts: [{ kind: 'text', label: '', text: plainOf(event['data']) }],
  }),
  error: (event) => ({
    title: 'Error',
    parts: errorParts(fieldsOf(event['error'])),
    isFailed: true,
  }),
  sample_limit: (event) => ({
    title: `Stopped by a limit: ${textAt(event, 'type')}`,
    parts: [{ kind: 'text', label: '', text: textAt(event, 'message') }],
    isFailed: true,
  }),
  span_begin: (event) => ({
    title: `Begins: ${textAt(event, 'name')}`,
    notes: [textAt(event, 'type')].filter((each) => each !== ''),
    parts: [],
  }),
  span_end: () => ({ title: 'Ends', parts: [] }),
};

/** An event may be called as a member of every object is. */
const entries = new Map(Object.entries(seen));

/** What the model is asked: a text, or messages. */
function inputParts(input: unknown): readonly Part[] {
  const messages = Array.isArray(input) ? input.map(fieldsOf).filter((each) => each !== null) : [];
  return messages.length === 0 ? contentParts(input) : messages.flatMap(messageParts);
}

function modelSeen(event: LogEvent): Seen {
  const output = fieldsOf(event['output']) ?? {};
  const choices = output['choices'];
  const choice = fieldsOf(Array.isArray(choices) ? choices[0] : null) ?? {};
  const message = fieldsOf(choice['message']);
  const usage = fieldsOf(output['usage']);
  const error = plainOf(event['error'] ?? output['error']);
  const stop = textAt(choice, 'stop_reason');
  return {
    title: 'Model',
    notes: [
      textAt(event, 'model'),
      ...(usage === null ? [] : [usageWords(usage)]),
      ...(stop === '' || stop === 'stop' || stop === 'tool_calls' ? [] : [`stopped: ${stop}`]),
    ],
    parts: [
      ...(message === null ? [] : messageParts(message)),
      ...(error === '' ? [] : [{ kind: 'text' as const, label: 'error', text: error }]),
    ],
    isFailed: error !== '',
  };
}

function toolSeen(event: LogEvent): Seen {
  const failed = fieldsOf(event['error']);
  const result = contentParts(event['result']).map(
    (part): Part => (part.kind === 'text' ? { ...part, kind: 'code', label: 'result' } : part),
  );
  return {
    title: `Tool ${textAt(event, 'function')}`,
    parts: [callPart('call', event['arguments']), ...result, ...errorParts(failed)],
    isFailed: failed !== null,
  };
}

/** `12,000 in, 340 out`: tokens. */
export function usageWords(usage: Fields): string {
  const count = (name: string) => {
    const value = usage[name];
    return typeof value === 'number' ? value.toLocaleString('en-US') : '?';
  };
  return `${count('input_tokens')} in, ${count('output_tokens')} out`;
}

function messageParts(message: Fields): readonly Part[] {
  const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
  return [
    ...contentParts(message['content']).map(
      (part): Part =>
        message['role'] === 'tool' && part.kind === 'text' ? { ...part, kind: 'code' } : part,
    ),
    ...calls.map((call: unknown) => {
      const fields = fieldsOf(call) ?? {};
      return callPart(textAt(fields, 'function'), fields['arguments']);
    }),
  ];
}

function contentParts(content: unknown): readonly Part[] {
  if (content === undefined || content === null || content === '') return [];
  if (!Array.isArray(content)) {
    if (typeof content === 'string') return [{ kind: 'text', label: '', text: content }];
    return [{ kind: 'code', label: '', text: plainOf(content) }];
  }
  return content.map((each: unknown): Part => {
    const fields = fieldsOf(each);
    if (fields === null) return { kind: 'text', label: '', text: plainOf(each) };
    const type = textAt(fields, 'type');
    if (type === 'text') return { kind: 'text', label: '', text: textAt(fields, 'text') };
    if (type === 'reasoning') {
      const hidden = fields['redacted'] === true ? 'hidden by its provider' : '';
      return { kind: 'fold', label: 'reasoning', text: hidden || textAt(fields, 'reasoning') };
    }
    return { kind: 'fold', label: type, text: json(fields) };
  });
}

/** One argument that is a text, such as a command, is shown as it is typed. */
function callPart(label: string, args: unknown): Part {
  const fields = fieldsOf(args);
  const all = Object.values(fields ?? {});
  if (fields === null) return { kind: 'code', label, text: plainOf(args) };
  const only = all.length === 1 && typeof all[0] === 'string' ? all[0] : json(fields);
  return { kind: 'code', label, text: only };
}

function errorParts(error: Fields | null): readonly Part[] {
  if (error === null) return [];
  const trace = textAt(error, 'traceback');
  return [
    { kind: 'text', label: textAt(error, 'type') || 'error', text: textAt(error, 'message') },
    ...(trace === '' ? [] : [{ kind: 'fold' as const, label: 'trace', text: trace }]),
  ];
}

function fieldsOf(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value));
}

function textAt(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : null;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A value for a reader; nothing for nothing. */
export function plainOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : json(value);
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
