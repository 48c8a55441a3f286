import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openSandbox, readRecipe, type Sandbox, validate } from '@breakwater/runner';
import type { BenchOptions, Row } from './row.ts';
import { quantile } from './timing.ts';

const root = resolve(import.meta.dirname, '..');
/** What a second proof on a target that is built may take until its first run begins. */
const START_MS_MAX = 100;

const targets = [
  { what: 'C', recipe: 'cjson-parse', proof: 'cjson-cve-2023-53154.input' },
  { what: 'Node', recipe: 'flat-unflatten', proof: 'flat-cve-2020-36632.cjs' },
];

/**
 * From the request to validate a proof to the start of its first run, on targets of the
 * demonstration: the first time, when the sources are there and the target is built, and again,
 * when the build is taken from the cache. The first needs a network for the sources, once.
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'breakwater-bench-'));
  const sandbox = await openSandbox({ slots: 1 });
  if (sandbox.capabilities.tier === 'refuse') throw new Error(sandbox.capabilities.reason);
  try {
    const rows: Row[] = [];
    for (const target of targets) {
      const again = short ? 5 : 50;
      rows.push(...(await measure(target, { sandbox, cacheDir, again })));
    }
    return rows;
  } finally {
    await sandbox.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}

interface Ground {
  readonly sandbox: Sandbox;
  readonly cacheDir: string;
  readonly again: number;
}

async function measure(target: (typeof targets)[number], ground: Ground): Promise<Row[]> {
  const { what } = target;
  const first = await startMs(target, ground);
  const times: number[] = [];
  for (let n = 0; n < ground.again; n++) times.push(await startMs(target, ground));
  const value = quantile(times, 0.99);
  return [
    { name: `${what}: first proof, fetched and built`, value: first, unit: 'ms' },
    { name: `${what}: another proof on the build, p50`, value: quantile(times, 0.5), unit: 'ms' },
    {
      name: `${what}: another proof on the build, p99`,
      value,
      unit: 'ms',
      limit: { name: 'start', value: START_MS_MAX, met: value < START_MS_MAX },
    },
  ];
}

async function startMs({ recipe, proof }: (typeof targets)[number], ground: Ground) {
  const read = await readRecipe(join(root, 'demo/recipes', recipe));
  if (!read.ok) throw new Error(read.refusal.got);
  const bytes = await readFile(join(root, 'demo/proofs', proof));
  const stop = new AbortController();
  const { cacheDir, sandbox } = ground;
  const start = performance.now();
  let took: number | null = null;
  const onProgress = ({ phase }: { readonly phase: string }) => {
    if (phase !== 'proof' || took !== null) return;
    took = performance.now() - start;
    stop.abort();
  };
  const job = { recipe: read.value, sandbox, cacheDir, onProgress, signal: stop.signal };
  const ended = await validate({ ...job, proof: bytes }).catch(() => null);
  if (ended !== null && !ended.ok) throw new Error(ended.refusal.got);
  if (took === null) throw new Error('the target could not be built');
  return took;
}
