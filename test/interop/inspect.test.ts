import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  beginEvalLog,
  checkMetrics,
  type EvalLog,
  openEvalLog,
  recordsOf,
} from '@breakwater/formats/eval-log';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  fileSource,
  MemoryFile,
  nodeCodecs,
} from '../../packages/formats/src/eval-log/testing/node-codecs.ts';
import { done, writtenLog } from '../../packages/formats/src/eval-log/testing/sample-log.ts';
import { noBrowser, startChromium } from '../browser/chromium.ts';
import { expectShown, logOfRun } from './inspect-shown.ts';

// Our logs in Inspect's own reader and viewer, and Inspect's in ours. It is installed apart, in its
// pinned version, in the long form alone.
const isLong = process.env['BREAKWATER_LONG'] === '1';

const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const venv = path.join(folder, 'python');
const requirements = path.join(import.meta.dirname, 'python/inspect-requirements.txt');
const script = path.join(import.meta.dirname, 'python/inspect_logs.py');
// What a program may write beside its logs is written here.
const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder };
const hasPython =
  isLong &&
  runs('python3', ['-m', 'venv', venv]) &&
  runs(path.join(venv, 'bin/pip'), ['install', '--quiet', '-r', requirements]);

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: folder, timeout: 480_000 }).status === 0;
}

