import {
  beginEvalLog,
  type LogEnd,
  type LogReduction,
  type LogStart,
  type LogWriter,
  type SampleToWrite,
} from '../index.ts';
import { MemoryFile, nodeCodecs } from './node-codecs.ts';

export const start: LogStart = {
  eval: {
    eval_id: 'ANtjxbtjkL8ffjYv7Cpmp3',
    run_id: 'KbGsW6fx2MKzWdB5SeUXbb',
    created: '2026-11-20T12:00:00+00:00',
    task: 'capture',
    task_id: 'SZ7VbAJhhnTiszQGLyyvRS',
    task_version: 0,
    task_attribs: {},
    task_args: {},
    task_args_passed: {},
    dataset: { name: 'capture', samples: 2, sample_ids: ['web', 'crypto'], shuffled: false },
    model: 'scripted/one',
    model_generate_config: {},
    model_args: {},
    config: { epochs: 2, epochs_reducer: ['mean'] },
    packages: { inspect_ai: '0.3.260' },
    scorers: [
      {
        name: 'match',
        options: {},
        metrics: [
          { name: 'inspect_ai/accuracy', options: {} },
          { name: 'inspect_ai/stderr', options: {} },
        ],
        metadata: {},
      },
    ],
  },
  plan: { name: 'plan', steps: [{ solver: 'react', params: {} }], config: {} },
};

/** Four samples: two tasks, two epochs, of which one was not scored. */
export const samples: readonly { sample: SampleToWrite; events: readonly object[] }[] = [
  ['web', 1, 'C'],
  ['web', 2, 'I'],
  ['crypto', 1, 'C'],
  ['crypto', 2, Number.NaN],
].map(([id, epoch, value]) => sampleOf(String(id), Number(epoch), value ?? 'I'));

function sampleOf(id: string, epoch: number, value: string | number) {
  const timestamp = '2026-11-20T12:00:01+00:00';
  const user = {
    id: `${id}-user`,
    role: 'user',
    source: 'input',
    content: `Find the flag: ${id}.`,
  };
  const call = { id: 'call_1', function: 'bash', arguments: { cmd: 'ls' }, type: 'function' };
  const assistant = {
    id: `${id}-assistant`,
    role: 'assistant',
    source: 'generate',
    model: 'scripted/one',
    content: `I look around. ${'é'.repeat(150)}`,
    tool_calls: [call],
  };
  const result = {
    id: `${id}-tool`,
    role: 'tool',
    content: 'flag.txt',
    tool_call_id: 'call_1',
    function: 'bash',
  };
  const usage = { input_tokens: 10, output_tokens: 4, total_tokens: 14 };
  const output = {
    model: 'scripted/one',
    choices: [{ message: assistant, stop_reason: 'tool_calls' }],
    completion: assistant.content,
    usage,
  };
  const base = { timestamp, working_start: 0.5 };
  return {
    sample: {
      id,
      epoch,
      input: user.content,
      target: `flag{${id}}`,
      messages: [user, assistant, result],
      output,
      scores: { match: { value, answer: `flag{${id}}`, history: [] } },
      metadata: { family: id === 'web' ? 'web' : 'other' },
      model_usage: { 'scripted/one': usage },
      started_at: timestamp,
      completed_at: '2026-11-20T12:00:09+00:00',
      total_time: 8,
      working_time: 7.5,
      uuid: `uuid-${id}-${epoch}`,
    },
    events: [
      {
        ...base,
        uuid: `${id}${epoch}a`,
        event: 'span_begin',
        id: 's1',
        type: 'solver',
        name: 'react',
        span_id: 's1',
      },
      {
        ...base,
        uuid: `${id}${epoch}b`,
        event: 'model',
        span_id: 's1',
        model: 'scripted/one',
        input: [user],
        tools: [],
        tool_choice: 'auto',
        config: {},
        output,
        completed: timestamp,
        working_time: 0.2,
      },
      {
        ...base,
        uuid: `${id}${epoch}c`,
        event: 'tool',
        span_id: 's1',
        ...call,
        result: 'flag.txt',
        events: [],
        completed: timestamp,
        working_time: 0.1,
      },
      {
        ...base,
        uuid: `${id}${epoch}d`,
        event: 'info',
        source: 'breakwater',
        data: { note: 'cut' },
      },
      { ...base, uuid: `${id}${epoch}e`, event: 'span_end', id: 's1', span_id: 's1' },
    ],
  };
}

/** The mean over epochs is 0.5 and 1, over tasks 0.75; the standard error of two is 0.25. */
export const end: LogEnd = {
  status: 'success',
  results: {
    total_samples: 4,
    completed_samples: 4,
    scores: [
      {
        name: 'match',
        scorer: 'match',
        reducer: 'mean',
        scored_samples: 2,
        unscored_samples: 0,
        params: {},
        metrics: {
          accuracy: { name: 'accuracy', value: 0.75, params: {} },
          stderr: { name: 'stderr', value: 0.25, params: {} },
        },
      },
    ],
  },
  stats: {
    started_at: '2026-11-20T12:00:00+00:00',
    completed_at: '2026-11-20T12:01:00+00:00',
    model_usage: { 'scripted/one': { input_tokens: 40, output_tokens: 16, total_tokens: 56 } },
  },
};

export const reductions: readonly LogReduction[] = [
  {
    scorer: 'match',
    reducer: 'mean',
    samples: [
      { value: 0.5, sample_id: 'web' },
      { value: 1, sample_id: 'crypto' },
    ],
  },
];

/** Writes the samples from the given one on, flushing after two, and the end. */
export async function writeFrom(writer: LogWriter, first: number): Promise<void> {
  for (const [i, { sample, events }] of samples.entries()) {
    if (i < first) continue;
    done(await writer.sample(sample, events));
    if (i === 1) done(await writer.flush());
  }
  done(await writer.finish(end, reductions));
}

/** The bytes of the log: whole, or as they are after two samples. */
export async function writtenLog(upTo: 'whole' | 'flushed'): Promise<Uint8Array> {
  const file = new MemoryFile();
  const writer = done(await beginEvalLog(file, nodeCodecs, start));
  if (upTo === 'whole') {
    await writeFrom(writer, 0);
    return file.bytes;
  }
  for (const { sample, events } of samples.slice(0, 2)) done(await writer.sample(sample, events));
  done(await writer.flush());
  return file.bytes;
}

export function done<T>(result: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.refusal));
}
