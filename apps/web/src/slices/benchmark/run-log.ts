import { runs } from '@breakwater/contract';
import type { LogSource } from '@breakwater/formats/eval-log';
import type { Id } from '@breakwater/kernel';
import { windowed } from './windowed.ts';

/** A log that the server keeps: of which run, and how long it is in bytes. */
export interface RunLog {
  readonly run: Id<'run'>;
  readonly size: number;
}

/** The log of a run as a source: each range is asked of the server, who decides on each anew. */
export function runSource({ run, size }: RunLog): LogSource {
  const address = runs.runLog.path.replace('{run}', encodeURIComponent(run));
  const read = async (start: number, end: number) => {
    if (end === start) return new Uint8Array();
    const answer = await fetch(address, { headers: { range: `bytes=${start}-${end - 1}` } });
    const isPart = answer.status === 206 || (answer.status === 200 && start === 0 && end === size);
    if (isPart) return new Uint8Array(await answer.arrayBuffer());
    throw new Error(`the server answered ${answer.status} for bytes ${start} to ${end}`);
  };
  return { size, read: windowed(read, () => size) };
}
