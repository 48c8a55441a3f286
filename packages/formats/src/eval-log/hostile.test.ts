import { deflateRawSync } from 'node:zlib';
import { concatBytes, utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { openEvalLog } from './index.ts';
import { readSummaries } from './summaries.ts';
import { joined, MemoryFile, memorySource, nodeCodecs } from './testing/node-codecs.ts';
import { done, end, start, writtenLog } from './testing/sample-log.ts';
import { readDirectory } from './zip-directory.ts';
import { ZipWriter } from './zip-writer.ts';

const whole = await writtenLog('whole');
const directory = await readDirectory(memorySource(whole));
const members = [...(directory?.members.values() ?? [])];
const header = { version: 2, ...start, ...end };

/** Where the entry of a member begins in the directory. */
function entryOf(name: string): number {
  let at = directory?.start ?? 0;
  for (const member of members) {
    if (member.name === name) return at;
    at += 46 + utf8(member.name).length;
  }
  throw new Error(`no ${name}`);
}

function offsetOf(name: string): number {
  return members.find((member) => member.name === name)?.offset ?? 0;
}

function changed(...changes: readonly (readonly [number, ...number[]])[]): Uint8Array {
  const bytes = whole.slice();
  for (const [at, ...values] of changes) bytes.set(values, at);
  return bytes;
}

async function code(bytes: Uint8Array): Promise<string> {
  const log = await openEvalLog(memorySource(bytes), nodeCodecs);
  if (!log.ok) return log.refusal.code;
  const page = await log.value.summaries({ from: 0, limit: 9 });
  if (!page.ok) return page.refusal.code;
  const [first] = page.value.items;
  if (first === undefined) return 'no samples';
  const sample = await log.value.sample(first);
  if (!sample.ok) return sample.refusal.code;
  const events = await sample.value.events({ from: 0, limit: 9 });
  return events.ok ? 'read' : events.refusal.code;
}

/** An archive of members given as text, or as what they claim to be and what they are packed in. */
async function archive(
  ...given: readonly (readonly [name: string, text: string, packed?: Uint8Array])[]
): Promise<Uint8Array> {
  const file = new MemoryFile();
  let packing: Uint8Array | undefined;
  const deflate = async function* (chunks: AsyncIterable<Uint8Array>) {
    const text = await joined(chunks);
    yield packing ?? deflateRawSync(text);
  };
  const zip = new ZipWriter(file, { ...nodeCodecs, deflate }, { members: [], start: 0 });
  for (const [name, text, packed] of given) {
    packing = packed;
    await zip.add(
      name,
      (async function* () {
        yield utf8(text);
      })(),
    );
  }
  await zip.writeDirectory();
  return file.bytes;
}

const centralHeader = entryOf('header.json');
const centralSample = entryOf('samples/web_epoch_1.json');
const localHeader = offsetOf('header.json');
const tail = whole.length - 22;

describe('an archive that lies', () => {
  it.each<[string, Uint8Array, string]>([
    ['nothing changed', whole, 'read'],
    ['no directory, its header cut off with it', whole.subarray(0, localHeader + 9), 'read'],
    ['another file', utf8('MZ and so on'), 'not-a-log'],
    ['nothing', new Uint8Array(0), 'not-a-log'],
    [
      'a member without a name',
      concatBytes(utf8('PK\u0003\u0004'), new Uint8Array(60)),
      'name-unsafe',
    ],
    ['encrypted', changed([centralHeader + 8, 1]), 'encrypted'],
    [
      'packed otherwise',
      changed([centralHeader + 10, 12], [localHeader + 8, 12]),
      'packing-unknown',
    ],
    ['packed otherwise than its local header says', changed([localHeader + 8, 0]), 'damaged'],
    ['another check sum', changed([centralHeader + 16, 1, 2, 3, 4]), 'damaged'],
    ['smaller than it says', changed([centralHeader + 24, 0xff, 0xff]), 'damaged'],
    ['larger than it says', changed([centralHeader + 24, 9, 0]), 'damaged'],
    ['a header of 4 GB', changed([centralHeader + 24, 0, 0, 0, 0xf0]), 'too-large'],
    ['a bomb by its own words', changed([centralSample + 24, 0, 0, 0, 0xf0]), 'expands-too-far'],
    ['a size in 64 bits without one', changed([centralHeader + 24, 255, 255, 255, 255]), 'damaged'],
    ['two members in one place', changed([centralHeader + 42, 0, 0, 0, 0]), 'members-overlap'],
    [
      'a member within the directory',
      changed([centralHeader + 42, tail & 255, tail >> 8]),
      'members-overlap',
    ],
    ['more members than there are', changed([tail + 8, 99, 0, 99, 0]), 'damaged'],
    ['fewer members than there are', changed([tail + 8, 2, 0, 2, 0]), 'damaged'],
    ['several disks', changed([tail + 4, 1]), 'damaged'],
    ['a directory elsewhere', changed([tail + 16, 0, 0]), 'damaged'],
    ['a name out of the folder', changed([centralHeader + 46, 46, 46, 47]), 'name-unsafe'],
    ['an absolute name', changed([centralHeader + 46, 47]), 'name-unsafe'],
    ['a drive', changed([centralHeader + 46, 67, 58]), 'name-unsafe'],
    ['a name with a zero', changed([centralHeader + 46, 0]), 'name-unsafe'],
    ['a name that is no UTF-8', changed([centralHeader + 46, 255]), 'name-unsafe'],
    ['a name other than in its place', changed([localHeader + 30, 72]), 'damaged'],
    ['deflate that is none', changed([localHeader + 41, 255, 255, 255]), 'damaged'],
  ])('%s', async (_, bytes, expected) => {
    expect(await code(bytes)).toBe(expected);
  });

  it('a member that unpacks to more than it claims is stopped there', async () => {
    const bomb = deflateRawSync(new Uint8Array(30_000_000).fill(0x20));
    const bytes = await archive(['header.json', '{}', bomb]);
    expect(await code(bytes)).toBe('damaged');
  });

  it('a frame header of Zstandard and nothing behind it', async () => {
    const bytes = changed(
      [centralHeader + 10, 93],
      [localHeader + 8, 93],
      [localHeader + 41, 0x28, 0xb5, 0x2f, 0xfd],
    );
    expect(await code(bytes)).toBe('damaged');
    const { zstd: _, ...without } = nodeCodecs;
    const log = await openEvalLog(memorySource(bytes), without);
    expect(log).toMatchObject({ ok: false, refusal: { code: 'packing-unknown' } });
  });
});

describe('members that lie', () => {
  const sample = { id: 'a', epoch: 1, input: '', target: '' };
  const text = JSON.stringify;
  const deep = `${'['.repeat(300)}${']'.repeat(300)}`;

  it.each<[string, Record<string, string>, string]>([
    ['a header without a task', { 'header.json': '{"version":2}' }, 'shape-unknown'],
    [
      'a header of another time',
      { 'header.json': text({ ...header, version: 9 }) },
      'version-unknown',
    ],
    ['a deep header', { 'header.json': `{"a":${deep}}` }, 'too-deep'],
    ['a deep sample', { 'samples/a_epoch_1.json': `{"store":${deep}}` }, 'too-deep'],
    ['a deep event', { 'samples/a_epoch_1.json': `{"id":"a","events":[${deep}]}` }, 'too-deep'],
    ['a sample that is no object', { 'samples/a_epoch_1.json': '[]' }, 'shape-unknown'],
    ['a name twice', { 'samples/a_epoch_1.json': '{"id":"a","id":"b"}' }, 'not-json'],
    ['a sample that breaks off', { 'samples/a_epoch_1.json': '{"id":"a"' }, 'not-json'],
    ['summaries that are none', { 'summaries.json': '[1]' }, 'shape-unknown'],
    [
      'an event that is none',
      { 'samples/a_epoch_1.json': text({ ...sample, events: [1] }) },
      'shape-unknown',
    ],
    [
      'parts without the first',
      { 'samples/a_epoch_1/sample.json': text(sample), 'samples/a_epoch_1/events/9.json': '[]' },
      'damaged',
    ],
    [
      'parts that are no list',
      { 'samples/a_epoch_1/sample.json': text(sample), 'samples/a_epoch_1/events/0.json': '{}' },
      'damaged',
    ],
    [
      'parts with a gap',
      {
        'samples/a_epoch_1/sample.json': text(sample),
        'samples/a_epoch_1/events/0.json': '[]',
        'samples/a_epoch_1/events/9.json': '[{"event":"info"}]',
      },
      'damaged',
    ],
  ])('%s', async (_, given, expected) => {
    const all = { 'header.json': text(header), ...given };
    expect(await code(await archive(...Object.entries(all)))).toBe(expected);
  });

  it('references that multiply a page make it smaller, and are refused where one is too large', async () => {
    const long = 'x'.repeat(1_000_000);
    const event = (times: number) => ({
      event: 'info',
      data: Array.from({ length: times }, () => 'attachment://a'),
    });
    const given = {
      ...sample,
      events: [event(40), event(40), event(40), event(80)],
      attachments: { a: long },
    };
    const bytes = await archive(
      ['header.json', text(header)],
      ['samples/a_epoch_1.json', text(given)],
    );
    const log = done(await openEvalLog(memorySource(bytes), nodeCodecs));
    const opened = done(await log.sample({ id: 'a', epoch: 1 }));
    const first = done(await opened.events({ from: 0, limit: 3 }));
    expect([first.items.length, first.next]).toEqual([1, 1]);
    const last = await opened.events({ from: 3, limit: 1 });
    expect(last).toMatchObject({ ok: false, refusal: { code: 'too-large' } });
    const kept = done(await opened.events({ from: 0, limit: 4 }, { references: 'kept' }));
    expect(kept.items).toHaveLength(4);
  });

  it('ranges to nothing, backwards and without end refer to what is there', async () => {
    const model = (refs: unknown) => ({ event: 'model', input: [], input_refs: refs });
    const message = { role: 'user', content: 'a' };
    const given = {
      ...sample,
      events: [model([[0, 9e15]]), model([[5, 1]]), model([[-1, 1]]), model([['0', 1], null, 3])],
      events_data: { messages: [message], calls: [] },
    };
    const bytes = await archive(
      ['header.json', text(header)],
      ['samples/a_epoch_1.json', text(given)],
    );
    const log = done(await openEvalLog(memorySource(bytes), nodeCodecs));
    const opened = done(await log.sample({ id: 'a', epoch: 1 }));
    const { items } = done(await opened.events({ from: 0, limit: 9 }));
    expect(items.map(({ value }) => value?.['input'])).toEqual([[message], [], [], []]);
  });

  it('a range that is none gives an empty page', async () => {
    const log = done(await openEvalLog(memorySource(whole), nodeCodecs));
    for (const range of [
      { from: -1, limit: -1 },
      { from: Number.NaN, limit: 0.5 },
      { from: 1e300, limit: 5 },
    ]) {
      expect(done(await log.summaries(range)).items).toEqual([]);
    }
  });

  it('what the source throws is thrown on', async () => {
    const read = (from: number, to: number) =>
      from === offsetOf('header.json') + 41
        ? Promise.reject(new Error('the disk is gone'))
        : Promise.resolve(whole.subarray(from, to));
    const opening = openEvalLog({ size: whole.length, read }, nodeCodecs);
    await expect(opening).rejects.toThrow('the disk is gone');
  });
});

describe('summaries that unpack too far', () => {
  it('ids longer than any member may be named are refused: all of them are held', async () => {
    const list = (id: string, epoch: number) =>
      JSON.stringify([{ id, epoch, input: '', target: '' }]);
    const of = (id: string, epoch: number) =>
      archive(['header.json', JSON.stringify(header)], ['summaries.json', list(id, epoch)]);
    const read = async (id: string, epoch = 1) => {
      const log = done(await openEvalLog(memorySource(await of(id, epoch)), nodeCodecs));
      const page = await log.summaries({ from: 0, limit: 1 });
      return page.ok ? 'read' : page.refusal.code;
    };
    expect(await read('x'.repeat(1_024))).toBe('read');
    expect(await read('x'.repeat(1_025))).toBe('shape-unknown');
    // Nor an epoch that no table of samples has room for.
    expect(await read('x', 2 ** 31 - 1)).toBe('read');
    for (const epoch of [2 ** 31, -1]) expect(await read('x', epoch)).toBe('shape-unknown');
  });

  it('many members that are each within bounds are not, together', async () => {
    const text = { name: '1.json', bytes: 5 * 2 ** 30, ranges: () => Promise.resolve([]) };
    const stream = async function* () {
      yield utf8('[]');
    };
    const all = async (count: number) => {
      const texts = Array.from({ length: count }, () => ({ ...text, stream }));
      for await (const _ of readSummaries(texts));
    };
    await all(1);
    await expect(all(2)).rejects.toMatchObject({ refusal: { code: 'too-large' } });
  });
});
