/**
 * THIRD_PARTY_NOTICES.md: what others wrote that runs in production here, and under which licence.
 * Made from the lock file, so that it reads the same on every machine. `--write` renews it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Licences that ask for no more than naming the authors; MPL-2.0 binds only its own files. */
const expected = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
]);

const LockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
    }),
  ),
});

type Notice = { name: string; version: string; licence: string };

/** The page's text, and one sentence for each licence that nobody has judged yet. */
export function notices(lockText: string): { text: string; faults: string[] } {
  const all = production(lockText);
  const rows = all.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  const text = [
    '# Third-party notices',
    '',
    'Breakwater stands on these packages in production. Each keeps its own copyright and licence;',
    'the full texts come with the packages, in `node_modules`. Made by `node tools/notices.ts --write`.',
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  const faults = all
    .filter(({ licence }) => !isExpected(licence))
    .map(
      ({ name, licence }) => `${name} has the licence "${licence}": judge it in tools/notices.ts`,
    );
  return { text, faults };
}

// An entry without a digest is of another system and never installed here (tools/lock.ts).
function production(lockText: string): Notice[] {
  const { packages } = LockFile.parse(JSON.parse(lockText));
  const found = new Map<string, Notice>();
  for (const [path, { version, license, integrity, dev }] of Object.entries(packages)) {
    if (!path.includes('node_modules/') || dev || !version || !integrity) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(`${name}@${version}`, { name, version, licence: license ?? 'none given' });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isExpected(licence: string): boolean {
  const words = licence.replace(/[()]/g, '').split(/ (?:OR|AND) /);
  return licence.includes(' OR ')
    ? words.some((word) => expected.has(word))
    : words.every((word) => expected.has(word));
}

if (import.meta.main && process.argv.includes('--write')) {
  const lock = readFileSync('package-lock.json', 'utf8');
  writeFileSync('THIRD_PARTY_NOTICES.md', notices(lock).text);
}
