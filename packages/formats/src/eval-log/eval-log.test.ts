import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkMetrics,
  type EvalLog,
  type LogPage,
  openEvalLog,
  recordsOf,
  type SampleSummary,
} from './index.ts';
import { fileSource, MemoryFile, nodeCodecs } from './testing/node-codecs.ts';
import { done } from './testing/sample-log.ts';

const data =
  process.env['BREAKWATER_DATA'] ?? path.join(import.meta.dirname, '../../../../../shared/data');
const inspect = path.join(data, 'evals/inspect_ai/tests');
const viewer = path.join(data, 'evals/ts-mono/apps/inspect/src/log_data/chunked/fixtures/logs');
const vectors = path.join(import.meta.dirname, 'vectors');

async function open(file: string): Promise<EvalLog> {
  return done(await openEvalLog(fileSource(file), nodeCodecs));
}

async function summariesOf(log: EvalLog): Promise<SampleSummary[]> {
  const page = done(await log.summaries({ from: 0, limit: 1_000 }));
  expect(page.next).toBe(null);
  return [...page.items];
}

/** Everything of every sample, its references in their places. */
async function wholeOf(log: EvalLog) {
  const all: unknown[] = [];
  for (const summary of await summariesOf(log)) {
    const sample = done(await log.sample(summary));
    const events = done(await sample.events({ from: 0, limit: 1_000 }));
    const messages = done(await sample.messages({ from: 0, limit: 1_000 }));
    expect([events.next, messages.next]).toEqual([null, null]);
    all.push({
      head: sample.head,
      events: events.items.map(({ value }) => value),
      messages: messages.items.map(({ value }) => value),
    });
  }
  return all;
}

async function figuresOf(log: EvalLog) {
  const summaries = await summariesOf(log);
  return (log.header.results?.scores ?? []).flatMap((score) =>
    checkMetrics(score, recordsOf(summaries, score.scorer)),
  );
}

describe('logs that Inspect wrote', () => {
  it('the header, the samples and their figures', async () => {
    const log = await open(path.join(vectors, 'log_streaming.eval'));
    expect([log.form, log.status, log.isFinished]).toEqual(['eval', 'success', true]);
    expect(log.header.eval.task).toBe('popularity');
    const keys = (await summariesOf(log)).map(({ id, epoch }) => `${id}.${epoch}`);
    expect(keys.toSorted()).toEqual(['1.1', '1.2', '2.1', '2.2']);
    for (const { told, computed } of await figuresOf(log)) expect(computed).toBeCloseTo(told, 9);
    const [reduction] = done(await log.reductions());
    expect(reduction?.samples).toHaveLength(2);
  });

  it('messages that events refer to, and long texts, are put in their places', async () => {
    const log = await open(path.join(vectors, 'log_message_deduplication.eval'));
    const sample = done(await log.sample({ id: '0', epoch: 1 }));
    const page = done(await sample.events({ from: 0, limit: 100 }));
    const models = page.items.flatMap(({ value }) => (value?.event === 'model' ? [value] : []));
    const inputs = models.map(({ input }) => (Array.isArray(input) ? input.length : -1));
    expect(inputs).toEqual([1, 3, 5, 7, 9, 11]);
    expect(JSON.stringify(page)).not.toMatch(/attachment:\/\/|input_refs|call_refs/);
    const kept = done(await sample.events({ from: 0, limit: 100 }, { references: 'kept' }));
    expect(JSON.stringify(kept)).toMatch(/attachment:\/\/.*input_refs/);
  });

  it('pages of events are the parts of the whole, from a scratch file or unpacked again', async () => {
    let scratches = 0;
    const lent = {
      ...nodeCodecs,
      scratch: () => {
        scratches += 1;
        return Promise.resolve(new MemoryFile());
      },
    };
    const file = fileSource(path.join(vectors, 'log_message_deduplication.eval'));
    const pages: unknown[][] = [];
    for (const codecs of [nodeCodecs, lent]) {
      const log = done(await openEvalLog(file, codecs));
      const sample = done(await log.sample({ id: '0', epoch: 1 }));
      const items: unknown[] = [];
      for (let from: number | null = 0; from !== null; ) {
        const page: LogPage<unknown> = done(await sample.events({ from, limit: 5 }));
        items.push(...page.items);
        from = page.next;
      }
      expect(items).toHaveLength(sample.eventCount);
      expect(items).toEqual(done(await sample.events({ from: 0, limit: 100 })).items);
      pages.push(items);
    }
    expect(scratches).toBe(1);
    expect(pages[0]).toEqual(pages[1]);
  });

  it('the first events of a sample, read no further than they go', async () => {
    const file = fileSource(path.join(vectors, 'log_tool_call_error.json'));
    const json = done(await openEvalLog(file, nodeCodecs));
    expect(done(await json.firstEvents({ id: 1, epoch: 4 }, 3))).toEqual([]);
    const log = await open(path.join(vectors, 'log_message_deduplication.eval'));
    const sample = done(await log.sample({ id: '0', epoch: 1 }));
    const kept = done(await sample.events({ from: 0, limit: 7 }, { references: 'kept' }));
    expect(done(await log.firstEvents({ id: '0', epoch: 1 }, 7))).toEqual(kept.items);
    expect(done(await log.firstEvents({ id: '0', epoch: 1 }, Number.NaN))).toEqual([]);
    const none = await log.firstEvents({ id: '1', epoch: 1 }, 7);
    expect(none).toMatchObject({ ok: false, refusal: { code: 'no-such-sample' } });
  });

  it('a JSON log, whose samples have no summaries', async () => {
    const log = await open(path.join(vectors, 'log_tool_call_error.json'));
    expect([log.form, log.header.eval.dataset.samples]).toEqual([
      'json',
      log.header.eval.dataset.samples,
    ]);
    const [summary] = await summariesOf(log);
    expect(summary).toMatchObject({ id: 1, epoch: 4, message_count: 11, completed: true });
    expect(await wholeOf(log)).toHaveLength(1);
    const missing = await log.sample({ id: 2, epoch: 1 });
    expect(missing).toMatchObject({ ok: false, refusal: { code: 'no-such-sample' } });
  });
});

