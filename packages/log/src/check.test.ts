import { utf8 } from '@breakwater/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import type { MemoryLog } from '../test/memory-log.ts';
import { entryOf, fileOf, flip, grow, logOf, sign, vkey } from '../test/memory-log.ts';
import { checkLog } from './check.ts';
import { signCheckpoint } from './checkpoint.ts';
import { formatVerifierKey, verifierKey } from './note.ts';
import { formatBundle, parseBundle } from './tile.ts';
import { emptyRoot } from './tree.ts';

// 256 * 257 + 44 entries: full tiles at two levels, a partial tile at three.
const size = 65_836;

const made = new Map<string, Promise<MemoryLog>>();

/** A log of `size` entries; made once, its files copied for each test. */
async function bigLog(variant = 'a'): Promise<MemoryLog> {
  const original = made.get(variant) ?? logOf(size, variant);
  made.set(variant, original);
  const { edge, files: written } = await original;
  const files = new Map(written);
  return { edge, files, fetchFile: (path) => Promise.resolve(files.get(path) ?? null) };
}

async function check(log: MemoryLog, since?: Uint8Array) {
  const given = since === undefined ? {} : { since };
  const report = await checkLog({ fetchFile: log.fetchFile, vkeys: [vkey], ...given });
  const findings = report.findings.map(({ code, file, at }) =>
    at === undefined ? `${code} ${file}` : `${code} ${file} at ${at}`,
  );
  return { ...report, findings };
}

describe('a log as it should be', () => {
  test.each([0, 1, 2, 255, 256, 257, 511, 512, 513, 1000])('%i entries hold', async (count) => {
    const report = await check(await logOf(count));
    expect(report.findings).toEqual([]);
    expect(report.holds).toBe(true);
    expect(report.entriesProven).toBe(count);
  });

  test('three levels of tiles hold; each file is read once and progress reaches the end', async () => {
    const log = await bigLog();
    const reads = new Map<string, number>();
    const seen: number[] = [];
    const report = await checkLog({
      fetchFile: (path) => {
        reads.set(path, (reads.get(path) ?? 0) + 1);
        return log.fetchFile(path);
      },
      vkeys: [vkey],
      entryBytes: 32,
      onProgress: ({ entries }) => void seen.push(entries),
    });
    expect(report.findings).toEqual([]);
    expect(report.entriesProven).toBe(size);
    expect(seen.at(-1)).toBe(size);
    expect([...reads.keys()].sort()).toEqual([...log.files.keys()].sort());
    expect(new Set(reads.values())).toEqual(new Set([1]));
  });

  test('every earlier checkpoint is a prefix, also across tile borders', async () => {
    const log = await logOf(0);
    const saved: Uint8Array[] = [fileOf(log, 'checkpoint')];
    for (const count of [1, 1, 253, 1, 1, 255, 1, 300, 211]) {
      await grow(log, count);
      saved.push(fileOf(log, 'checkpoint'));
    }
    for (const since of saved) expect((await check(log, since)).findings).toEqual([]);
  });

  test('a full tile stands in for the partial one that a server dropped', async () => {
    const log = await logOf(200);
    const saved = fileOf(log, 'checkpoint');
    await grow(log, 100);
    for (const path of [...log.files.keys()]) if (path.endsWith('.p/200')) log.files.delete(path);
    log.files.set('checkpoint', saved);
    expect((await check(log)).findings).toEqual([]);
  });
});

describe('one flipped bit in each kind of file is named', () => {
  test.each([
    ['tile/entries/000', 2 + 34 * 3, 'entry-changed tile/entries/000 at 3'],
    ['tile/entries/256', 2, 'entry-changed tile/entries/256 at 65536'],
    ['tile/entries/257.p/44', 34 * 43 + 2, 'entry-changed tile/entries/257.p/44 at 65835'],
    ['tile/0/000', 32 * 3, 'tile-changed tile/0/000 at 3'],
    ['tile/0/256', 8191, 'tile-changed tile/0/256 at 65791'],
    ['tile/0/257.p/44', 0, 'tile-changed tile/0/257.p/44 at 65792'],
    ['tile/1/000', 32 * 7, 'tile-changed tile/1/000 at 7'],
    ['tile/1/001.p/1', 0, 'tile-changed tile/1/001.p/1 at 256'],
    ['tile/2/000.p/1', 31, 'tile-changed tile/2/000.p/1 at 0'],
  ])('%s at byte %i', async (path, at, finding) => {
    const log = await bigLog();
    flip(log, path, at);
    const report = await check(log);
    expect(report.findings).toEqual([finding]);
    // Damage to one file never costs the proof of what the others hold.
    expect(report.entriesProven).toBe(size);
  });

  test('every byte of a checkpoint: nothing in it can be changed', async () => {
    const log = await logOf(3);
    const bytes = fileOf(log, 'checkpoint').length;
    for (let at = 0; at < bytes; at += 1) {
      const changed = { ...log, files: new Map(log.files) };
      changed.fetchFile = (path) => Promise.resolve(changed.files.get(path) ?? null);
      flip(changed, 'checkpoint', at);
      const { findings } = await check(changed);
      expect(['checkpoint-signature checkpoint', 'malformed checkpoint']).toContain(findings[0]);
    }
  });

  test('a bundle and its tile changed alike are both named, against the signed root', async () => {
    const log = await bigLog();
    const other = await bigLog('b');
    for (const path of ['tile/entries/005', 'tile/0/005']) log.files.set(path, fileOf(other, path));
    const report = await check(log);
    expect(report.findings).toEqual(['tile-changed tile/0/005', 'entry-changed tile/entries/005']);
    expect(report.entriesProven).toBe(size - 256);
  });

  test('a whole other log under the signed checkpoint is refused', async () => {
    const log = await logOf(300);
    const other = await logOf(300, 'b');
    log.files.set('checkpoint', fileOf(other, 'checkpoint'));
    const report = await check(log);
    expect(report.findings).toEqual(['tile-changed tile/1/000.p/1 tile/0/001.p/44']);
    expect(report.entriesProven).toBe(0);
  });
});

