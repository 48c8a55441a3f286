import type { Admitted, Upstream } from '../model.ts';
import { type Asked, limitNames } from './asked.ts';
import { refused, type WireRefusal } from './refusal.ts';

/** Fewer tokens than these are of no use to a caller who states no limit; some upstreams refuse them. */
const usefulMin = 16;
const tokensMax = 1_000_000_000;

/**
 * The output tokens to be reserved: what the client stated, in full, or else as many as its key and
 * the upstream give at most. Of all answers together, as often as the upstream reads the prompt.
 */
export function wishedOutput(
  asked: Asked,
  { limits }: Admitted,
  { outputMax }: Upstream,
): { readonly most: number; readonly least: number } | WireRefusal {
  if (limitNames[asked.kind].length === 0) return { most: 0, least: 0 };
  const { answers, outputStated } = asked;
  const times = answers * asked.input.readings;
  const each = outputStated ?? Math.min(Math.floor(limits.outputTokensMax / answers), outputMax);
  if (each < 1 || each * answers > limits.outputTokensMax || each * times > tokensMax) {
    return refused(400, {
      code: 'beyond-request-limit',
      expected: `at most ${limits.outputTokensMax} output tokens in one request, in all its answers`,
      got: `${each < 1 ? answers : each * answers}`,
      todo: 'state a smaller limit, or ask the developer for a greater one',
    });
  }
  const most = each * times;
  return { most, least: outputStated === null ? Math.min(usefulMin, each) * times : most };
}
