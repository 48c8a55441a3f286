import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const slices = path.join(import.meta.dirname, '..');

/** Acts of one button on what stands beside it: nobody writes anything meanwhile. */
const buttons = ['coordinate/standing.tsx', 'distribute/notice-card.tsx'];

test('no form sends the revision that the page behind it read last, but the one its writer saw', () => {
  const files = readdirSync(slices, { recursive: true, encoding: 'utf8' });
  const sending = files.filter((file) => {
    if (!file.endsWith('.tsx')) return false;
    return readFileSync(path.join(slices, file), 'utf8').includes('ifRevision');
  });
  expect(sending.length).toBeGreaterThan(buttons.length);
  const live = sending.filter((file) => {
    const text = readFileSync(path.join(slices, file), 'utf8');
    return !/\buseBegun(?:At|Again)\(/.test(text) || /ifRevision:\s*\w+\.revision\b/.test(text);
  });
  expect(live.toSorted()).toEqual(buttons);
});
