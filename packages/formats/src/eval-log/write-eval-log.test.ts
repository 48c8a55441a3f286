import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { concatBytes, utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { beginEvalLog, type LogSource, openEvalLog, resumeEvalLog } from './index.ts';
import { joined, MemoryFile, memorySource, nodeCodecs } from './testing/node-codecs.ts';
import {
  done,
  end,
  reductions,
  samples,
  start,
  writeFrom,
  writtenLog,
} from './testing/sample-log.ts';
import { readDirectory } from './zip-directory.ts';
import { readMember } from './zip-member.ts';
import { ZipWriter } from './zip-writer.ts';

const whole = await writtenLog('whole');

async function toldOf(bytes: Uint8Array) {
  const log = done(await openEvalLog(memorySource(bytes), nodeCodecs));
  const { items } = done(await log.summaries({ from: 0, limit: 100 }));
  const read: unknown[] = [];
  for (const key of items) {
    const sample = done(await log.sample(key));
    const events = done(await sample.events({ from: 0, limit: 100 }));
    read.push([{ ...sample.head, messages: undefined }, events.items.map(({ value }) => value)]);
  }
  return { header: log.header, items, reductions: done(await log.reductions()), read };
}

describe('a log that we wrote', () => {
  it('is read as it was given, NaN too, and twice the same bytes', async () => {
    expect(await writtenLog('whole')).toEqual(whole);
    const told = await toldOf(whole);
    expect(told.header).toMatchObject({ version: 2, ...start, ...end, invalidated: false });
    expect(Object.keys(told.header).slice(0, 6)).toEqual([
      'version',
      'status',
      'eval',
      'plan',
      'results',
      'stats',
    ]);
    expect(told.reductions).toEqual(reductions);
    expect(told.items.map(({ scores }) => scores?.['match']?.value)).toEqual([
      'C',
      'I',
      'C',
      Number.NaN,
    ]);
    expect(told.read).toEqual(
      samples.map(({ sample, events }) => [
        expect.objectContaining({ ...sample, messages: undefined }),
        events,
      ]),
    );
  });

  it('has its members in the order of Inspect, their sizes in the local headers', async () => {
    const directory = await readDirectory(memorySource(whole));
    expect([...(directory?.members.keys() ?? [])]).toEqual([
      '_journal/start.json',
      'samples/web_epoch_1.json',
      'samples/web_epoch_2.json',
      '_journal/summaries/1.json',
      'samples/crypto_epoch_1.json',
      'samples/crypto_epoch_2.json',
      '_journal/summaries/2.json',
      'summaries.json',
      'reductions.json',
      'header.json',
    ]);
    const view = new DataView(whole.buffer, whole.byteOffset);
    for (const member of directory?.members.values() ?? []) {
      expect(view.getUint16(member.offset + 6, true) & 8).toBe(0);
      expect(view.getUint32(member.offset + 18, true)).toBe(member.packedBytes);
    }
    expect(view.getUint32(whole.length - 22, true)).toBe(0x06_05_4b_50);
  });

  it('a sample that is run again takes the place of the earlier one', async () => {
    const file = new MemoryFile();
    const writer = done(await beginEvalLog(file, nodeCodecs, start));
    const [{ sample } = { sample: undefined }] = samples;
    if (sample === undefined) throw new Error('no sample');
    done(await writer.sample(sample, []));
    done(await writer.flush());
    done(await writer.sample({ ...sample, target: 'another' }, []));
    done(await writer.flush());
    expect(writer.done()).toEqual([{ id: 'web', epoch: 1 }]);
    const running = await toldOf(file.bytes);
    expect(running.items.map(({ target }) => target)).toEqual(['another']);
    done(await writer.finish({ status: 'cancelled' }));
    expect((await toldOf(file.bytes)).items.map(({ target }) => target)).toEqual(['another']);
    const late = await writer.sample(sample, []);
    expect(late).toMatchObject({ ok: false, refusal: { code: 'out-of-order' } });
  });

  it('a sample that is refused leaves nothing behind', async () => {
    const file = new MemoryFile();
    const writer = done(await beginEvalLog(file, nodeCodecs, start));
    const climbing = { id: 'a/../b', epoch: 1, input: '', target: '' };
    const refused = await writer.sample(climbing, []);
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'name-unsafe' } });
    function* breaking() {
      yield { event: 'info' };
      throw new Error('the run ended');
    }
    const broken = writer.sample({ ...climbing, id: 'b' }, breaking());
    await expect(broken).rejects.toThrow('the run ended');
    await writeFrom(writer, 0);
    expect(file.bytes).toEqual(whole);
  });
});

