import { z } from 'zod';
import { formatLogJson } from './log-json.ts';
import { SampleHead, type SampleId } from './shapes.ts';

const bag = z.record(z.string(), z.unknown()).default({});

/** A sample to be written: Inspect's members, as many as there are, in its order or another. */
export interface SampleToWrite {
  readonly id: SampleId;
  readonly epoch: number;
  readonly input: unknown;
  readonly target: unknown;
  readonly [member: string]: unknown;
}

export const CompleteSample = SampleHead.extend({
  messages: z.array(z.looseObject({ role: z.string() })).default([]),
  // what Inspect's readers do not do without
  output: z.looseObject({}).default({ model: '', choices: [], completion: '' }),
  metadata: bag,
  store: bag,
  model_usage: bag,
  role_usage: bag,
  attachments: bag,
});
export type CompleteSample = z.infer<typeof CompleteSample>;

/** Events one by one, so that a sample with very many is never held. */
export type EventsToWrite = Iterable<unknown> | AsyncIterable<unknown>;

const order = [
  'id',
  'epoch',
  'input',
  'choices',
  'target',
  'sandbox',
  'files',
  'setup',
  'messages',
  'output',
  'scores',
  'metadata',
  'store',
  'events',
  'timelines',
  'model_usage',
  'role_usage',
  'started_at',
  'completed_at',
  'total_time',
  'working_time',
  'uuid',
  'invalidation',
  'error',
  'error_retries',
  'attachments',
  'events_data',
  'limit',
  'turn_count',
];

/** So much text is handed on at once. */
const chunkChars = 64 * 1024;

/** The text of a sample, in Inspect's order of members, in chunks. */
export async function* textOfSample(
  sample: CompleteSample,
  events: EventsToWrite,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let waiting = '';
  for await (const part of partsOf(sample, events)) {
    waiting += part;
    if (waiting.length < chunkChars) continue;
    yield encoder.encode(waiting);
    waiting = '';
  }
  yield encoder.encode(waiting);
}

async function* partsOf(
  sample: Readonly<Record<string, unknown>>,
  events: EventsToWrite,
): AsyncGenerator<string> {
  const extra = Object.keys(sample).filter((name) => !order.includes(name));
  let before = '{';
  for (const name of [...order, ...extra]) {
    if (name === 'events') {
      yield `${before}"events":[`;
      let separator = '';
      for await (const event of events) {
        yield `${separator}${formatLogJson(event)}`;
        separator = ',';
      }
      yield ']';
    } else if (sample[name] !== undefined) {
      yield `${before}${JSON.stringify(name)}:${formatLogJson(sample[name])}`;
    } else continue;
    before = ',';
  }
  yield '}';
}