describe.skipIf(!existsSync(inspect))('the data set (needs BREAKWATER_DATA)', () => {
  /** Logs that Inspect itself refuses, and the skeletons of a test. */
  const refused = new Map([
    ['log_invalid.txt', 'not-json'],
    ['log_version_3.txt', 'version-unknown'],
  ]);
  const files = [
    ...globSync(path.join(data, '{evals,evaluation}/**/*.eval')),
    ...globSync(path.join(inspect, '**/*.{json,txt}')),
  ].filter((file) => !file.includes('/test_skeleton/'));

  it('every log is read, to the last event, and its figures are those of its header', async () => {
    const found = { logs: 0, samples: 0, events: 0, figures: 0, refused: 0 };
    for (const file of files) {
      const code = refused.get(path.basename(file));
      if (code !== undefined) {
        const opened = await openEvalLog(fileSource(file), nodeCodecs);
        expect(opened).toMatchObject({ ok: false, refusal: { code } });
        found.refused += 1;
        continue;
      }
      const log = await open(file);
      const samples = await wholeOf(log);
      expect(JSON.stringify(samples), file).not.toMatch(/"(attachment|tc):\/\//);
      found.logs += 1;
      found.samples += samples.length;
      found.events += samples.reduce<number>((sum, each) => sum + eventsOf(each), 0);
      for (const { computed, told, reason } of await figuresOf(log)) {
        if (computed === null) expect(reason).toBe('values-missing');
        else {
          expect(Math.abs(computed - told), file).toBeLessThan(1e-9);
          found.figures += 1;
        }
      }
    }
    expect(found).toEqual({ logs: 43, samples: 110, events: 1_501, figures: 74, refused: 2 });
  });

  it.each(globSync('*.eval', { cwd: path.join(viewer, 'original') }))(
    '%s is the same in one member and in parts',
    async (name) => {
      const [whole, parts] = await Promise.all(
        ['original', 'chunked'].map(async (form) =>
          wholeOf(await open(path.join(viewer, form, name))),
        ),
      );
      expect(parts?.length).toBe(whole?.length);
      const log = await open(path.join(viewer, 'chunked', name));
      const [first] = await summariesOf(log);
      if (first !== undefined) expect(done(await log.firstEvents(first, 3))).toHaveLength(3);
      for (const [i, sample] of (whole ?? []).entries()) {
        expect(eventsOf(parts?.[i])).toBe(eventsOf(sample));
        expect(inputsOf(parts?.[i])).toEqual(inputsOf(sample));
      }
    },
  );
});

function membersOf(sample: unknown): { events: { event: string; input?: unknown[] }[] } {
  return sample as { events: { event: string; input?: unknown[] }[] }; // pays: wholeOf made it
}

function eventsOf(sample: unknown): number {
  return membersOf(sample).events.length;
}

/** How many messages each model was given. */
function inputsOf(sample: unknown): (number | undefined)[] {
  const models = membersOf(sample).events.filter(({ event }) => event === 'model');
  return models.map(({ input }) => input?.length);
}
