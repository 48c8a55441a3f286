import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';

/** Why a log was not read, or not written. */
export type EvalLogCode =
  | 'not-a-log'
  | 'version-unknown'
  | 'damaged'
  | 'too-large'
  | 'too-many'
  | 'too-deep'
  | 'expands-too-far'
  | 'members-overlap'
  | 'name-unsafe'
  | 'encrypted'
  | 'packing-unknown'
  | 'not-json'
  | 'shape-unknown'
  | 'no-such-sample'
  | 'out-of-order';

/** Carries a refusal out of streams, which have no other way to end; it never leaves this folder. */
export class LogFault extends Error {
  readonly refusal: Refusal<EvalLogCode>;

  constructor(refusal: Refusal<EvalLogCode>) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const resend = 'take the file unchanged and whole, as Inspect wrote it';

/** A fault to be thrown inside `guarded`. */
export function fault(
  code: EvalLogCode,
  said: { readonly expected: string; readonly got: string; readonly todo?: string },
): LogFault {
  const { expected, got, todo = resend } = said;
  return new LogFault({ code, expected, got: got.slice(0, 300), todo });
}

/** The value of `work`, or the refusal that it ended with; anything else it throws goes on. */
export async function guarded<T>(work: () => Promise<T>): Promise<Result<T, EvalLogCode>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof LogFault) return refuse(error.refusal);
    throw error;
  }
}
