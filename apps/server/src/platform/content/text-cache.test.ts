import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { newId } from '../clock/clock.ts';
import { openContentStore } from './content.ts';
import { openKeyStore } from './key-store.ts';
import { createTextCache } from './text-cache.ts';

const limits = { textsMax: 5, unitsMax: 20, textUnitsMax: 8, idleMs: 1_000 };
const ids = Array.from({ length: 9 }, () => newId('content'));
const act = fc.record({
  is: fc.constantFrom('keep', 'find', 'forget'),
  of: fc.nat(ids.length - 1),
  text: fc.string({ maxLength: 12 }),
  mark: fc.constantFrom('a', 'b'),
});

test('it finds what was kept last under this very mark, or nothing, and stays within its limits', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
      const cache = createTextCache(limits);
      const last = new Map<string, { text: string; mark: string }>();
      for (const { is, of, text, mark } of acts) {
        const id = ids[of];
        if (id === undefined) continue;
        if (is === 'forget') {
          cache.forget(id);
          last.delete(id);
        } else if (is === 'keep') {
          cache.keep(id, { text, mark, moment: cache.moment() });
          if (text.length <= limits.textUnitsMax) last.set(id, { text, mark });
        } else {
          const found = cache.find(id, mark);
          if (found !== undefined) expect({ text: found, mark }).toEqual(last.get(id));
        }
        const { texts, units } = cache.size();
        expect(texts).toBeLessThanOrEqual(limits.textsMax);
        expect(units).toBeLessThanOrEqual(limits.unitsMax);
      }
    }),
  );
});

const [first, second, third] = [newId('content'), newId('content'), newId('content')];

test('what was used last stays', () => {
  const cache = createTextCache({ ...limits, textsMax: 2 });
  const keep = (id: typeof first) => cache.keep(id, { text: 'x', mark: 'a', moment: 0 });
  keep(first);
  keep(second);
  expect(cache.find(first, 'a')).toBe('x');
  keep(third);
  const found = [first, second, third].map((id) => cache.find(id, 'a'));
  expect(found).toEqual(['x', undefined, 'x']);
});

test('what was read while anything was forgotten is not kept', () => {
  const cache = createTextCache(limits);
  const moment = cache.moment();
  cache.forget(first);
  cache.keep(first, { text: 'canary', mark: 'a', moment });
  expect(cache.find(first, 'a')).toBeUndefined();
});

test('a mark that is another takes the text out of memory', () => {
  const cache = createTextCache(limits);
  cache.keep(first, { text: 'canary', mark: 'a', moment: cache.moment() });
  expect(cache.find(first, 'b')).toBeUndefined();
  expect(cache.size()).toEqual({ texts: 0, units: 0 });
});

test('what nobody asks for leaves memory by itself', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  try {
    const cache = createTextCache(limits);
    cache.keep(first, { text: 'idle', mark: 'a', moment: cache.moment() });
    vi.advanceTimersByTime(limits.idleMs / 2);
    cache.keep(second, { text: 'newer', mark: 'a', moment: cache.moment() });
    vi.advanceTimersByTime(limits.idleMs * 0.75);
    expect(cache.size()).toEqual({ texts: 1, units: 5 });
    vi.advanceTimersByTime(limits.idleMs * 2);
    expect(cache.size()).toEqual({ texts: 0, units: 0 });
  } finally {
    vi.useRealTimers();
  }
});

test('what another process erased is answered with by none, though it was in memory', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'breakwater-text-cache-'));
  try {
    const folders = [path.join(root, 'content'), path.join(root, 'keys')] as const;
    const store = await openContentStore(folders[0], await openKeyStore(folders[1]));
    const { id } = await store.putText('the canary', 'note.txt');
    expect(await store.getText(id)).toBe('the canary');
    const script = `
      const [content, keys, id] = process.argv.slice(1);
      const { openContentStore } = await import(${JSON.stringify(path.join(import.meta.dirname, 'content.ts'))});
      const { openKeyStore } = await import(${JSON.stringify(path.join(import.meta.dirname, 'key-store.ts'))});
      const store = await openContentStore(content, await openKeyStore(keys));
      console.log(await store.getText(id), await store.erase(id));`;
    const words = ['--input-type=module', '--eval', script, ...folders, id];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    expect(stdout).toBe('the canary true\n');
    expect(await store.getText(id)).toBeNull();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
