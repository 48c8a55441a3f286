import type { Refusal, Result } from '@breakwater/kernel';

/** A figure, or in words why there is none. */
export type Told<T> =
  | { readonly figure: T; readonly none: null }
  | { readonly figure: null; readonly none: string };

/** The figure of a result, or its refusal in words. */
export function told<T>(result: Result<T>): Told<T> {
  if (result.ok) return { figure: result.value, none: null };
  return none(wordsOf(result.refusal));
}

/** No figure, for this reason. */
export function none(reason: string): { readonly figure: null; readonly none: string } {
  return { figure: null, none: reason };
}

function wordsOf({ expected, got }: Refusal): string {
  return `needs ${expected}; there is: ${got}`;
}
