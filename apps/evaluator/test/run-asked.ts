import type { RunAsked, RunGiven } from '../src/run/run.ts';
import type { Worlds } from '../src/run/surroundings.ts';

/** A run that tests ask for: two samples at once, prices known, nothing limited. */
export function runAsked(suite: string, endpoint: string): RunAsked {
  return {
    suite,
    variants: false,
    model: 'scripted-1',
    api: endpoint.includes('/anthropic/') ? 'anthropic' : 'openai',
    endpoint,
    keyEnv: 'KEY',
    config: {},
    maxOutputTokens: 2_000,
    epochs: 1,
    workers: 2,
    limits: {},
    runLimits: {},
    prices: { currency: 'USD', inputMicros: 1_000_000, outputMicros: 5_000_000 },
    agent: null,
  };
}

/** What tests lend a run; waits between attempts are left out. */
export function runGiven(worlds: Worlds, signal = new AbortController().signal): RunGiven {
  return {
    worlds,
    variable: () => 'sk-secret-of-the-test',
    environment: {},
    clock: {
      now: () => new Date(),
      passedMs: () => performance.now(),
      sleep: async () => undefined,
      chance: Math.random,
    },
    onProgress: () => undefined,
    signal,
  };
}
