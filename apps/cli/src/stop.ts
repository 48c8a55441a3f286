import type { Refusal, Result } from '@breakwater/kernel';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Ends a command with a refusal; run.ts alone turns it into words and an exit code. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly refusal: Refusal;
  readonly exitCode: ExitCode;
  constructor(refusal: Refusal, exitCode: ExitCode = exitCodes.refused) {
    super(`expected ${refusal.expected}; got ${refusal.got}; ${refusal.todo}`);
    this.refusal = refusal;
    this.exitCode = exitCode;
  }
}

/** The value of a result; a refusal ends the command. */
export function need<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Stop(result.refusal);
}
