import type { Id } from '@breakwater/kernel';
import type { RunsOf } from '../suite/audiences.ts';
import type { RunParts } from '../suite/rights.ts';

/** One run, for whoever writes the audience of nothing else. */
export function ofOneRun(id: Id<'run'>, parts: RunParts): RunsOf {
  return new Map([[id, parts]]);
}
