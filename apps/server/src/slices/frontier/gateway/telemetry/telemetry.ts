import type { RequestRow } from '../record/request-row.ts';

/** A call that was settled, as those who watch the machine may know of it. */
export interface SettledCall {
  readonly row: RequestRow;
  /** How the upstream is spoken to. */
  readonly wire: 'openai' | 'anthropic';
  /** From the call to the first byte that was sent on, in milliseconds; null: there was none. */
  readonly firstByteMs: number | null;
}

/**
 * Tells whoever runs the machine how its gateway does. No key, person, party, endpoint or word of a
 * call goes out by it, and of a model its id alone: readers of dashboards are many, and need to
 * know nobody's engagement. It never waits and never throws.
 */
export interface Telemetry {
  onSettled(call: SettledCall): void;
  /** A call that was not taken, or broken off by us, by the code of its refusal: one of a closed set. */
  onRefused(code: string): void;
  /** Sends what is left, as far as somebody takes it. */
  close(): Promise<void>;
}

/** Tells several. */
export function together(all: readonly Telemetry[]): Telemetry {
  return {
    onSettled(call) {
      for (const each of all) each.onSettled(call);
    },
    onRefused(code) {
      for (const each of all) each.onRefused(code);
    },
    async close() {
      await Promise.allSettled(all.map((each) => each.close()));
    },
  };
}

/** How long a call took, in seconds; a clock that was set back made it no time. */
export function secondsOf({ startedAt, endedAt }: RequestRow): number {
  return Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) / 1_000;
}
