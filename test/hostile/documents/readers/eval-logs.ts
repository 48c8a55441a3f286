import { checkMetrics, openEvalLog, recordsOf, resumeEvalLog } from '@breakwater/formats/eval-log';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { LogFault } from '../../../../packages/formats/src/eval-log/fault.ts';
import {
  MemoryFile,
  memorySource,
  nodeCodecs,
} from '../../../../packages/formats/src/eval-log/testing/node-codecs.ts';
import {
  end,
  reductions,
  samples,
  start,
  writtenLog,
} from '../../../../packages/formats/src/eval-log/testing/sample-log.ts';
import { ZipWriter } from '../../../../packages/formats/src/eval-log/zip-writer.ts';
import { all, jsonOf, type Reader, realData, written } from '../reader.ts';

const finished = await writtenLog('whole');
const unfinished = await writtenLog('flushed');
const cutOff = finished.subarray(0, finished.length - 900);

const documents = written({
  version: 2,
  ...start,
  ...end,
  samples: samples.map(({ sample, events }) => ({
    ...sample,
    scores: { match: { value: 'C' } },
    events: [{ event: 'model', input: [], input_refs: [[0, 1]] }, ...events],
    attachments: { a: 'a long text' },
    events_data: { messages: [{ role: 'user', content: 'attachment://a' }], calls: [] },
  })),
  reductions,
});

/** Unpacking costs many times what reading does. */
const slow = 0.2;

export const evalLogReaders: readonly Reader[] = [
  {
    reads: ['@breakwater/formats/eval-log#openEvalLog'],
    share: slow,
    // a page holds what it refers to as often as it does
    growthMax: 1000,
    seeds: all(
      () => [finished, unfinished, cutOff],
      documents,
      realData('evaluation/eval-logs', '.eval'),
    ),
    read: readAll,
  },
  {
    // the same, broken inside of its members and packed again
    reads: ['@breakwater/formats/eval-log#openEvalLog'],
    share: slow,
    growthMax: 1000,
    seeds: written(
      membersOf([{ event: 'model', input: [], input_refs: [[0, 1]] }]),
      membersOf([{ event: 'info', data: 'tc://a' }]),
    ),
    read: async (document) => {
      const file = new MemoryFile();
      const zip = new ZipWriter(file, nodeCodecs, { members: [], start: 0 });
      for (const [name, value] of Object.entries(jsonOf(document) ?? {})) {
        const added = await packed(zip, name, value);
        if (!added.ok) return added;
      }
      await zip.writeDirectory();
      return await readAll(file.bytes);
    },
  },
  {
    reads: ['@breakwater/formats/eval-log#resumeEvalLog'],
    share: slow / 2,
    seeds: () => [unfinished, cutOff],
    read: async (document) => {
      const file = new MemoryFile();
      await file.write(0, document);
      const writer = await resumeEvalLog(file, nodeCodecs);
      return writer.ok ? ok(writer.value.done()) : writer;
    },
  },
];

/** The members of a log of both forms of samples, by their names. */
function membersOf(events: readonly object[]) {
  const [first] = samples;
  const part = { ...first?.sample, messages: undefined, message_refs: [[0, 1]] };
  return {
    '_journal/start.json': { version: 2, ...start },
    'samples/web_epoch_1.json': { ...first?.sample, events, attachments: { a: 'a long text' } },
    'samples/crypto_epoch_1/sample.json': { ...part, id: 'crypto' },
    'samples/crypto_epoch_1/messages/0.json': [{ role: 'user', content: 'attachment://0' }],
    'samples/crypto_epoch_1/events/0.json': events,
    'samples/crypto_epoch_1/attachments/0.json': ['a long text'],
    'reductions.json': reductions,
    'header.json': { version: 2, ...start, ...end },
  };
}

async function packed(zip: ZipWriter, name: string, value: unknown): Promise<Result<null>> {
  async function* text() {
    yield new TextEncoder().encode(JSON.stringify(value) ?? '');
  }
  try {
    await zip.add(name, text());
    return ok(null);
  } catch (error) {
    if (error instanceof LogFault) return refuse(error.refusal);
    throw error;
  }
}

/** As a viewer does: the header, the list of samples, every figure, the first pages of the first. */
async function readAll(document: Uint8Array): Promise<Result<unknown>> {
  const log = await openEvalLog(memorySource(document), nodeCodecs);
  if (!log.ok) return log;
  const { header } = log.value;
  const page = await log.value.summaries({ from: 0, limit: 10 });
  if (!page.ok) return page;
  const { items } = page.value;
  const figures = (header.results?.scores ?? []).flatMap((score) =>
    checkMetrics(score, recordsOf(items, score.scorer)),
  );
  const [first] = items;
  if (first === undefined) return ok({ header, figures });
  const sample = await log.value.sample(first);
  if (!sample.ok) return sample;
  const events = await sample.value.events({ from: 0, limit: 20 });
  const messages = await sample.value.messages({ from: 0, limit: 20 });
  return events.ok ? ok({ header, items, figures, events, messages }) : events;
}
