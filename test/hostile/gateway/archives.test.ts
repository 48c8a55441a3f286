import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { classified } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tarOf } from '../../../apps/server/src/slices/clearinghouse/validate/tar.ts';
import {
  archiveLimits,
  entriesOf,
} from '../../../apps/server/src/slices/frontier/gateway/jobs/archive.ts';
import { readRepository } from '../../../apps/server/src/slices/frontier/gateway/jobs/repository.ts';
import { tarWith, zipOf } from '../attempts/archive-files.ts';
import { tries, triesMsMax } from './arena.ts';

const asked = { about: 'Its files', charsMax: 100_000, callsMax: 20, endings: [] };

async function codeOf(archive: Uint8Array): Promise<string> {
  const read = await readRepository(archive, asked);
  return read.ok ? 'read' : `${read.refusal.code}: ${read.refusal.got}`;
}

const text = (length: number) => Buffer.alloc(length, 'int a;\n');
const zip = (name: string) => zipOf([{ name, bytes: text(100) }]);
const tar = (name: string) => tarWith([{ name, kind: '0', text: 'int a;' }]);

/** A tar whose one file says that it is of this size. */
function sized(size: string): Buffer {
  const copy = tar('a.c');
  copy.write(size, 124, 'latin1');
  return summed(copy);
}

/** With the checksum of its first header as that has come to stand. */
function summed(archive: Buffer): Buffer {
  archive.write('        ', 148);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return archive;
}

test.each([
  ['../up.c'],
  ['a/../../up.c'],
  ['/etc/passwd'],
  ['new\nline.c'],
  ['right\u{202e}c.txt'],
  ['back\\..\\..\\up.c'],
])('GAT-54 an archive that names %j is refused, in whatever form', async (name) => {
  // By code page 437, as those names are that do not say otherwise, a control is a sign.
  if (!/[\n\u202e]/.test(name)) expect(await codeOf(zip(name))).toMatch(/^archive-unreadable/);
  if (!name.includes('\\')) expect(await codeOf(tar(name))).toMatch(/^archive-unreadable/);
});

test('GAT-54 links are named and not followed', async () => {
  const entries = [
    { name: 'a.c', kind: '0', text: 'int a;' },
    { name: 'hard', kind: '1', link: '/etc/passwd' },
    { name: 'soft', kind: '2', link: '/etc/passwd' },
    { name: 'device', kind: '3' },
  ] as const;
  const read = await readRepository(gzipSync(tarWith(entries)), asked);
  const why = 'no-file';
  const leftOut = ['device', 'hard', 'soft'].map((path) => ({ path, why }));
  expect(read).toMatchObject({ value: { leftOut } });
  expect(JSON.stringify(read)).not.toMatch(/passwd|root:/);
});

test('GAT-54 an archive that unpacks to far more than it is ends as it passes the bound', async () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  const before = process.memoryUsage().rss;
  const entries = Array.from({ length: 5 }, (_, n) => ({ name: `${n}.bin`, bytes: zeros }));
  expect(await codeOf(zipOf(entries))).toBe('archive-unreadable: more than 256 MiB unpacked');
  const packed = gzipSync(zeros);
  const inTar = Buffer.concat([
    gzipSync(sized('02000000000\0').subarray(0, 512)),
    ...Array(5).fill(packed),
  ]);
  expect(await codeOf(inTar)).toBe('archive-unreadable: more than 256 MiB unpacked');
  const noise = randomBytes(20_000);
  const shared = entries.map((entry, n) => ({ ...entry, bytes: noise, shares: n > 0 }));
  expect(await codeOf(zipOf(shared))).toBe('archive-unreadable: entries that share their bytes');
  const lies = zipOf([{ name: 'a.c', bytes: text(50_000), saysLength: 10 }]);
  expect(await codeOf(lies)).toMatch(/^archive-unreadable/);
  expect(process.memoryUsage().rss - before).toBeLessThan(1024 ** 3);
});

