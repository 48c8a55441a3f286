import type { RunAsked } from '@breakwater/evaluator';
import { z } from 'zod';
import { Json, wholeNumber } from '../../options.ts';

const most = 1_000_000_000_000;
const count = wholeNumber(1, most).optional();

/** Money as people write it, in millionths: none is lost by a binary fraction. */
const money = z
  .string()
  .regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'an amount such as 2.50, with six decimals at most')
  .transform((text) => {
    const [whole = '0', part = ''] = text.split('.');
    return Number(whole) * 1_000_000 + Number(part.padEnd(6, '0'));
  })
  .optional();

const share = (max: number) =>
  z.coerce.number(`a number from 0 to ${max}`).min(0).max(max).optional();

export const RunOptions = z.object({
  ...Json,
  model: z.string().min(1).max(200),
  endpoint: z.string().max(2_000),
  api: z.enum(['openai', 'anthropic']),
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'the name of a variable, never the key itself')
    .optional(),
  out: z.string().optional(),
  epochs: wholeNumber(1, 1_000).default(1),
  workers: wholeNumber(1, 256).default(2),
  variants: z.boolean().default(false),
  sealed: z.string().optional(),
  limitMessages: count,
  limitTokens: count,
  limitTurns: count,
  limitSeconds: wholeNumber(1, 1_000_000_000).optional(),
  limitWorkingSeconds: wholeNumber(1, 1_000_000_000).optional(),
  limitCost: money,
  runLimitTokens: count,
  runLimitCost: money,
  priceInput: money,
  priceOutput: money,
  priceCacheRead: money,
  priceCacheWrite: money,
  currency: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/, 'the name of a currency, such as EUR')
    .default('USD'),
  maxOutputTokens: wholeNumber(1, 1_000_000).default(8_192),
  temperature: share(2),
  topP: share(1),
  seed: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  pass: z.array(z.string()).default([]),
});
export type RunOptions = z.infer<typeof RunOptions>;

/** What a command line asks of a run. */
export function askedOf(
  options: RunOptions,
  { suite, agent }: { readonly suite: string; readonly agent: readonly string[] },
): RunAsked {
  const { model, api, endpoint, keyEnv, temperature, topP, seed, currency } = options;
  const { epochs, workers, variants, maxOutputTokens } = options;
  const cost = (micros: number | undefined) =>
    micros === undefined ? {} : { cost: { micros, currency } };
  return {
    suite,
    variants,
    model,
    api,
    endpoint,
    keyEnv: keyEnv ?? null,
    config: {
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { top_p: topP }),
      ...(seed !== undefined && { seed }),
    },
    maxOutputTokens,
    epochs,
    workers,
    limits: { ...sampleLimits(options), ...cost(options.limitCost) },
    runLimits: {
      ...(options.runLimitTokens !== undefined && { tokens: options.runLimitTokens }),
      ...cost(options.runLimitCost),
    },
    prices: pricesOf(options),
    agent: agent.length === 0 ? null : [...agent],
  };
}

function sampleLimits(options: RunOptions): RunAsked['limits'] {
  const { limitMessages, limitTokens, limitTurns, limitSeconds, limitWorkingSeconds } = options;
  return {
    ...(limitMessages !== undefined && { messages: limitMessages }),
    ...(limitTokens !== undefined && { tokens: limitTokens }),
    ...(limitTurns !== undefined && { turns: limitTurns }),
    ...(limitSeconds !== undefined && { seconds: limitSeconds }),
    ...(limitWorkingSeconds !== undefined && { workingSeconds: limitWorkingSeconds }),
  };
}

/** Known where both are told; without them costs are neither limited nor shown. */
function pricesOf(options: RunOptions): RunAsked['prices'] {
  const { currency, priceInput, priceOutput, priceCacheRead, priceCacheWrite } = options;
  if (priceInput === undefined || priceOutput === undefined) return null;
  return {
    currency,
    inputMicros: priceInput,
    outputMicros: priceOutput,
    ...(priceCacheRead !== undefined && { cacheReadMicros: priceCacheRead }),
    ...(priceCacheWrite !== undefined && { cacheWriteMicros: priceCacheWrite }),
  };
}
