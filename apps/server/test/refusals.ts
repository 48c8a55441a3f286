import { ProblemError } from '@breakwater/contract';

/** The code of the refusal that a call was answered with; null where it was carried out. */
export async function codeOf(call: Promise<unknown>): Promise<string | null> {
  return await call.then(
    () => null,
    (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error)),
  );
}
