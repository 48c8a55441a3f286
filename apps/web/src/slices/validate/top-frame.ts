import type { Finding } from '@breakwater/contract';

type Crash = Pick<NonNullable<Finding['crash']>, 'state' | 'frames'>;

/** Position of the target's own innermost frame: the state names it, frames above are the tool's. */
export function topFrame({ state, frames }: Crash): number {
  return Math.max(
    frames.findIndex((frame) => frame.function === state[0]),
    0,
  );
}
