import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { openEvalLog } from '@breakwater/formats/eval-log';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  fileSource,
  nodeCodecs,
} from '../../../../../../../packages/formats/src/eval-log/testing/node-codecs.ts';
import { ask, closing, settled, upstream, world } from '../../../../../test/wire-asking.ts';
import { upstreamAt } from '../../../../../test/wiring.ts';
import { noPlaces } from '../watch/places.ts';
import { createWatcher } from '../watch/watcher.ts';
import { doubtsOf } from './doubt.ts';
import { estimateTokens } from './estimate.ts';

afterEach(closing);

const english =
  'The parser copies the name into a buffer of 64 bytes without a look at its length. ';

describe('an estimate', () => {
  // What o200k_base makes of them.
  test.each([
    ['words', english.repeat(10), 191],
    ['code', 'if (entry->name_len > 64) return -EINVAL; /* CVE-2026-1234 */\n'.repeat(10), 240],
    ['hex', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 44],
    ['Chinese', '解析器将名称复制到缓冲区而不检查其长度。'.repeat(10), 150],
    ['nothing', '', 0],
  ])('of %s lies near', (_, text, tokens) => {
    const estimate = estimateTokens(Buffer.from(text));
    expect(estimate).toBeGreaterThanOrEqual(tokens / 2);
    expect(estimate).toBeLessThanOrEqual(tokens * 2);
  });

  test('of signs that stand as escapes is about that of the signs', () => {
    const plain = '解析器将名称复制到缓冲区'.repeat(20);
    const escaped = plain.replaceAll(
      /./gu,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const [one, other] = [plain, escaped].map((text) => estimateTokens(Buffer.from(text)));
    expect(one).toBeCloseTo(other ?? 0, 5);
  });

  test.each([' ', '\n', '='])('of a long run of %j is that of few tokens', (sign) => {
    expect(estimateTokens(Buffer.from(sign.repeat(4_000)))).toBeLessThan(300);
  });

  test('of a long text looks at parts of it, and is that of the whole', () => {
    const text = Buffer.from(english.repeat(20_000));
    const whole = estimateTokens(Buffer.from(english)) * 20_000;
    expect(estimateTokens(text) / whole).toBeGreaterThan(0.95);
    expect(estimateTokens(text) / whole).toBeLessThan(1.05);
  });
});

describe('GAT-26 figures of an upstream', () => {
  const body = { model: 'fake', messages: [{ role: 'user', content: english.repeat(40) }] };
  const usage = (prompt: number, completion: number) => ({
    usage: { prompt_tokens: prompt, completion_tokens: completion },
  });
  const answer = (told: object, content = 'word '.repeat(100)) => [
    JSON.stringify({ choices: [{ message: { role: 'assistant', content } }], ...told }),
  ];

  test.each([
    ['as they are likely', 730, 100, []],
    ['of a thought nobody sees', 730, 900, []],
    ['with what a provider puts in front', 1_500, 100, []],
    ['of far too much input', 5_000, 100, ['figures-beyond-bound', 'figures-unlikely']],
    ['of input unlikely, and possible', 3_300, 100, []],
    ['of no input', 0, 100, ['figures-unlikely']],
    ['of no output', 730, 0, ['figures-unlikely']],
    ['of more output than the limit', 730, 1_001, ['figures-beyond-bound']],
  ])('%s count as they are, and bear their marks', async (_, prompt, completion, marks) => {
    const watcher = createWatcher({ places: noPlaces, seed: 1 });
    const fake = await upstream({ pieces: answer(usage(prompt, completion)) });
    const at = await world({ watcher });
    const secret = at.key({ upstreams: [upstreamAt(fake.baseUrl)] });
    await (await ask(at, secret, { ...body, max_tokens: 1_000 })).text();
    const [{ taken, ended } = expect.fail()] = await settled(at);
    expect(taken).toMatchObject({ inputTokens: prompt, outputTokens: completion });
    expect(ended.marks).toEqual(marks);
  });

  test('are held against no estimate where there is more than text, or it is read again', () => {
    const reserved = { inputTokens: 100_000, outputTokens: 100 };
    const of = { kind: 'chat', stream: false, reserved, text: null, said: 0 } as const;
    expect(doubtsOf({ inputTokens: 90_000, outputTokens: 1 }, of)).toEqual([]);
    expect(doubtsOf({ inputTokens: 0, outputTokens: 1 }, of)).toEqual([]);
  });

  test('of streamed responses are held against their words once, however often these are told', () => {
    const reserved = { inputTokens: 9_000, outputTokens: 9_000 };
    const of = { kind: 'responses', reserved, text: null, said: 6_000 } as const;
    const told = { inputTokens: 9, outputTokens: 240 };
    expect(doubtsOf(told, { ...of, stream: true })).toEqual([]);
    expect(doubtsOf(told, { ...of, stream: false })).toEqual(['figures-unlikely']);
  });
});

const data = process.env['BREAKWATER_DATA'] ?? path.join(process.cwd(), '../shared/data');
const folder = path.join(data, 'evals/inspect_ai/tests');

/** A call of a model as a log of Inspect has it: the body that was sent, and what was told of it. */
const ModelCall = z.object({
  event: z.literal('model'),
  model: z.string(),
  call: z.object({ request: z.record(z.string(), z.unknown()) }),
  output: z.object({
    choices: z.array(z.object({ message: z.object({ content: z.unknown() }) })),
    usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }),
  }),
});

describe.skipIf(!existsSync(folder))('real calls of five models, with their figures', () => {
  async function callsIn(file: string) {
    const opened = await openEvalLog(fileSource(file), nodeCodecs);
    if (!opened.ok) return [];
    const summaries = await opened.value.summaries({ from: 0, limit: 1_000 });
    const calls: z.infer<typeof ModelCall>[] = [];
    for (const summary of summaries.ok ? summaries.value.items : []) {
      const sample = await opened.value.sample(summary);
      const events = sample.ok ? await sample.value.events({ from: 0, limit: 1_000 }) : null;
      for (const { value } of events?.ok === true ? events.value.items : []) {
        const call = ModelCall.safeParse(value);
        if (call.success) calls.push(call.data);
      }
    }
    return calls;
  }

  test('none of them bears a mark', async () => {
    const files = globSync(`${folder}/**/*.{eval,json}`);
    const all = (await Promise.all(files.map(callsIn))).flat();
    const bodies = new Map(all.map((call) => [JSON.stringify(call.call.request), call]));
    let [texts, lowest, highest] = [0, 9, 0];
    for (const [body, { output }] of bodies) {
      const { input_tokens: inputTokens, output_tokens: outputTokens } = output.usage;
      const { content } = output.choices[0]?.message ?? {};
      const isText = !body.includes('image_url');
      const text = Buffer.from(body);
      const doubts = doubtsOf(
        { inputTokens, outputTokens },
        {
          ...{ kind: 'chat', stream: false, text: isText ? text : null },
          reserved: { inputTokens: text.length + 128, outputTokens: 16_384 },
          said: typeof content === 'string' ? content.length : 0,
        },
      );
      expect(doubts).toEqual([]);
      if (!isText) continue;
      texts += 1;
      const ratio = inputTokens / estimateTokens(text);
      [lowest, highest] = [Math.min(lowest, ratio), Math.max(highest, ratio)];
    }
    expect(texts).toBeGreaterThan(20);
    expect([lowest > 0.45, highest < 2.1], `${lowest} to ${highest}`).toEqual([true, true]);
  });
});
