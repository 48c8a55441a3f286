import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { osvLimits } from '@breakwater/formats/osv';
import { recordsOf, SetUnreadable } from '../../../apps/cli/src/local/sync/records.ts';
import { smallLimits } from '../../../apps/runner/src/sandbox/sandbox.conformance.ts';
import { type TarEntry, tarWith, type ZipEntry, zipOf } from './archive-files.ts';
import { type Attempt, type AttemptClass, got, held, judged, type Outcome } from './attempt.ts';
import { isRoot } from './control.ts';
import type { Ring } from './ring.ts';

const answer = (harm: boolean): Outcome => (harm ? got('it did') : held('not even without us'));

/** What the reader of data sets made of an archive: the records' sizes, or why it stopped. */
async function readSet(file: string, judge: (bytes: Uint8Array) => boolean): Promise<Outcome> {
  let [records, kept] = [0, 0];
  try {
    for await (const { bytes } of recordsOf(file)) {
      records += 1;
      kept += bytes?.length ?? 0;
      if (bytes !== null && judge(bytes)) return got(`${bytes.length} bytes in one record`);
      if (kept > 2 * 1024 ** 3) return got(`${kept} bytes unpacked`);
    }
    return held(`${records} records, ${kept} bytes`);
  } catch (error) {
    if (error instanceof SetUnreadable) return held(error.message);
    throw error;
  }
}

const isLarge = (bytes: Uint8Array): boolean => bytes.length > osvLimits.bytesMax;

interface Zipped {
  readonly entries: (ring: Ring) => readonly ZipEntry[];
  readonly harm: (bytes: Uint8Array, ring: Ring) => boolean;
  readonly naive: (file: string, ring: Ring) => boolean | null | Promise<boolean>;
}

function zipped(name: string, { entries, harm, naive }: Zipped): Attempt {
  const make = async (ring: Ring) => {
    const file = join(await ring.folder(), 'all.zip');
    await writeFile(file, zipOf(entries(ring)));
    return file;
  };
  return {
    name,
    attack: async (ring) => readSet(await make(ring), (bytes) => harm(bytes, ring)),
    control: async (ring) => {
      const harmed = await naive(await make(ring), ring);
      return harmed === null ? null : answer(harmed);
    },
  };
}

const large = () => Buffer.alloc(64 << 20);
const filled = Buffer.alloc(osvLimits.bytesMax - 1);

