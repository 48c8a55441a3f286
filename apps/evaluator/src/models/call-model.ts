import { type AttemptEnd, type AttemptOptions, attemptCall } from './attempt.ts';
import { type Attempt, isPassing, type ModelAnswer, type ModelRequest } from './model.ts';

/** How often and how long a call is tried again. */
export interface Patience {
  readonly attemptsMax: number;
  readonly waitMsMin: number;
  readonly waitMsMax: number;
}

export const patience: Patience = { attemptsMax: 8, waitMsMin: 500, waitMsMax: 60_000 };

export interface CallOptions extends AttemptOptions {
  readonly patience: Patience;
  /** From 0 to before 1. */
  readonly chance: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /**
   * Told of each attempt that failed before the next begins. `stop`: the next is not to begin,
   * because what the last one may cost leaves nothing for it.
   */
  readonly onFailed: (attempt: Attempt) => Promise<'go-on' | 'stop'>;
}

export interface CallEnd {
  readonly answer: ModelAnswer | null;
  readonly attempts: readonly Attempt[];
}

/**
 * Calls a model until it answers, says no for good, or patience ends. Waits double, are drawn from
 * the upper half at random so that samples that were refused together do not come back together,
 * and are no shorter than the provider asks for, within `waitMsMax`. Rejects with the signal's
 * reason alone, or where the request could not be made.
 */
export async function callModel(request: ModelRequest, options: CallOptions): Promise<CallEnd> {
  const { attemptsMax } = options.patience;
  const attempts: Attempt[] = [];
  for (let n = 0; n < attemptsMax; n += 1) {
    const end = await attemptCall(request, options);
    const isLast = !isPassing(end.attempt) || n + 1 === attemptsMax;
    const waitedMs = isLast ? undefined : waitOf(end, n, options);
    const attempt = { ...end.attempt, ...(waitedMs !== undefined && { waitedMs }) };
    attempts.push(attempt);
    if (end.answer !== null) return { answer: end.answer, attempts };
    if ((await options.onFailed(attempt)) === 'stop' || waitedMs === undefined) break;
    await options.sleep(waitedMs, options.signal);
  }
  return { answer: null, attempts };
}

function waitOf({ retryAfterMs }: AttemptEnd, n: number, options: CallOptions): number {
  const { waitMsMin, waitMsMax } = options.patience;
  const full = Math.min(waitMsMax, waitMsMin * 2 ** n);
  const drawn = full / 2 + (full / 2) * options.chance();
  return Math.round(Math.min(waitMsMax, Math.max(drawn, retryAfterMs ?? 0)));
}
