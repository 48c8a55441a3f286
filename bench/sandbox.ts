import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSandbox, type RunSpec, type Sandbox } from '@breakwater/runner';
import type { BenchOptions, Row } from './row.ts';

const CONCURRENCY = [1, 2, 4];
/** What starting a sandbox may cost beyond the bare process. */
const OVERHEAD_MS_MAX = 15;

const nothing: RunSpec = {
  argv: ['/bin/true'],
  env: {},
  cwd: '/tmp',
  mounts: [],
  profile: 'target',
  fixedAddresses: true,
  limits: {
    wallMs: 30_000,
    cpuSeconds: 10,
    memoryBytes: 256 << 20,
    processesMax: 64,
    fileBytesMax: 1 << 20,
    scratchBytes: 8 << 20,
    outputBytesMax: 64 << 10,
  },
};

/**
 * /bin/true in the sandbox against /bin/true bare, turn by turn in the same minute so that noise
 * meets both; then runs per second at rising concurrency.
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const sandbox = await openSandbox({ slots: Math.max(...CONCURRENCY) });
  if (sandbox.capabilities.tier === 'refuse') throw new Error(sandbox.capabilities.reason);
  try {
    const count = short ? 30 : 400;
    const rows = await latency(sandbox, count);
    for (const concurrency of CONCURRENCY) {
      const name = `runs at concurrency ${concurrency}`;
      rows.push({ name, value: await rate(sandbox, count, concurrency), unit: '/s' });
    }
    return rows;
  } finally {
    await sandbox.close();
  }
}

async function latency(sandbox: Sandbox, count: number): Promise<Row[]> {
  const sealed: number[] = [];
  const bare: number[] = [];
  for (let index = 0; index < count; index++) {
    sealed.push(await timed(() => succeed(sandbox)));
    bare.push(await timed(bareRun));
  }
  const overhead = at(sealed, 0.5) - at(bare, 0.5);
  const limit = { name: 'start overhead', value: OVERHEAD_MS_MAX };
  return [
    { name: '/bin/true bare, p50', value: at(bare, 0.5), unit: 'ms' },
    { name: '/bin/true bare, p99', value: at(bare, 0.99), unit: 'ms' },
    { name: '/bin/true in the sandbox, p50', value: at(sealed, 0.5), unit: 'ms' },
    { name: '/bin/true in the sandbox, p99', value: at(sealed, 0.99), unit: 'ms' },
    {
      name: 'overhead beyond the bare process, p50',
      value: overhead,
      unit: 'ms',
      limit: { ...limit, met: overhead < OVERHEAD_MS_MAX },
    },
  ];
}

async function rate(sandbox: Sandbox, count: number, concurrency: number): Promise<number> {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await succeed(sandbox);
  };
  const took = await timed(() => Promise.all(Array.from({ length: concurrency }, worker)));
  return (count / took) * 1000;
}

async function succeed(sandbox: Sandbox): Promise<void> {
  const { ending } = await sandbox.run(nothing);
  if (ending.kind !== 'exited' || ending.code !== 0) throw new Error(JSON.stringify(ending));
}

async function bareRun(): Promise<void> {
  await once(spawn('/bin/true', [], { env: {}, stdio: ['pipe', 'pipe', 'pipe'] }), 'close');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function at(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
