/** The outcome of a decision: a value, or a refusal that says what to do. */
export type Result<T, C extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal<C> };

/**
 * An expected "no". Refusals are values, never exceptions (a broken assumption throws instead).
 *
 * `expected`, `got` and `todo` are whole phrases for a person; none may quote content the reader
 * is not allowed to see.
 */
export interface Refusal<C extends string = string> {
  /** Closed set per slice, kebab-case, stable: programs switch on it. */
  readonly code: C;
  readonly expected: string;
  readonly got: string;
  readonly todo: string;
  /** JSON pointer into the input, where one field is to blame. */
  readonly pointer?: string;
}

/** Wraps a value as a successful result. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps a refusal as a failed result. */
export function refuse<C extends string>(
  refusal: Refusal<C>,
): { readonly ok: false; readonly refusal: Refusal<C> } {
  return { ok: false, refusal };
}