function inspect(...args: readonly string[]): unknown {
  const run = spawnSync(path.join(venv, 'bin/python'), [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(run.stderr.slice(-2_000));
  return JSON.parse(run.stdout);
}

const Figure = z.tuple([z.string(), z.string().nullable(), z.string(), z.unknown()]);
const Read = z.object({
  status: z.string(),
  task: z.string(),
  samples: z.array(
    z.object({
      id: z.string(),
      epoch: z.int(),
      values: z.record(z.string(), z.unknown()),
      messages: z.array(z.string()),
      events: z.array(z.string()),
      inputs: z.array(z.int()),
    }),
  ),
  summaries: z.int(),
  reductions: z.array(z.tuple([z.string(), z.string().nullable(), z.array(z.unknown())])),
  figures: z.array(Figure),
  recomputed: z.array(Figure),
});
type Read = z.infer<typeof Read>;

function readByInspect(...files: readonly string[]): readonly Read[] {
  return z.array(Read).parse(inspect('read', ...files));
}

/** JSON has no NaN. */
function plain(value: unknown): unknown {
  return Number.isNaN(value) ? 'NaN' : value;
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = z.array(z.looseObject({ text: z.string().default('') })).parse(content);
  return parts.map(({ text }) => text).join('');
}

const all = { from: 0, limit: 1_000 };

/** The same of a log, by our reader; what we compute in place of what the header tells. */
async function readByUs(log: EvalLog): Promise<Omit<Read, 'recomputed'>> {
  const { items: summaries } = done(await log.summaries(all));
  const samples: Read['samples'] = [];
  for (const summary of summaries) {
    const sample = done(await log.sample(summary));
    const events = done(await sample.events(all)).items.map(({ value }) => value);
    const models = events.filter((event) => event?.event === 'model');
    const scores = Object.entries(sample.head.scores ?? {});
    samples.push({
      id: String(summary.id),
      epoch: summary.epoch,
      values: Object.fromEntries(scores.map(([name, { value }]) => [name, plain(value)])),
      messages: done(await sample.messages(all)).items.map(({ value }) => textOf(value?.content)),
      events: events.map((event) => event?.event ?? ''),
      inputs: models.map((event) => z.array(z.unknown()).parse(event?.['input']).length),
    });
  }
  samples.sort((a, b) => (a.id === b.id ? a.epoch - b.epoch : a.id < b.id ? -1 : 1));
  const figures = (log.header.results?.scores ?? []).flatMap((score) =>
    checkMetrics(score, recordsOf(summaries, score.scorer)).map(
      ({ score: name, reducer, metric, computed }): Read['figures'][number] => [
        name,
        reducer,
        metric,
        plain(computed),
      ],
    ),
  );
  const reductions = done(await log.reductions()).map(
    ({ scorer, reducer, samples: reduced }): Read['reductions'][number] => [
      scorer,
      reducer ?? null,
      reduced.map(({ value }) => plain(value)),
    ],
  );
  const { status, header } = log;
  return {
    status,
    task: header.eval.task,
    samples,
    summaries: summaries.length,
    reductions,
    figures,
  };
}

/** Figures within 1e-9 of each other, all else the same. */
function expectSame(ours: Omit<Read, 'recomputed'>, theirs: Read): void {
  const { recomputed: _, figures, ...rest } = theirs;
  expect({ ...ours, figures: [] }).toEqual({ ...rest, figures: [] });
  expect(ours.figures.map(([...names]) => names.slice(0, 3))).toEqual(
    figures.map(([...names]) => names.slice(0, 3)),
  );
  for (const [i, [name, reducer, metric, value]] of figures.entries()) {
    const mine = ours.figures[i]?.[3];
    const isSame = mine === value || Math.abs(Number(mine) - Number(value)) < 1e-9;
    expect(isSame, `${name} ${reducer} ${metric}: ${String(mine)}, not ${String(value)}`).toBe(
      true,
    );
  }
}

/** The log again, by our writer. */
async function writtenAgain(log: EvalLog): Promise<Uint8Array> {
  const file = new MemoryFile();
  const { version: _, eval: spec, plan, status, ...end } = log.header;
  const writer = done(await beginEvalLog(file, nodeCodecs, { eval: spec, plan }));
  for (const key of done(await log.summaries(all)).items) {
    const sample = done(await log.sample(key));
    const messages = done(await sample.messages(all)).items.flatMap(({ value }) => value ?? []);
    const events = done(await sample.events(all)).items.map(({ value }) => value);
    done(await writer.sample({ ...sample.head, messages }, events));
  }
  const isEnded = status === 'success';
  done(
    await writer.finish(
      { ...end, status: isEnded ? status : 'error' },
      done(await log.reductions()),
    ),
  );
  return file.bytes;
}

describe.skipIf(!hasPython)('inspect_ai 0.3.260 (needs test:interop, python3 and PyPI)', () => {
  test('our log is read, every figure computed again the same', async () => {
    const file = path.join(folder, 'ours.eval');
    writeFileSync(file, await writtenLog('whole'));
    const [read] = readByInspect(file);
    if (read === undefined) throw new Error('nothing was read');
    expectSame(await readByUs(done(await openEvalLog(fileSource(file), nodeCodecs))), read);
    expect(read.recomputed).toEqual(read.figures);
    expect(read.figures).toEqual([
      ['match', 'mean', 'accuracy', 0.75],
      ['match', 'mean', 'stderr', 0.25],
    ]);
  });

  let ofRun: string;
  beforeAll(async () => {
    ofRun = await logOfRun(folder);
  });

  test('the log of a run of ours is read, every figure computed again the same', {
    timeout: 120_000,
  }, async () => {
    const [read] = readByInspect(ofRun);
    if (read === undefined) throw new Error('nothing was read');
    expectSame(await readByUs(done(await openEvalLog(fileSource(ofRun), nodeCodecs))), read);
    expect(read.recomputed).toEqual(read.figures);
    expect(read.figures.map(([name, reducer, metric]) => [name, reducer, metric])).toEqual([
      ['breakwater', 'mean', 'accuracy'],
      ['breakwater', 'mean', 'stderr'],
    ]);
    expect(read.samples).toHaveLength(6);
    // What went to the model at each turn is told by ranges, and comes out whole.
    expect(read.samples[0]?.inputs).toEqual([2, 4, 7, 9, 12, 14, 16]);
  });

  test('its logs, .eval and .json, are read the same, and again after we wrote them', {
    timeout: 600_000,
  }, async () => {
    const files = ['eval', 'json'].flatMap((form) =>
      z.array(z.string()).parse(inspect('run', path.join(folder, form), form)),
    );
    expect(files).toHaveLength(4);
    const before = readByInspect(...files);
    const again: string[] = [];
    for (const [i, read] of before.entries()) {
      const log = done(await openEvalLog(fileSource(files[i] ?? ''), nodeCodecs));
      expect(log.status).toBe('success');
      expectSame(await readByUs(log), read);
      const file = path.join(folder, `again-${i}.eval`);
      writeFileSync(file, await writtenAgain(log));
      again.push(file);
    }
    expect(readByInspect(...again)).toEqual(before);
    expect(before.map(({ samples, figures }) => [samples.length, figures.length])).toEqual([
      [12, 40],
      [16, 8],
      [12, 40],
      [16, 8],
    ]);
  });

  test.skipIf(noBrowser !== null)(
    'the log of a run of ours is shown whole by its viewer',
    {
      timeout: 240_000,
    },
    async () => {
      const logs = path.dirname(ofRun);
      const port = await freePort();
      const args = ['view', 'start', '--log-dir', logs, '--host', '127.0.0.1', '--port', `${port}`];
      const viewer = spawn(path.join(venv, 'bin/inspect'), args, { cwd: folder, env });
      const browser = await startChromium();
      try {
        await told(viewer, /Running on|http:\/\/127/);
        await expectShown(browser, `http://127.0.0.1:${port}/#/logs/${path.basename(ofRun)}`);
      } finally {
        await browser.close();
        viewer.kill();
        await once(viewer, 'exit');
      }
    },
  );
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Waits until the program has said this. */
async function told(child: ChildProcess, words: RegExp): Promise<void> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    const take = (text: string) => {
      said += text;
      if (words.test(said)) resolve();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', () => reject(new Error(said)));
  });
}