test('GAT-54 a tar that tells sizes and names which it does not have is refused', async () => {
  for (const size of [
    '77777777777\0',
    '\u{80}\0\0\0\u{7f}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}',
    'wwwwwwwwwww\0',
  ])
    expect(await codeOf(sized(size)), size).toMatch(/^archive-unreadable/);
  const many = tarWith(
    Array.from({ length: archiveLimits.entriesMax + 1 }, (_, n) => ({ name: `${n}`, kind: '0' })),
  );
  expect(await codeOf(gzipSync(many))).toBe('archive-unreadable: more than 20000 entries');
});

/** A tar whose first entry is words about the next one. */
function withWords(kind: 'x' | 'g' | 'L' | 'K', words: Buffer, entry: Buffer): Buffer {
  const header = sized(`${words.length.toString(8).padStart(11, '0')}\0`).subarray(0, 512);
  header.write(kind, 156);
  const padding = Buffer.alloc((512 - (words.length % 512)) % 512);
  return Buffer.concat([summed(header), words, padding, entry]);
}

test('GAT-54 words about an entry are read as the format has them, or refused at once', async () => {
  const read = async (...args: Parameters<typeof withWords>) =>
    await readRepository(withWords(...args), asked);
  const named = { value: { portions: [{ files: [{ path: 'b.c' }] }] } };
  expect(await read('x', Buffer.from('12 path=b.c\n'), tar('a.c'))).toMatchObject(named);
  expect(await read('L', Buffer.from('b.c\0'), tar('a.c'))).toMatchObject(named);
  const both = withWords('K', Buffer.from('link\0'), tar('a.c'));
  expect(await read('x', Buffer.from('12 path=b.c\n'), both)).toMatchObject(named);
  const holes = Buffer.from('22 GNU.sparse.major=1\n');
  expect(await read('x', holes, tar('a.c'))).toMatchObject({
    refusal: { got: 'none; 1 left out' },
  });
  for (const words of [
    // Each a reader's undoing: a length that is none of its own, far spaces, one name for all.
    Buffer.from(`${'3xx'.repeat(20_000)} `),
    Buffer.from('12 path=b.c'),
    Buffer.from('99 path=b.c\n'),
    Buffer.from('3 a\n'),
    Buffer.alloc(70_000, ' '),
    Buffer.from('30 size=99999999999999999999\n'),
  ]) {
    const got = await read('x', words, tar('a.c'));
    expect(got).toMatchObject({ refusal: { code: 'archive-unreadable' } });
  }
  const folder = withWords('x', Buffer.from('13 path=b.c/\n'), tar('a.c'));
  expect(await codeOf(folder)).toMatch(/a link or a folder with bytes/);
  const forAll = await read('g', Buffer.from('12 path=b.c\n'), tar('a.c'));
  expect(forAll).toMatchObject({ refusal: { code: 'archive-unreadable' } });
});

test('GAT-54 headers without end are no work without end', async () => {
  const words = Buffer.from('4 =\n'.repeat(16_000));
  const one = withWords('x', words, Buffer.alloc(0));
  const got = await codeOf(Buffer.concat([...Array(200).fill(one), tar('a.c')]));
  expect(got).toBe('archive-unreadable: one that is damaged: more headers than files need');
});

test('GAT-54 of files whose names read alike none hides another, and names alone fill no answer', async () => {
  const names = ['\xe9', '\xe8'].map((each) => {
    const copy = tar('caf_.c').subarray(0, 1_024);
    copy.write(each, 3, 'latin1');
    return summed(copy);
  });
  const read = await readRepository(Buffer.concat([...names, Buffer.alloc(1_024)]), asked);
  expect(read).toMatchObject({ value: { portions: [{ files: [{}, {}] }], leftOut: [] } });
  const links = Array.from({ length: 15_000 }, (_, n) => {
    const kind = '2' as const;
    return { name: `${n}${'x'.repeat(90)}`, kind, link: 'a' };
  });
  const got = await codeOf(gzipSync(tarWith(links)));
  expect(got).toBe('archive-unreadable: names of more than a megabyte');
});

