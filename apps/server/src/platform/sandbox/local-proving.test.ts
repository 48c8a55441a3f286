import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { expect, onTestFinished, test } from 'vitest';
import { openLocalProving } from './local-proving.ts';

test.each([[['a', 'a/b']], [['a/b', 'a']], [['../x']], [['/etc/x']]])(
  'a recipe with the files %j is refused, not a fault',
  async (names) => {
    const cacheDirectory = await mkdtemp(path.join(tmpdir(), 'breakwater-proving-'));
    onTestFinished(() => rm(cacheDirectory, { recursive: true, force: true }));
    const proving = await openLocalProving({ cacheDirectory, slots: 1 });
    onTestFinished(() => proving.close());
    const files = Object.fromEntries(names.map((name) => [name, utf8('x')]));
    const read = await proving.read({ ...files, 'recipe.json': utf8('{}') });
    expect(read.ok ? null : read.refusal.code).toBe('recipe-malformed');
    expect(read.ok ? '' : read.refusal.expected).toContain('plain relative file names');
  },
);
