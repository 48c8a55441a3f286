import { filteredFrame } from '../state-line.ts';
import type { FrameLine } from './frame-line.ts';

/** Java: `at a.b.Class.method(File.java:12)`. */
export function readJavaFrame(line: string): FrameLine | null {
  const body = line.trim();
  if (!body.startsWith('at ')) return null;
  const close = body.lastIndexOf(')');
  const open = body.lastIndexOf('(', close);
  if (close === -1 || open < 3) return null;
  const name = body.slice(3, open).trim();
  const place = /^([^:]{1,200}):(\d{1,9})$/.exec(body.slice(open + 1, close));
  const file = place === null ? {} : { file: place[1] ?? '', line: Number(place[2]) };
  return { parts: { function: name, ...file }, text: name, label: filteredFrame(name) };
}

/** Go: `path/package.(*Type).method(0x1, 0x2)`; the file stands on the next line. */
export function readGoFrame(line: string): FrameLine | null {
  return goFrame(line, /^[x0-9a-f\s,.{}]{0,4000}$/);
}

/** Since Go 1.18 a value that may be stale has a `?`, which the published form does not know. */
export function readStaleGoFrame(line: string): FrameLine | null {
  return goFrame(line, /^[x0-9a-f\s,.{}?_]{0,4000}$/);
}

function goFrame(line: string, values: RegExp): FrameLine | null {
  if (!line.endsWith(')')) return null;
  const open = line.lastIndexOf('(');
  const name = line.slice(0, open);
  if (open < 1 || open > 500 || !/^[0-9a-zA-Z.\-_\\/()*]{1,500}$/.test(name)) return null;
  if (!values.test(line.slice(open + 1, -1))) return null;
  return { parts: { function: name }, text: name, label: name.split('/').at(-1) ?? '' };
}

/** The line below a Go frame: a tab, `/dir/file.go:12`, an offset. */
export function readGoPlace(line: string): { readonly file: string; readonly line: number } | null {
  const found = /^\s{1,8}([^\s:]{1,1000}\.(?:go|s)):(\d{1,9})(?:\s|$)/.exec(line.slice(0, 1_100));
  return found === null ? null : { file: found[1] ?? '', line: Number(found[2]) };
}

/** Python: `File "a.py", line 12, in name`. */
export function readPythonFrame(line: string): FrameLine | null {
  const found = /^\s{0,64}File "([^"]{1,1000})", line (\d{1,9}), in (.{1,1000})/.exec(
    line.slice(0, 2_200),
  );
  if (found === null) return null;
  const [, file = '', at = '', name = ''] = found;
  const parts = { function: name, file, line: Number(at) };
  return { parts, text: name, label: filteredFrame(name) };
}

/** JavaScript: `at name (file:line:column)`. */
export function readScriptFrame(line: string): FrameLine | null {
  const found = /^\s{1,64}at ([^\s]{1,500}) \((.{0,1000}):(\d{1,9}):\d{1,9}\)/.exec(
    line.slice(0, 1_700),
  );
  if (found === null) return null;
  const [, name = '', file = '', at = ''] = found;
  const parts = { function: name, file, line: Number(at) };
  return { parts, text: name, label: filteredFrame(name) };
}

/** V8's correctness fuzzer names what it compared instead of frames. */
export function readCorrectnessFrame(line: string): FrameLine | null {
  const found = /^#\s{0,16}V8 correctness ((?:configs|sources|suppression): .{0,2000})/.exec(line);
  if (found?.[1] === undefined) return null;
  return { parts: { function: found[1] }, text: found[1], label: found[1] };
}
