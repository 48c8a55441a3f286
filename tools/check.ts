/**
 * `npm run check`: everything that can be known about the repository without running it, at once.
 * Prints one line for each check and, below, what the failed ones say.
 */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inspectHouse } from './house.ts';
import type { TestReport } from './test-report.ts';
import { permissionFaults } from './words-of-permission.ts';

const root = resolve(import.meta.dirname, '..');

type Check = { name: string; asks: string; run: () => Promise<Outcome> };
type Outcome = { ok: boolean; says: string };

const walled = ['packages', 'apps', 'bench', 'demo', 'test', 'tools'].filter((folder) =>
  existsSync(join(root, folder)),
);

const checks: Check[] = [
  { name: 'types', asks: 'do the types agree?', run: program('tsc', '-p', '.') },
  { name: 'lint', asks: 'any promise or case forgotten?', run: program('oxlint', '--type-aware') },
  { name: 'style', asks: 'is it formatted and tidy?', run: program('biome', 'check') },
  {
    name: 'walls',
    asks: 'does every import respect the walls?',
    run: program('depcruise', '--config', '.dependency-cruiser.mjs', ...walled),
  },
  { name: 'unused', asks: 'can anything be deleted?', run: program('knip', '--no-config-hints') },
  { name: 'house', asks: 'are the rules of the house kept?', run: house },
  { name: 'words', asks: 'does any word hold a model back?', run: words },
];

const results = await Promise.all(checks.map(timed));
const failed = results.filter(({ outcome }) => !outcome.ok);
for (const { check, outcome, seconds } of results) {
  const mark = outcome.ok ? 'ok    ' : 'FAILED';
  console.log(`${mark}  ${check.name.padEnd(8)}${check.asks.padEnd(40)}${seconds} s`);
}
for (const { check, outcome } of results) {
  if (outcome.says !== '' && (!outcome.ok || check.name === 'house')) {
    console.log(`\n── ${check.name}\n\n${outcome.says}`);
  }
}
report({
  passed: results.length - failed.length,
  failed: failed.length,
  failures: failed.map(({ check, outcome }) => ({
    test: `npm run check: ${check.name}`,
    message: outcome.says.trim().split('\n')[0] ?? '',
  })),
  skipped: [],
});
process.exitCode = failed.length === 0 ? 0 : 1;

async function timed(check: Check) {
  const began = performance.now();
  const outcome = await check.run();
  return { check, outcome, seconds: ((performance.now() - began) / 1000).toFixed(1) };
}

function program(name: string, ...args: string[]): () => Promise<Outcome> {
  return () =>
    new Promise((done) => {
      const child = spawn(join(root, 'node_modules/.bin', name), args, {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let says = '';
      const keep = (chunk: Buffer) => {
        says += chunk.toString('utf8');
      };
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      child.once('error', (error) => done({ ok: false, says: error.message }));
      child.once('close', (code) => done({ ok: code === 0, says: says.trim() }));
    });
}

async function house(): Promise<Outcome> {
  const { faults, warnings } = inspectHouse(root);
  const says = [...faults, ...warnings.map((warning) => `(warning) ${warning}`)].join('\n');
  return { ok: faults.length === 0, says };
}

async function words(): Promise<Outcome> {
  const faults = permissionFaults(root);
  return { ok: faults.length === 0, says: faults.join('\n') };
}

// `npm test` sums this up with the suites (tools/test.ts).
function report(sum: TestReport): void {
  const file = process.env['BREAKWATER_TEST_REPORT'];
  if (file) writeFileSync(file, JSON.stringify(sum));
}