/** Unpacks with the system's own unzip; null where there is none. */
function unzipped(file: string): string | null {
  const folder = `${file}.d`;
  try {
    execFileSync('unzip', ['-q', '-o', file, '-d', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    return existsSync(folder) ? folder : null;
  }
}

interface Tarred {
  readonly entries: (ring: Ring, folder: string) => readonly TarEntry[];
  /** Whether the host was harmed, once the archive was unpacked in `folder/tree`. */
  readonly harm: (folder: string, ring: Ring) => boolean;
  readonly needsRoot?: boolean;
}

/** An archive of a source, unpacked as a recipe has it, in the sandbox and as a control outside. */
function tarred(name: string, { entries, harm, needsRoot = false }: Tarred): Attempt {
  return {
    name,
    attack: async (ring) => {
      const folder = await ring.folder();
      const file = join(folder, 'source.tar');
      await writeFile(file, tarWith(entries(ring, folder)));
      await using staged = await ring.arena.sandbox.stage(file);
      const into = await ring.folder();
      const record = await ring.arena.sandbox.run({
        argv: [
          '/bin/sh',
          '-c',
          'mkdir tree; tar -P -xf /in -C tree --no-same-owner; cp -r tree /out',
        ],
        env: {},
        cwd: '/tmp',
        mounts: [{ source: staged.path, target: '/in' }],
        collect: { target: '/out', into, filesMax: 20, bytesMax: 1 << 20, depthMax: 8 },
        profile: 'build',
        fixedAddresses: true,
        limits: smallLimits,
      });
      if (record.ending.kind !== 'exited') return judged(record);
      return harm(folder, ring) || harm(into, ring) ? got('it did') : held('stayed inside');
    },
    control: async (ring) => {
      if (needsRoot && !isRoot) return null;
      const folder = await ring.folder();
      const file = join(folder, 'source.tar');
      await writeFile(file, tarWith(entries(ring, folder)));
      const script = 'mkdir tree; tar -P -xf source.tar -C tree --no-same-owner 2>/dev/null; :';
      execFileSync('/bin/sh', ['-c', script], { cwd: folder });
      return answer(harm(folder, ring));
    },
  };
}

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Archives that reach beyond themselves, or are far larger than they look. */
export const archives: AttemptClass = {
  title: 'Archives and compression',
  attempts: [
    zipped('unpack a record far larger than its archive', {
      entries: () => [{ name: 'a.json', bytes: large() }],
      harm: isLarge,
      naive: () => inflateRawSync(deflateRawSync(large())).length > osvLimits.bytesMax,
    }),
    zipped('say that a record is small when it is not', {
      entries: () => [{ name: 'a.json', bytes: large(), saysLength: 100 }],
      harm: (bytes) => bytes.length > 100,
      naive: () => inflateRawSync(deflateRawSync(large())).length > 100,
    }),
    zipped('let a thousand entries share the same bytes', {
      entries: () =>
        Array.from({ length: 1000 }, (_, i) => ({
          name: `${i}.json`,
          bytes: filled,
          shares: i > 0,
        })),
      harm: isLarge,
      naive: () => 1000 * inflateRawSync(deflateRawSync(filled)).length > 2 * 1024 ** 3,
    }),
    zipped('name an entry so that it is written elsewhere', {
      entries: () => [{ name: '../climbed.json', bytes: Buffer.from('{}') }],
      harm: () => false,
      naive: (file) => join(`${file}.d`, '../climbed.json') !== join(`${file}.d`, 'climbed.json'),
    }),
    zipped('pack a link to a file of the host', {
      entries: (ring) => [{ name: 'a.json', bytes: Buffer.from(ring.secretFile), mode: 0o120777 }],
      harm: (bytes, ring) => Buffer.from(bytes).includes(ring.secret),
      naive: (file, ring) => {
        const folder = unzipped(file);
        return folder === null ? null : textOf(join(folder, 'a.json')).includes(ring.secret);
      },
    }),
    {
      name: 'unpack a compressed list without end',
      attack: async (ring) => {
        const file = join(await ring.folder(), 'all.json.gz');
        await writeFile(file, gzipSync(Buffer.concat([Buffer.from('[{"a":"'), large()])));
        return readSet(file, isLarge);
      },
      control: () => Promise.resolve(answer(gunzipSync(gzipSync(large())).length === 64 << 20)),
    },
    {
      name: 'open brackets without end in a list',
      attack: async (ring) => {
        const file = join(await ring.folder(), 'all.json');
        await writeFile(file, '{"a":'.repeat(4 << 20));
        return readSet(file, isLarge);
      },
      control: async (ring) => {
        const file = join(await ring.folder(), 'all.json');
        writeFileSync(file, '{"a":'.repeat(4 << 20));
        return answer((await readFile(file)).length > osvLimits.bytesMax);
      },
    },
    tarred('unpack a source over a file beside it', {
      entries: () => [{ name: '../climbed', kind: '0', text: 'climbed' }],
      harm: (folder) => textOf(join(folder, 'climbed')) === 'climbed',
    }),
    tarred('unpack one to an absolute path', {
      entries: (_ring, folder) => [{ name: `${folder}/absolute`, kind: '0', text: 'absolute' }],
      harm: (folder) => textOf(join(folder, 'absolute')) === 'absolute',
    }),
    tarred('unpack a link, and then a file through it', {
      entries: (_ring, folder) => [
        { name: 'way', kind: '2', link: folder },
        { name: 'way/through', kind: '0', text: 'through' },
      ],
      harm: (folder) => textOf(join(folder, 'through')) === 'through',
    }),
    tarred('unpack a second name of a file of the host', {
      entries: (ring) => [{ name: 'linked', kind: '1', link: ring.secretFile }],
      harm: (folder, ring) => textOf(join(folder, 'tree/linked')).includes(ring.secret),
    }),
    tarred('unpack a device', {
      entries: () => [{ name: 'device', kind: '3' }],
      harm: (folder) =>
        lstatSync(join(folder, 'tree/device'), { throwIfNoEntry: false })?.isCharacterDevice() ===
        true,
      needsRoot: true,
    }),
    tarred('unpack a program with the set-user-id bit', {
      entries: () => [{ name: 'raised', kind: '0', text: 'x', mode: '0006755' }],
      harm: (folder) =>
        ((lstatSync(join(folder, 'tree/raised'), { throwIfNoEntry: false })?.mode ?? 0) &
          0o6000) !==
        0,
      needsRoot: true,
    }),
  ],
};
