/**
 * `npm run bench [-- <name> … --short]`: measures what the modules beside this file measure and
 * prints it as one table. `--short` asks each for a quick look instead of a figure to quote.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Bench, Row } from './row.ts';

/** What the others stand on. */
const own = new Set([
  'run.ts',
  'row.ts',
  'bare-http-process.ts',
  'engines.ts',
  'server.ts',
  'seed.ts',
  'seed-report.ts',
  'timing.ts',
]);
const args = process.argv.slice(2);
const short = args.includes('--short');
const flags = args.filter((arg) => arg.startsWith('-'));
const wanted = args.filter((arg) => !arg.startsWith('-'));

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !own.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.some((part) => named(name, part)))
  .toSorted((a, b) => (a < b ? -1 : 1));

if (names.length === 0) {
  console.error(`bench: nothing is named ${wanted.join(' or ') || 'here'}`);
  process.exitCode = 1;
}
if (!wanted.some((part) => part.startsWith('='))) {
  console.log(
    `Node ${process.version}, ${availableParallelism()} processors${short ? ', short' : ''}\n`,
  );
}
const missed: Row[] = [];
if (names.length > 1) {
  // Each in a process of its own: what one leaves in memory makes the next one's starts slow.
  for (const name of names) {
    const options = { stdio: 'inherit' } as const;
    const run = spawnSync(process.execPath, [import.meta.filename, `=${name}`, ...flags], options);
    if (run.status !== 0) process.exitCode = 1;
  }
  names.length = 0;
}
for (const name of names) {
  console.log(name);
  try {
    const bench: Bench = await import(`./${name}.ts`);
    const rows = await bench.run({ short });
    print(rows);
    missed.push(...rows.filter((row) => row.limit?.met === false));
  } catch (error) {
    console.log(`  failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
  console.log('');
}
for (const { name, limit } of missed) console.log(`limit missed: ${name} (${limit?.name})`);
if (missed.length > 0) process.exitCode = 1;

/** `=api` is exactly that, `api` whatever has it in its name. */
function named(name: string, part: string): boolean {
  return part.startsWith('=') ? name === part.slice(1) : name.includes(part);
}

function print(rows: Row[]): void {
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  for (const { name, value, unit, limit, ratio } of rows) {
    const figure = number(value).padStart(12);
    const beside = limit ? `limit ${number(limit.value)} ${unit} (${limit.name})` : '';
    const times = ratio === undefined ? '' : `${number(ratio)} x the peer`;
    const rest = [beside, times].filter(Boolean).join(', ');
    console.log(`  ${name.padEnd(width)} ${figure} ${unit.padEnd(8)} ${rest}`.trimEnd());
  }
}

// Three digits say what a measurement on a shared machine can say.
function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
