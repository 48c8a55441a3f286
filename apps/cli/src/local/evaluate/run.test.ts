import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../../test/run-cli.ts';
import { optionsOf } from '../../options.ts';
import { askedOf, RunOptions } from './asked.ts';

const needed = { model: 'm', endpoint: 'https://host/v1', api: 'openai' };
const asked = (options: Record<string, unknown>, agent: readonly string[] = []) =>
  askedOf(optionsOf(RunOptions, { args: [], options: { ...needed, ...options } }), {
    suite: 'suite',
    agent,
  });

test('what is typed is what is asked; money is never a binary fraction', () => {
  const all = {
    keyEnv: 'MODEL_KEY',
    epochs: '3',
    limitTokens: '5000',
    limitWorkingSeconds: '60',
    limitCost: '0.1',
    runLimitCost: '1234.567891',
    priceInput: '2.50',
    priceOutput: '10',
    priceCacheRead: '0.25',
    currency: 'EUR',
    temperature: '0.7',
  };
  expect(asked(all, ['python3', 'agent.py'])).toEqual({
    suite: 'suite',
    variants: false,
    ...needed,
    keyEnv: 'MODEL_KEY',
    config: { temperature: 0.7 },
    maxOutputTokens: 8_192,
    epochs: 3,
    workers: 2,
    limits: { tokens: 5_000, workingSeconds: 60, cost: { micros: 100_000, currency: 'EUR' } },
    runLimits: { cost: { micros: 1_234_567_891, currency: 'EUR' } },
    prices: {
      currency: 'EUR',
      inputMicros: 2_500_000,
      outputMicros: 10_000_000,
      cacheReadMicros: 250_000,
    },
    agent: ['python3', 'agent.py'],
  });
  expect(asked({})).toMatchObject({ limits: {}, runLimits: {}, prices: null, agent: null });
});

test.each([
  ['keyEnv', 'sk-very-secret', '--key-env'],
  ['limitCost', '0.1234567', '--limit-cost'],
  ['limitCost', '-1', '--limit-cost'],
  ['limitTokens', '0', '--limit-tokens'],
  ['api', 'gemini', '--api'],
  ['workers', '1000', '--workers'],
])('%s %s is refused', (name, value, words) => {
  expect(() => asked({ [name]: value })).toThrow(words);
});

test('a folder without a run is not resumed, and a key is not taken from the command line', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-run-'));
  try {
    const resumed = await runCli(['benchmark', 'resume', folder, '--json']);
    expect(resumed.code).not.toBe(0);
    expect(resumed.out + resumed.err).toMatch(/run-missing|sandbox/u);
    const words = ['--model', 'm', '--endpoint', 'https://host/v1', '--api', 'openai'];
    const keyed = await runCli(['benchmark', 'run', folder, ...words, '--key', 'sk-secret']);
    expect(keyed.code).toBe(2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
