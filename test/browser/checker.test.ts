import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildChecker } from '../../apps/web/checker/build-checker.ts';

test('the checker rebuilt from these sources has the published digest', async () => {
  const published = await readFile(join(import.meta.dirname, '../../docs/checker.sha256'), 'utf8');
  const { sha256 } = await buildChecker();
  expect(
    published,
    'the checker changed: review the change, then run node apps/web/checker/publish-digest.ts',
  ).toBe(`${sha256}  checker.html\n`);
});

test('the checker is one file that refers to nothing outside itself', async () => {
  const { html } = await buildChecker();
  expect(html.match(/<(script|link|img|iframe)\b[^>]*\b(src|href)=/gi)).toBe(null);
  expect(html).toContain("default-src 'none'");
  expect(html.match(/\bimport\s*\(|\bfetch\s*\(|XMLHttpRequest|WebSocket/g)).toBe(null);
});