test('DES-1 a marking is found wherever it stands in a line that is longer than one look', async () => {
  for (const at of [19_940, 19_955, 19_960, 19_990, 20_000]) {
    const line = `${'x'.repeat(at - 1)} NOFORN ${'x'.repeat(30_000)}`;
    const archive = zipOf([{ name: 'a.c', bytes: Buffer.from(line) }]);
    const read = await readRepository(archive, asked);
    const got = expect.stringContaining(`at line 1, character ${at + 1};`);
    expect(read, String(at)).toMatchObject({ refusal: { code: 'classified-text', got } });
  }
  for (let at = 19_960; at < 20_010; at += 1) {
    const lines = `${'x\n'.repeat(Math.floor(at / 2))}\n N\nO\nF\nO\nR\nN\n${'y\n'.repeat(9_000)}`;
    const read = await readRepository(zipOf([{ name: 'a.c', bytes: Buffer.from(lines) }]), asked);
    expect(read.ok, String(at)).toBe(classified(lines) === null);
  }
});

test(
  'GAT-54 an archive is read whatever is left unread of it, to its end or not',
  async () => {
    const file = fc.record({
      bytes: fc.nat(300_000).map((length) => Buffer.alloc(length, 'int a;\n')),
      how: fc.constantFrom('whole', 'begun', 'not'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('zip', 'tar', 'tar.gz'),
        fc.option(fc.nat(12)),
        async (files, format, stopsAt) => {
          const named = files.map(({ bytes }, n) => ({ name: `${n}.c`, bytes }));
          const plain = format === 'zip' ? zipOf(named) : tarOf(named);
          let count = 0;
          for await (const entry of entriesOf(format === 'tar.gz' ? gzipSync(plain) : plain)) {
            const given = files[count];
            if (count === stopsAt || given === undefined) break;
            count += 1;
            if (given.how === 'not') continue;
            const parts: Uint8Array[] = [];
            for await (const chunk of entry.chunks()) {
              parts.push(chunk);
              if (given.how === 'begun') break;
            }
            if (given.how === 'whole') expect(Buffer.concat(parts).equals(given.bytes)).toBe(true);
          }
          expect(count).toBe(Math.min(stopsAt ?? files.length, files.length));
        },
      ),
      { numRuns: tries / 4 },
    );
  },
  triesMsMax,
);

test(
  'GAT-54 whatever is changed in an archive, it is read or refused, and says nothing that was not in it',
  async () => {
    // Text that packs badly: what is changed is more often what was packed.
    const noise = Array.from({ length: 60 }, (_, n) =>
      createHash('sha256').update(`${n}`).digest('base64'),
    ).join('\n');
    const whole = [
      zipOf([
        { name: 'src/a.c', bytes: Buffer.from(noise) },
        { name: 'src/b.c', bytes: text(10) },
      ]),
      tarWith([
        { name: 'src/a.c', kind: '0', text: noise },
        { name: 'link', kind: '2', link: 'src/a.c' },
      ]),
    ];
    const packed = [...whole, ...whole.slice(1).map((each) => gzipSync(each))];
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...packed),
        fc.array(change, { maxLength: 5 }),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        async (archive, changes, end) => {
          const bytes = Buffer.from(archive);
          for (const { at, bytes: by } of changes) {
            bytes.set(
              by.subarray(0, bytes.length),
              Math.floor(at * Math.max(0, bytes.length - by.length)),
            );
          }
          const cut = bytes.subarray(
            0,
            end === null ? bytes.length : Math.floor(end * bytes.length),
          );
          const read = await readRepository(cut, asked);
          if (!read.ok) {
            expect(read.refusal.code).toMatch(
              /^(archive-unreadable|nothing-to-read|repository-too-large)$/,
            );
            return;
          }
          for (const { files } of read.value.portions)
            for (const file of files) expect(file.path).not.toMatch(/^\/|(^|\/)\.\.(\/|$)|\p{Cc}/u);
        },
      ),
      { numRuns: tries },
    );
  },
  triesMsMax,
);
