import { refuse } from '@breakwater/kernel';

/** Characters quoted of a text that was refused. */
const quotedMax = 120;

/** The refusal of `got`, a text from outside, quoted in part. */
export function refusal<C extends string>(
  code: C,
  got: string,
  words: { readonly expected: string; readonly todo: string },
) {
  const quoted = JSON.stringify(got.slice(0, quotedMax));
  return refuse({ code, got: quoted, expected: words.expected, todo: words.todo });
}
