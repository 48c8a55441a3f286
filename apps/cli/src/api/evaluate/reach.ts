import { type Client, ProblemError } from '@breakwater/contract';
import type { Refusal } from '@breakwater/kernel';
import type { Context, Given } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { Stop } from '../../stop.ts';
import { answered, refusalOf, sessionFor } from '../session.ts';

/** What became of a call that must not stop the work: away is worth another try, refused is not. */
export type Reached<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'away'; readonly why: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export async function reach<T>(call: () => Promise<T>): Promise<Reached<T>> {
  try {
    return { kind: 'done', value: await answered(call()) };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { refusal, exitCode } = error;
    if (exitCode === exitCodes.noServer) return { kind: 'away', why: refusal.got };
    return { kind: 'refused', refusal };
  }
}

/** A server that answers with its own trouble is as good as away. */
export async function unlessBusy<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { problem } = error;
    const isBusy = problem.status >= 500 || problem.status === 429 || problem.status === 408;
    if (!isBusy) throw error;
    const got = `its answer ${problem.status}: ${problem.got}`;
    throw new Stop({ ...refusalOf(problem), got }, exitCodes.noServer);
  }
}

/** Calls of one server, each bounded in time, until `signal`. */
export interface Line {
  readonly call: Client['call'];
  readonly signal: AbortSignal;
}

export function lineTo(
  server: string,
  { given, context, waitMs }: { given: Given; context: Context; waitMs: number },
): Line {
  const named = { ...given, options: { ...given.options, server } };
  return {
    signal: context.signal,
    call: async (operation, input) => {
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(waitMs)]);
      return await unlessBusy(sessionFor(named, { ...context, signal }).call(operation, input));
    },
  };
}