describe('a log that was not finished', () => {
  it('is running for whoever opens it, and becomes the same log when it is gone on with', async () => {
    const flushed = await writtenLog('flushed');
    const log = done(await openEvalLog(memorySource(flushed), nodeCodecs));
    expect([log.status, log.isFinished]).toEqual(['started', false]);
    const file = new MemoryFile();
    await file.write(0, flushed);
    const writer = done(await resumeEvalLog(file, nodeCodecs));
    expect(writer.done()).toEqual([
      { id: 'web', epoch: 1 },
      { id: 'web', epoch: 2 },
    ]);
    await writeFrom(writer, 2);
    expect(file.bytes).toEqual(whole);
  });

  it('cut off at any byte, it keeps every sample that was whole, and can be finished', async () => {
    const told = await toldOf(whole);
    const directory = await readDirectory(memorySource(whole));
    const members = [...(directory?.members.values() ?? [])];
    const begun = members.find(({ name }) => name !== '_journal/start.json')?.offset ?? 0;
    const header = members.find(({ name }) => name === 'header.json')?.offset ?? 0;
    // Every place where something begins or ends, those beside it, and some between.
    const places = new Set(
      [...members.map(({ offset }) => offset), ...Array.from({ length: 60 }, (_, i) => i * 97)]
        .flatMap((at) => [at - 1, at, at + 1])
        .filter((at) => at >= begun && at <= header),
    );
    expect(places.size).toBeGreaterThan(100);
    for (const at of places) {
      const file = new MemoryFile();
      await file.write(0, whole.slice(0, at));
      const writer = done(await resumeEvalLog(file, nodeCodecs));
      const kept = writer.done().length;
      const ended = members.filter(
        ({ name, offset }, i) =>
          name.startsWith('samples/') && (members[i + 1]?.offset ?? offset) <= at,
      );
      expect(kept, `cut at ${at}`).toBe(ended.length);
      for (const { sample, events } of samples.slice(kept)) {
        done(await writer.sample(sample, events));
      }
      done(await writer.finish(end, reductions));
      expect(await toldOf(file.bytes), `cut at ${at}`).toEqual(told);
    }
  });

  it('cut off while a sample was written again, it is asked for once more', async () => {
    const file = new MemoryFile();
    const writer = done(await beginEvalLog(file, nodeCodecs, start));
    const [first, second] = samples;
    if (first === undefined || second === undefined) throw new Error('no samples');
    done(await writer.sample(first.sample, first.events));
    done(await writer.sample(second.sample, second.events));
    const before = file.size;
    done(await writer.sample(first.sample, []));
    expect(file.size - before).toBeGreaterThan(200);
    const cut = new MemoryFile();
    await cut.write(0, file.bytes.slice(0, file.size - 1));
    // The last member is whole by its size once its missing byte is another.
    await cut.write(file.size - 1, Uint8Array.of(0x55));
    const resumed = done(await resumeEvalLog(cut, nodeCodecs));
    expect(resumed.done()).toEqual([{ id: 'web', epoch: 2 }]);
  });

  it('a finished one is not gone on with', async () => {
    const file = new MemoryFile();
    await file.write(0, whole);
    const writer = await resumeEvalLog(file, nodeCodecs);
    expect(writer).toMatchObject({ ok: false, refusal: { code: 'out-of-order' } });
  });
});

describe('the archive', () => {
  it('goes beyond 32 bits', async () => {
    const base = 5 * 2 ** 32;
    const file = new MemoryFile();
    const sparse: LogSource = {
      get size() {
        return base + file.size;
      },
      read: async (from, to) => {
        if (from >= base) return await file.read(from - base, to - base);
        return concatBytes(
          new Uint8Array(Math.min(base, to) - from),
          await file.read(0, to - base),
        );
      },
    };
    const sink = {
      write: (at: number, bytes: Uint8Array) => file.write(at - base, bytes),
      truncate: (size: number) => file.truncate(size - base),
    };
    const zip = new ZipWriter(sink, nodeCodecs, { members: [], start: base });
    await zip.add('é.json', chunks(utf8('{}')));
    await zip.writeDirectory();
    const directory = await readDirectory(sparse);
    const member = directory?.members.get('é.json');
    expect(member).toMatchObject({ offset: base, bytes: 2 });
    expect(directory?.start).toBeGreaterThan(base);
    if (member === undefined) throw new Error('no member');
    const opened = { source: sparse, codecs: nodeCodecs, end: directory?.start ?? 0 };
    expect(await joined(readMember(opened, member))).toEqual(utf8('{}'));
  });

  it('Zstandard in several frames, of which decoders read the first alone, is read whole', async () => {
    const parts = ['{"a":', '"', 'b'.repeat(300_000), '"}'].map(utf8);
    const skipped = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9);
    const packed = concatBytes(...parts.map((part) => zstdCompressSync(part)), skipped);
    const text = concatBytes(...parts);
    const member = await memberOf(text, packed, 93);
    expect(await joined(member())).toEqual(text);
    const again = await memberOf(text, deflateRawSync(text), 8);
    expect(await joined(again())).toEqual(text);
  });
});

async function* chunks(...all: readonly Uint8Array[]) {
  yield* all;
}

/** Writes a member by the writer, with another coder, and reads it as one of this method. */
async function memberOf(text: Uint8Array, packed: Uint8Array, method: number) {
  const file = new MemoryFile();
  const deflate = async function* (given: AsyncIterable<Uint8Array>) {
    for await (const _ of given);
    yield packed;
  };
  const zip = new ZipWriter(file, { ...nodeCodecs, deflate }, { members: [], start: 0 });
  await zip.add('a', chunks(text));
  await zip.writeDirectory();
  await file.write(8, Uint8Array.of(method));
  const source = memorySource(file.bytes);
  const directory = await readDirectory(source);
  const member = directory?.members.get('a');
  if (directory === null || member === undefined) throw new Error('no member');
  return () =>
    readMember({ source, codecs: nodeCodecs, end: directory.start }, { ...member, method });
}
