import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { beginEvalLog, type LogSink, openEvalLog } from '@breakwater/formats/eval-log';
import { chromium } from 'playwright-core';
import { openLogFile } from '../apps/cli/src/local/eval-log/platform.ts';
import { nodeCodecs } from '../packages/formats/src/eval-log/testing/node-codecs.ts';
import {
  done,
  end,
  reductions,
  samples,
  start,
} from '../packages/formats/src/eval-log/testing/sample-log.ts';
import { startFixture } from '../test/browser/fixture-server.ts';
import type { BenchOptions, Report, Row } from './row.ts';
import { timed } from './timing.ts';

const openMsMax = 2_000;

/**
 * A log of a gigabyte, made by our writer of text that does not pack: opened with its first hundred
 * samples by the command line's reader, and in the viewer in Chromium, from the choice of the file
 * to the list of samples; and a sample of 100,000 events, from the click to its last page.
 */
export async function run({ short }: BenchOptions): Promise<Report> {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-bench-'));
  try {
    const file = path.join(folder, 'log.eval');
    const bytes = await writeLog(file, short ? 50e6 : 1e9);
    const size = `${(bytes / 1e9).toFixed(2)} GB`;
    const reader = await timed(() => readFirst(file));
    const viewer = await view(file);
    return {
      rows: [
        limited(`log of ${size} opened, command line`, reader),
        limited(`log of ${size} opened, viewer`, viewer.opened),
        { name: 'sample of 100,000 events opened, viewer', value: viewer.sample, unit: 'ms' },
        { name: 'its last page, viewer', value: viewer.last, unit: 'ms' },
      ],
      notes: ['The file was just written: it lies in the memory of the system.'],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function limited(name: string, value: number): Row {
  const limit = { name: 'order of work', value: openMsMax, met: value < openMsMax };
  return { name, value, unit: 'ms', limit };
}

/** Samples of 20 MB each until the file is so large, behind one of 100,000 small events. */
async function writeLog(name: string, bytesMin: number): Promise<number> {
  await using file = await open(name, 'wx');
  const sink = sinkOf(file);
  const codecs = { ...nodeCodecs, deflate: unpacked };
  const writer = done(await beginEvalLog(sink, codecs, start));
  const sample = samples[0]?.sample;
  if (sample === undefined) throw new Error('expected a sample to write');
  done(
    await writer.sample(
      { ...sample, id: 'long', epoch: 1 },
      events(100_000, () => 'ok'),
    ),
  );
  const text = randomBytes(750_000).toString('base64');
  for (let number = 0; sink.size() < bytesMin; number += 1) {
    const told = events(20, (at) => text.slice(at) + text.slice(0, at));
    done(await writer.sample({ ...sample, id: `large-${number}`, epoch: 1 }, told));
  }
  done(await writer.finish(end, reductions));
  return sink.size();
}

function* events(count: number, result: (at: number) => string) {
  const timestamp = '2026-11-20T12:00:01+00:00';
  for (let at = 0; at < count; at += 1) {
    const args = { cmd: `ls ${at}` };
    yield { event: 'tool', timestamp, function: 'bash', arguments: args, result: result(at) };
  }
}

function sinkOf(file: FileHandle): LogSink & { readonly size: () => number } {
  let size = 0;
  return {
    size: () => size,
    write: async (at, bytes) => {
      await file.write(bytes, 0, bytes.length, at);
      size = Math.max(size, at + bytes.length);
    },
    truncate: async (to) => {
      await file.truncate(to);
      size = to;
    },
  };
}

/** Deflate without packing: the text does not pack, and a gigabyte would take a minute to try. */
async function* unpacked(chunks: AsyncIterable<Uint8Array>) {
  const coder = zlib.createDeflateRaw({ level: 0 });
  const feeding = (async () => {
    for await (const chunk of chunks) {
      if (!coder.write(chunk)) await new Promise((drained) => coder.once('drain', drained));
    }
    coder.end();
  })();
  yield* coder;
  await feeding;
}

async function readFirst(name: string): Promise<void> {
  await using file = await openLogFile(name);
  const log = done(await openEvalLog(file.source, file.codecs));
  done(await log.summaries({ from: 0, limit: 100 }));
}

async function view(file: string) {
  await using fixture = await startFixture();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: false,
    args: ['--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(`${fixture.address}/benchmark`);
    const field = page.locator('input[type=file]');
    await field.waitFor({ state: 'attached' });
    const opened = await timed(async () => {
      await field.setInputFiles(file);
      await page.getByRole('link', { name: 'long' }).waitFor();
    });
    const sample = await timed(async () => {
      await page.getByRole('link', { name: 'long' }).click();
      await page.getByRole('link', { name: 'Events 100,000' }).click();
      await page.getByText('#50', { exact: true }).waitFor();
    });
    const last = await timed(async () => {
      await page.getByRole('link', { name: 'Last' }).click();
      await page.getByText('#100000', { exact: true }).waitFor();
    });
    return { opened, sample, last };
  } finally {
    await browser.close();
  }
}
