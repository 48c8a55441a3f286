import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';

/** Why a table of runs was not read. */
export type RunsCode =
  | 'not-text'
  | 'columns-unknown'
  | 'row-malformed'
  | 'table-too-large'
  | 'no-runs';

/** Carries a refusal out of streams, which have no other way to end; it never leaves this folder. */
export class RunsFault extends Error {
  readonly refusal: Refusal<RunsCode>;

  constructor(refusal: Refusal<RunsCode>) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** A fault to be thrown inside `guarded`. */
export function fault(code: RunsCode, said: Omit<Refusal<RunsCode>, 'code'>): RunsFault {
  return new RunsFault({ code, ...said, got: said.got.slice(0, 300) });
}

/** The value of `work`, or the refusal that it ended with; anything else it throws goes on. */
export async function guarded<T>(work: () => Promise<T>): Promise<Result<T, RunsCode>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof RunsFault) return refuse(error.refusal);
    throw error;
  }
}
