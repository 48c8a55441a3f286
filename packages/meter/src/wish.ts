import { z } from 'zod';
import { CallAmount } from './amounts.ts';
import { Prices } from './prices.ts';

/** An amount that may be cut: `most` is wanted, and below `least` it is of no use. */
export const Span = z
  .strictObject({ most: CallAmount, least: CallAmount })
  .refine(({ most, least }) => least <= most, 'the least is more than the most');
export type Span = Readonly<z.infer<typeof Span>>;

/** The name of a reservation. */
export const ReservationId = z.string().min(1).max(200);

/**
 * The upper bound of what is about to be done: a call of a model, a tool, or both. What is not
 * named is nothing. `inputTokens` must be a true bound: where no tokenizer is at hand, the UTF-8
 * bytes of the whole request are one for plain text. `prices` are needed where money is limited.
 */
export const Wish = z.strictObject({
  /** Used once in a budget, and again by each retry of the same call. */
  id: ReservationId,
  messages: CallAmount.optional(),
  turns: CallAmount.optional(),
  inputTokens: CallAmount.optional(),
  outputTokens: Span.optional(),
  wallMs: Span.optional(),
  workingMs: Span.optional(),
  prices: Prices.optional(),
});
export type Wish = Readonly<z.infer<typeof Wish>>;

/** What it came to, as the provider and the clock tell. What is not named is nothing. */
export const Actual = z
  .strictObject({
    messages: CallAmount.optional(),
    turns: CallAmount.optional(),
    /** All input; the two cache counts are part of it. */
    inputTokens: CallAmount.optional(),
    cacheReadTokens: CallAmount.optional(),
    cacheWriteTokens: CallAmount.optional(),
    outputTokens: CallAmount.optional(),
    wallMs: CallAmount.optional(),
    workingMs: CallAmount.optional(),
  })
  .refine(
    ({ inputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0 }) =>
      cacheReadTokens + cacheWriteTokens <= inputTokens,
    'more tokens from a cache than tokens of input',
  );
export type Actual = Readonly<z.infer<typeof Actual>>;

/** What is wrong with plain data, as a phrase: where, and what was expected there. */
export function faultOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'another shape' : `/${issue.path.join('/')}: ${issue.message}`;
}
