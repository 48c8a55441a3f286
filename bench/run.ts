/**
 * `npm run bench [-- <name> … --short --page]`: measures what the modules beside this file measure
 * and prints it as tables. `--short` asks each for a quick look instead of a figure to quote;
 * `--page` puts what was measured into docs/performance.md, in the place of what stood there of it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { formatNumber, type Measured, machine, writeSections } from './page.ts';
import type { Bench, Report, Row } from './row.ts';

/** What the others stand on. */
const own = new Set([
  'run.ts',
  'row.ts',
  'bare-http.ts',
  'bare-http-process.ts',
  'distinguish.ts',
  'engines.ts',
  'page.ts',
  'server.ts',
  'seed.ts',
  'seed-report.ts',
  'seed-claims.ts',
  'seed-lists.ts',
  'timing.ts',
]);
const args = process.argv.slice(2);
const short = args.includes('--short');
const page = args.includes('--page');
const into = args.find((arg) => arg.startsWith('--into='))?.slice('--into='.length);
const wanted = args.filter((arg) => !arg.startsWith('-'));

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !own.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.some((part) => named(name, part)))
  .toSorted((a, b) => (a < b ? -1 : 1));

if (names.length === 0) {
  console.error(`bench: nothing is named ${wanted.join(' or ') || 'here'}`);
  process.exitCode = 1;
} else if (short && page) {
  console.error('bench: --short gives no figures for a page; leave one of the two out');
  process.exitCode = 1;
} else if (into !== undefined || (names.length === 1 && !page)) {
  for (const name of names) await measure(name);
} else {
  console.log(
    `Node ${process.version}, ${availableParallelism()} processors${short ? ', short' : ''}\n`,
  );
  measureApart();
}

/** Each in a process of its own: what one leaves in memory makes the next one's starts slow. */
function measureApart(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-bench-'));
  try {
    for (const name of names) {
      const file = path.join(folder, name);
      const words = [import.meta.filename, `=${name}`, `--into=${file}`];
      const run = spawnSync(process.execPath, short ? [...words, '--short'] : words, {
        stdio: 'inherit',
      });
      if (run.status !== 0) process.exitCode = 1;
      // Nothing is there where it failed: what the page says of it then stays as it was.
      const told = readOrNull(file);
      if (page && told !== null) writeSections([JSON.parse(told)]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

async function measure(name: string): Promise<void> {
  console.log(name);
  try {
    const bench: Bench = await import(`./${name}.ts`);
    const [from, loadBefore] = [new Date(), loadavg()[0] ?? 0];
    const told = await bench.run({ short });
    const report: Report = 'rows' in told ? told : { rows: told };
    print(report);
    const [to, loadAfter] = [new Date(), loadavg()[0] ?? 0];
    const measured: Measured = { name, report, machine, from, to, loadBefore, loadAfter };
    if (into !== undefined) writeFileSync(into, JSON.stringify(measured));
    const missed = report.rows.filter((row) => row.limit?.met === false);
    for (const row of missed) console.log(`limit missed: ${row.name} (${row.limit?.name})`);
    if (missed.length > 0) process.exitCode = 1;
  } catch (error) {
    console.log(`  failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
  console.log('');
}

/** `=api` is exactly that, `api` whatever has it in its name. */
function named(name: string, part: string): boolean {
  return part.startsWith('=') ? name === part.slice(1) : name.includes(part);
}

function print({ rows, peers = [], notes = [] }: Report): void {
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  if (peers.length > 0) console.log(`  beside ${peers.join(', ')}`);
  for (const row of rows) console.log(lineOf(row, width).trimEnd());
  for (const note of notes) console.log(`  - ${note}`);
}

function lineOf({ name, value, unit, limit, ratio }: Row, width: number): string {
  const figure = formatNumber(value).padStart(12);
  const beside = limit ? `limit ${formatNumber(limit.value)} ${unit} (${limit.name})` : '';
  const times = ratio === undefined ? '' : `${formatNumber(ratio)} x the peer`;
  const rest = [beside, times].filter(Boolean).join(', ');
  return `  ${name.padEnd(width)} ${figure} ${unit.padEnd(8)} ${rest}`;
}
