import { describe, expect, it } from 'vitest';
import { pack } from '../sandbox/frames.ts';
import { memoryBlobs } from './blobs.ts';
import { Keeper } from './keep.ts';
import type { Answer, Asking } from './line.ts';
import type { WorldResult } from './world.ts';

const limits = {
  memoryBytes: 2 ** 30,
  diskBytes: 2 ** 20,
  processesMax: 1,
  cpuSeconds: 1,
  entriesMax: 10,
};
const NOW = 1_000_000;

interface OneFile {
  text: string;
  /** Seconds of its last change, as the kernel says. */
  changed: number;
}

/** A first process with these files, which tells what it was asked to read. */
class Inside {
  readonly files = new Map<string, OneFile>();
  readonly read: string[] = [];
  readonly asked: string[] = [];
  readonly ended = null;
  refuses: string | null = null;

  async ask(kind: string, items: readonly unknown[], asking: Asking = {}) {
    this.asked.push(kind);
    const say = async (name: string, body: Buffer) => asking.take?.({ kind: name, body });
    if (kind === this.refuses) return answer('refused', 'too-much-to-keep', 'over 10 files');
    if (kind === 'K') {
      for (const [path, { text, changed }] of this.files) {
        const size = String(text.length);
        const stamp = `7.${changed}.0`;
        const entry = ['file', path, '420', size, stamp, '0', String(changed), ''];
        await say('E', pack(entry));
      }
      return answer('done', String(NOW));
    }
    if (kind === 'g') {
      for (const path of items.map(String)) {
        this.read.push(path);
        await say('d', Buffer.from(this.files.get(path)?.text ?? ''));
        await say('n', Buffer.alloc(0));
      }
    }
    return answer('done');
  }
}

function answer(verdict: Answer['verdict'], ...fields: string[]): WorldResult<Answer> {
  return { ok: true, value: { verdict, fields } };
}

function scene() {
  const inside = new Inside();
  const keeper = new Keeper(inside, limits);
  const store = memoryBlobs();
  return { inside, keeper, store };
}

describe('keeping again', () => {
  it('reads only what changed since, by the kernel’s own times', async () => {
    const { inside, keeper, store } = scene();
    inside.files
      .set('/work/a', { text: 'a', changed: 1 })
      .set('/work/b', { text: 'b', changed: 1 });
    const first = await keeper.keep(store);
    inside.files.set('/work/b', { text: 'c', changed: 2 });
    const second = await keeper.keep(store);
    expect(inside.read).toEqual(['/work/a', '/work/b', '/work/b']);
    const digests = (kept: typeof first) =>
      kept.ok ? kept.value.entries.map((entry) => 'sha256' in entry && entry.sha256) : [];
    expect(digests(second)[0]).toBe(digests(first)[0]);
    expect(digests(second)[1]).not.toBe(digests(first)[1]);
  });

  it('reads again what changed so lately that the clock could not tell', async () => {
    const { inside, keeper, store } = scene();
    inside.files.set('/work/a', { text: 'a', changed: NOW - 1 });
    await keeper.keep(store);
    inside.files.set('/work/a', { text: 'b', changed: NOW - 1 });
    await keeper.keep(store);
    expect(inside.read).toEqual(['/work/a', '/work/a']);
  });

  it('reads again what another store does not have', async () => {
    const { inside, keeper, store } = scene();
    inside.files.set('/work/a', { text: 'a', changed: 1 });
    await keeper.keep(store);
    await keeper.keep(memoryBlobs());
    expect(inside.read).toEqual(['/work/a', '/work/a']);
  });

  it('lets the processes go on whatever happens, but where they do already', async () => {
    const { inside, keeper, store } = scene();
    inside.files.set('/work/a', { text: 'a', changed: 1 });
    const full = { ...store, write: () => Promise.reject(new Error('the disk is full')) };
    await expect(keeper.keep(full)).rejects.toThrow('the disk is full');
    expect(inside.asked).toEqual(['K', 'g', 'u']);
    inside.refuses = 'K';
    expect(await keeper.keep(store)).toMatchObject({ refusal: { code: 'too-much-to-keep' } });
    expect(inside.asked).toEqual(['K', 'g', 'u', 'K']);
  });
});
