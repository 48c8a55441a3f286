import type { Script } from './gateway-wire-seen.ts';

interface Telling {
  readonly script: Script;
  /** Whether the figures are told. */
  readonly tells: boolean;
}

/** The body of a call, as far as it matters here. */
export interface Asked {
  readonly messages: readonly { readonly content: string }[];
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly stream_options?: { readonly include_usage?: boolean };
}

/** Whether a call is told its figures: of the one wire's streams, that has to be asked for. */
export function asksFigures(asked: Asked): boolean {
  if (asked.stream !== true || asked.max_tokens !== undefined) return true;
  return asked.stream_options?.include_usage === true;
}

/** What an upstream answers, by pieces: words, then the figures, then the end. */
export function answerTo(asked: Asked, telling: Telling): readonly string[] {
  const isMessages = asked.max_tokens !== undefined;
  if (asked.stream === true) return isMessages ? messages(telling) : chat(telling);
  const whole = isMessages ? wholeMessage(telling) : wholeChat(telling);
  const third = Math.ceil(whole.length / 3);
  return [whole.slice(0, third), whole.slice(third, 2 * third), whole.slice(2 * third)];
}

/** How the last piece ends of an answer that came to its end. */
export const lastWords = ['data: [DONE]\n\n', 'data: {"type":"message_stop"}\n\n'];

function words({ pieces }: Script): readonly string[] {
  return Array.from({ length: pieces }, (_, at) => `word ${at} `);
}

function event(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function chatUsage({ input, output }: Script) {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function chat({ script, tells }: Telling): readonly string[] {
  const chunk = (more: object) => event({ id: `c-${script.n}`, ...more });
  return [
    ...words(script).map((content) => chunk({ choices: [{ index: 0, delta: { content } }] })),
    tells ? chunk({ choices: [], usage: chatUsage(script) }) : ': nothing more\n\n',
    'data: [DONE]\n\n',
  ];
}

function wholeChat({ script, tells }: Telling): string {
  const message = { role: 'assistant', content: words(script).join('') };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const usage = tells ? { usage: chatUsage(script) } : {};
  return JSON.stringify({ id: `c-${script.n}`, choices, ...usage });
}

function inputUsage({ input, cached }: Script) {
  return { input_tokens: input - cached, cache_read_input_tokens: cached };
}

function messages({ script, tells }: Telling): readonly string[] {
  const usage = tells ? { usage: inputUsage(script) } : {};
  const output = tells ? { usage: { output_tokens: script.output } } : {};
  return [
    event({ type: 'message_start', message: { id: `m-${script.n}`, ...usage } }),
    ...words(script).map((text) =>
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    ),
    event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, ...output }),
    event({ type: 'message_stop' }),
  ];
}

function wholeMessage({ script, tells }: Telling): string {
  const content = [{ type: 'text', text: words(script).join('') }];
  const usage = tells ? { usage: { ...inputUsage(script), output_tokens: script.output } } : {};
  return JSON.stringify({ id: `m-${script.n}`, type: 'message', content, ...usage });
}
