import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallKind, createFigureReader, type Figures } from './figures.ts';
import { JsonScan, valueBytesMax } from './json-scan.ts';

/** Reads `text` in pieces that end at each of `cuts`. */
function readIn(
  kind: CallKind,
  text: string,
  { stream, cuts }: { stream: boolean; cuts: number[] },
) {
  const reader = createFigureReader(kind, stream);
  const bytes = Buffer.from(text);
  let from = 0;
  for (const cut of [...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  )) {
    // The network's buffer is written over as soon as a piece was handed on.
    const piece = Buffer.from(bytes.subarray(from, cut));
    reader.push(piece);
    piece.fill(0x7b);
    from = cut;
  }
  return reader.end();
}

const cuts = fc.array(fc.nat(), { maxLength: 40 });

interface Example {
  readonly what: string;
  readonly kind: CallKind;
  readonly stream: boolean;
  readonly text: string;
  readonly figures: Figures | null;
}

const chatUsage =
  '{"prompt_tokens":9,"completion_tokens":12,"prompt_tokens_details":{"cached_tokens":4}}';
const chunk = (usage: string, content = 'usage\\":{\\"prompt_tokens\\":1}') =>
  `data: {"id":"c","choices":[{"delta":{"content":"${content}"},"usage":{"prompt_tokens":7}}],"usage":${usage}}\n\n`;

const examples: readonly Example[] = [
  {
    what: 'a chat completion',
    kind: 'chat',
    stream: false,
    text: `{"choices":[{"message":{"content":"\\"usage\\":{}","usage":{"prompt_tokens":1}}}],\n "usage" : ${chatUsage} }`,
    figures: { inputTokens: 9, outputTokens: 12, cacheReadTokens: 4 },
  },
  {
    what: 'a chat completion in a stream, in its last chunk',
    kind: 'chat',
    stream: true,
    text: `${chunk('null')}: a comment\r\n\r\n${chunk('null')}${chunk(chatUsage)}data: [DONE]\n\n`,
    figures: { inputTokens: 9, outputTokens: 12, cacheReadTokens: 4 },
  },
  {
    what: 'a chat stream of which nobody asked for figures',
    kind: 'chat',
    stream: true,
    text: 'data: {"choices":[{"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n',
    figures: null,
  },
  {
    what: 'a stream cut before its last event ended',
    kind: 'chat',
    stream: true,
    text: `${chunk('null')}data: {"usage":${chatUsage}}`,
    figures: null,
  },
  {
    what: 'embeddings',
    kind: 'embeddings',
    stream: false,
    text: '{"data":[{"embedding":[0.1,-2e-3]}],"usage":{"prompt_tokens":8,"total_tokens":8}}',
    figures: { inputTokens: 8, outputTokens: 0, cacheReadTokens: 0 },
  },
  {
    what: 'a response in a stream, lines ending in CR alone',
    kind: 'responses',
    stream: true,
    text:
      'event: response.created\rdata: {"type":"response.created","response":{"usage":null}}\r\r' +
      'event: response.completed\rdata:{"type":"response.completed","response":{"output":[{"usage":1}],' +
      '"usage":{"input_tokens":3,"output_tokens":5,"input_tokens_details":{"cached_tokens":0}}}}\r\r',
    figures: { inputTokens: 3, outputTokens: 5, cacheReadTokens: 0 },
  },
  {
    what: 'a message in a stream, its data on two lines',
    kind: 'messages',
    stream: true,
    text:
      'event: message_start\r\ndata: {"type":"message_start","message":{"content":[],\r\n' +
      'data: "usage":{"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":7,"output_tokens":1}}}\r\n\r\n' +
      'data: {"type":"message_delta","delta":{},"usage":{"output_tokens":42,"input_tokens":null}}\r\n\r\n' +
      'data: {"type":"message_stop"}\r\n\r\n',
    figures: { inputTokens: 117, outputTokens: 42, cacheReadTokens: 100, cacheWriteTokens: 7 },
  },
  {
    what: 'a message whose stream broke off before it stopped',
    kind: 'messages',
    stream: true,
    text:
      'data: {"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}\n\n' +
      'data: {"type":"message_delta","usage":{"output_tokens":42}}\n\n',
    figures: null,
  },
  {
    what: 'counts that are none',
    kind: 'chat',
    stream: false,
    text: '{"usage":{"prompt_tokens":-1,"completion_tokens":1e99}}',
    figures: null,
  },
  {
    what: 'a message, of two the last figures',
    kind: 'messages',
    stream: false,
    text: '{"usage":{"input_tokens":1,"output_tokens":1},"usage":{"input_tokens":2,"output_tokens":3}}',
    figures: { inputTokens: 2, outputTokens: 3, cacheReadTokens: 0, cacheWriteTokens: 0 },
  },
];

describe('the upstream’s figures', () => {
  test.each(examples)('GAT-24 are read of $what, wherever it is cut', (example) => {
    const { kind, text, stream, figures } = example;
    expect(readIn(kind, text, { stream, cuts: [] })).toEqual(figures);
    const bytes = Buffer.from(text).length;
    const everywhere = Array.from({ length: bytes }, (_, at) => at);
    expect(readIn(kind, text, { stream, cuts: everywhere })).toEqual(figures);
    fc.assert(
      fc.property(cuts, (at) => {
        expect(readIn(kind, text, { stream, cuts: at })).toEqual(figures);
      }),
    );
  });

  test('GAT-24 are found in any JSON around them, and nothing of it is taken for them', () => {
    const around = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 });
    fc.assert(
      fc.property(around, fc.nat(9_999), fc.nat(9_999), cuts, (fields, input, output, at) => {
        const usage = { input_tokens: input, output_tokens: output };
        const { usage: _, ...others } = fields;
        const text = JSON.stringify({ ...others, usage, after: fields }, null, input % 3);
        expect(readIn('messages', text, { stream: false, cuts: at })).toMatchObject({
          inputTokens: input,
          outputTokens: output,
        });
      }),
    );
  });

  test('GAT-24 no bytes at all make the readers throw', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 40 }),
            fc.constantFrom('data:', '\n\n', '{"usage":', '}}', '"\\'),
          ),
          {
            maxLength: 30,
          },
        ),
        fc.boolean(),
        (pieces, stream) => {
          const reader = createFigureReader('messages', stream);
          for (const piece of pieces) reader.push(Buffer.from(piece));
          const figures = reader.end();
          expect(figures === null || figures.inputTokens >= 0).toBe(true);
        },
      ),
    );
  });
});

describe('a value that is too long', () => {
  test('is not held, and what comes after it is read', () => {
    const scan = new JsonScan({ usage: true, type: true });
    scan.push(Buffer.from('{"usage":"'));
    for (let i = 0; i < 64; i++) scan.push(Buffer.alloc(valueBytesMax, 0x61));
    scan.push(Buffer.from('","type":"end"}'));
    expect([...scan.found]).toEqual([['type', 'end']]);
  });
});
