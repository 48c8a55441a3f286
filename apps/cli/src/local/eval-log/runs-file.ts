import { type RunsTable, readRuns } from '@breakwater/benchmark/report';
import type { Context } from '../../command.ts';
import { openSource } from '../../files.ts';
import { need } from '../../stop.ts';

const pipeBytesMax = 256 * 1024 * 1024;

/** A table of runs in a file of any size, or on standard input (`-`). */
export async function openRuns(name: string, { stdin }: Context): Promise<RunsTable> {
  const source = await openSource(name, pipeBytesMax, stdin);
  return need(await readRuns(source.chunks()));
}