describe('what is missing is named', () => {
  test.each([
    ['checkpoint', 'checkpoint-missing checkpoint'],
    ['tile/entries/000', 'entry-missing tile/entries/000'],
    ['tile/entries/257.p/44', 'entry-missing tile/entries/257.p/44'],
    ['tile/0/000', 'tile-missing tile/0/000'],
    ['tile/0/257.p/44', 'tile-missing tile/0/257.p/44'],
    ['tile/1/000', 'tile-missing tile/1/000'],
    ['tile/2/000.p/1', 'tile-missing tile/2/000.p/1'],
  ])('%s', async (path, finding) => {
    const log = await bigLog();
    log.files.delete(path);
    expect((await check(log)).findings).toEqual([finding]);
  });

  test.each([0, 3, 255])('entry %i dropped from its bundle', async (index) => {
    const log = await logOf(300);
    const bundle = parseBundle(fileOf(log, 'tile/entries/000'));
    if (!bundle.ok) throw new Error(bundle.refusal.got);
    log.files.set('tile/entries/000', formatBundle(bundle.value.toSpliced(index, 1)));
    expect((await check(log)).findings).toEqual([`entry-missing tile/entries/000 at ${index}`]);
  });

  test('an entry added, a file cut and an entry of another length', async () => {
    const log = await logOf(300);
    const bundle = parseBundle(fileOf(log, 'tile/entries/001.p/44'));
    if (!bundle.ok) throw new Error(bundle.refusal.got);
    log.files.set('tile/entries/001.p/44', formatBundle([...bundle.value, entryOf(9)]));
    log.files.set('tile/0/000', fileOf(log, 'tile/0/000').slice(0, 8000));
    expect((await check(log)).findings).toEqual([
      'malformed tile/0/000',
      'entry-changed tile/entries/001.p/44 at 300',
    ]);
    const { fetchFile } = await logOf(3);
    const report = await checkLog({ fetchFile, vkeys: [vkey], entryBytes: 31 });
    expect(report.findings[0]?.message).toBe('leaf 0 has 32 bytes, expected 31');
  });

  test('a signed size without files ends after a bounded number of findings', async () => {
    const log = await logOf(1);
    await sign(log, Number.MAX_SAFE_INTEGER, emptyRoot);
    let reads = 0;
    const report = await checkLog({
      fetchFile: (path) => {
        reads += 1;
        return log.fetchFile(path);
      },
      vkeys: [vkey],
    });
    expect(report.holds).toBe(false);
    expect(reads).toBeLessThan(1000);
  });
});

describe('since a saved checkpoint', () => {
  test('a log that shrank is rolled back', async () => {
    const saved = fileOf(await logOf(400), 'checkpoint');
    expect((await check(await logOf(300), saved)).findings).toEqual([
      'checkpoint-rolled-back checkpoint',
    ]);
  });

  test.each([300, 301, 700])('another history at size %i is a fork', async (now) => {
    const saved = fileOf(await logOf(300), 'checkpoint');
    expect((await check(await logOf(now, 'b'), saved)).findings).toEqual([
      'history-forked checkpoint',
    ]);
  });

  test('a fork that changed one old entry only is a fork', async () => {
    const saved = fileOf(await logOf(300), 'checkpoint');
    const log = await logOf(299);
    await grow(log, 1, 'b');
    await grow(log, 400);
    expect((await check(log, saved)).findings).toEqual(['history-forked checkpoint']);
  });

  test('damage is not taken for a fork, and does not hide one', async () => {
    const log = await logOf(300);
    const saved = fileOf(log, 'checkpoint');
    await grow(log, 400);
    flip(log, 'tile/entries/000', 5);
    expect((await check(log, saved)).findings).toEqual(['entry-changed tile/entries/000 at 0']);
    const fork = fileOf(await logOf(300, 'b'), 'checkpoint');
    expect((await check(log, fork)).findings).toEqual([
      'entry-changed tile/entries/000 at 0',
      'history-forked checkpoint',
    ]);
    log.files.delete('tile/0/000');
    expect((await check(log, fork)).findings).toContain('history-unproven checkpoint');
  });

  test('what is no checkpoint, or not of this log, is said', async () => {
    const log = await logOf(3);
    expect((await check(log, utf8('hello'))).findings).toEqual(['malformed since']);
    const stranger = await checkLog({ fetchFile: log.fetchFile, vkeys: ['nonsense'] });
    expect(stranger.findings.map(({ code, file }) => `${code} ${file}`)).toEqual([
      'malformed key',
      'checkpoint-signature checkpoint',
    ]);
  });

  test('a trusted checkpoint of another log is not compared', async () => {
    const log = await logOf(3);
    const secret = new Uint8Array(32).fill(9);
    const key = verifierKey('log.example/other', ed25519.getPublicKey(secret));
    const head = { origin: key.name, size: 3, root: emptyRoot, extensions: [] };
    const signer = { key, sign: (message: Uint8Array) => ed25519.sign(message, secret) };
    const report = await checkLog({
      fetchFile: log.fetchFile,
      vkeys: [vkey, formatVerifierKey(key)],
      since: utf8(await signCheckpoint(head, [signer])),
    });
    expect(report.findings.map(({ code, file }) => `${code} ${file}`)).toEqual(['other-log since']);
  });
});
