import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { openEmbedded } from '../apps/server/src/platform/database/embedded.ts';
import { type Engine, onEachEngine, onEmbedded } from './engines.ts';
import type { BenchOptions, Row } from './row.ts';
import { startServer } from './server.ts';
import { quantile, timed } from './timing.ts';

/**
 * From the start of the process to the first 200 of /readyz: on an empty data directory, and on the
 * one it left. The peers are what is under it and cannot be quicker: Node doing nothing, and the
 * embedded engine opening an empty and an existing directory.
 */
export async function run({ short }: BenchOptions): Promise<Row[]> {
  const rounds = short ? 1 : 3;
  const node = await median(rounds, () => timed(bareNode));
  const rows: Row[] = [{ name: 'node -e 0', value: node, unit: 'ms' }];
  const opened = await repeat(rounds, () => onEmbedded(openTwice));
  rows.push(...named('PGlite opened', opened));
  const perEngine = await repeat(rounds, () => onEachEngine(startTwice));
  for (const [index, first] of (perEngine[0] ?? []).entries()) {
    const times = perEngine.flatMap((round) => round[index] ?? []);
    rows.push(
      ...named(
        `server ready on ${first.engine}`,
        times,
        first.engine === 'PGlite' ? opened : undefined,
      ),
    );
  }
  return rows;
}

interface Twice {
  readonly engine: string;
  readonly cold: number;
  readonly warm: number;
}

async function openTwice({ name, dataDirectory }: Engine): Promise<Twice> {
  const open = async () => {
    const start = performance.now();
    const database = await openEmbedded(path.join(dataDirectory, 'database'));
    const took = performance.now() - start;
    await database.close();
    return took;
  };
  return { engine: name, cold: await open(), warm: await open() };
}

async function startTwice(engine: Engine): Promise<Twice> {
  const [cold, warm] = [await startOnce(engine), await startOnce(engine)];
  return { engine: engine.name, cold, warm };
}

async function startOnce(engine: Engine): Promise<number> {
  const server = await startServer(engine);
  await server.stop();
  return server.readyMs;
}

function named(name: string, times: readonly Twice[], peer?: readonly Twice[]): Row[] {
  return (['cold', 'warm'] as const).map((how) => {
    const value = middle(times.map((time) => time[how]));
    const row: Row = { name: `${name}, ${how}, median`, value, unit: 'ms' };
    return peer === undefined ? row : { ...row, ratio: value / middle(peer.map((p) => p[how])) };
  });
}

async function bareNode(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
}

async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let n = 0; n < times; n++) results.push(await work());
  return results;
}

async function median(rounds: number, work: () => Promise<number>): Promise<number> {
  return middle(await repeat(rounds, work));
}

const middle = (values: readonly number[]) => quantile(values, 0.5);
