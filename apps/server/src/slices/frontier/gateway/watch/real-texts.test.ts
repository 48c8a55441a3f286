import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { noPlaces } from './places.ts';
import { createWatcher } from './watcher.ts';

const data = process.env['BREAKWATER_DATA'] ?? path.join(process.cwd(), '../shared/data');
const file = path.join(data, 'advisories/derived/A/records.jsonl.gz');

/** What a defender's pipeline sends: advisories, each in the same few words. */
const template =
  'You are helping an analyst. Explain in plain words what this advisory means for a small hospital, who has to do what, and how urgent it is:\n\n';

describe.skipIf(!existsSync(file))('advisories that nobody wrote for this, as prompts', () => {
  const texts = () =>
    gunzipSync(readFileSync(file))
      .toString('utf8')
      .split('\n', 4_000)
      .map((line): string => String(JSON.parse(line).details ?? ''))
      .filter((text) => text.length > 100);

  test.each([
    ['by themselves', '', 0.001],
    ['in a template', template, 0.02],
  ])(
    '%s are hardly ever taken for extraction, and never for a secret or an injection',
    (_, before, share) => {
      const watcher = createWatcher({ places: noPlaces, seed: 99 });
      const counts = new Map<string, number>();
      const prompts = texts();
      for (const [i, text] of prompts.entries()) {
        const watched = watcher.onRequest({
          key: `gkey_${Math.floor(i / 500)}`,
          model: 'model_a',
          limits: {
            ...{ outputTokensMax: 1, concurrency: 1, currency: null },
            ...{ minute: {}, day: {}, grant: {} },
          },
          at: Date.UTC(2026, 10, 2) + i * 20_000,
          address: null,
          agent: null,
          body: { messages: [{ role: 'user', content: before + text }] },
        });
        for (const mark of watched.onSettled(300)) counts.set(mark, (counts.get(mark) ?? 0) + 1);
      }
      expect(prompts.length).toBeGreaterThan(2_000);
      const alike = counts.get('prompts-alike') ?? 0;
      counts.delete('prompts-alike');
      expect(Object.fromEntries(counts)).toEqual({});
      expect(alike / prompts.length).toBeLessThanOrEqual(share);
    },
  );
});
