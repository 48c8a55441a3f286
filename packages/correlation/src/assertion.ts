/** What a program said it stopped for, before a sanitizer reported the stop itself. */
export interface Assertion {
  readonly type: 'ASSERT' | 'CHECK failure';
  readonly subject: string;
}

/**
 * The text of a failed assertion in a program's output: glibc's ``f: Assertion `x' failed.``,
 * GLib's `assertion failed: (x)` and Rust's `panicked at 'message'`. Null for any other line.
 */
export function readAssertion(line: string): Assertion | null {
  const text = line.trimEnd();
  const said = rust(text) ?? glib(text) ?? glibc(text);
  if (said === null || said === '') return null;
  return { type: 'ASSERT', subject: said.slice(0, 512) };
}

function rust(text: string): string | null {
  const mark = " panicked at '";
  const at = text.indexOf(mark);
  if (!text.startsWith('thread ') || at === -1) return null;
  const rest = text.slice(at + mark.length);
  const end = rest.indexOf("'");
  return end === -1 ? rest : rest.slice(0, end);
}

function glib(text: string): string | null {
  const mark = ': assertion failed: ';
  const at = text.indexOf(mark);
  return at === -1 ? null : text.slice(at + mark.length);
}

function glibc(text: string): string | null {
  const at = text.search(/: [Aa]ssertion /);
  if (at === -1) return null;
  const end = [' failed.', ' failed'].find((ending) => text.endsWith(ending));
  if (end === undefined) return null;
  const expression = text.slice(at + ': assertion '.length, text.length - end.length);
  return expression.replace(/^['`"]|['`"]$/g, '');
}
