import type { CrashTool, SkipReason } from '../crash.ts';
import type { FrameLine } from '../frames/frame-line.ts';
import { readJavaFrame, readStaleGoFrame } from '../frames/managed.ts';
import { filteredFrame } from '../state-line.ts';

/** Frames of a runtime's own that say nothing about the program. */
const own: Readonly<Partial<Record<CrashTool, readonly (readonly [SkipReason, string])[]>>> = {
  Go: [
    ['abort-path', 'panic'],
    ['abort-path', 'runtime.'],
    ['library-wrapper', 'testing.'],
  ],
  Java: [
    ['library-wrapper', 'java.'],
    ['library-wrapper', 'javax.'],
    ['library-wrapper', 'jdk.'],
    ['library-wrapper', 'kotlin.'],
    ['library-wrapper', 'sun.'],
  ],
  'Node.js': [
    ['library-wrapper', 'node:'],
    ['library-wrapper', 'internal/'],
    ['process-start', 'Module._'],
    ['process-start', 'Object.Module._'],
  ],
  Python: [
    ['process-start', '<module>'],
    ['library-wrapper', '_call_with_frames_removed'],
    ['library-wrapper', '<frozen '],
  ],
  Rust: [
    ['abort-path', '__rustc::'],
    ['abort-path', 'rust_begin_unwind'],
    ['abort-path', 'rust_panic'],
    ['abort-path', 'core::panicking::'],
    ['abort-path', 'core::option::'],
    ['abort-path', 'core::result::'],
    ['abort-path', 'std::panicking::'],
    ['abort-path', 'std::panic::'],
    ['library-wrapper', 'core::'],
    ['library-wrapper', 'std::'],
    ['library-wrapper', 'alloc::'],
    ['library-wrapper', '<alloc::'],
    ['library-wrapper', '<core::'],
    ['library-wrapper', '<std::'],
    ['library-wrapper', '<usize as core::'],
    ['process-start', '__libc_start'],
    ['process-start', '__rust_begin_short_backtrace'],
    ['process-start', '_start'],
  ],
};

/** Why a runtime's frame is left out of the state, or null to keep it. */
export function runtimeSkipReason(tool: CrashTool, text: string): SkipReason | null {
  if (text === '' || text === '<unknown>') return 'no-symbol';
  if (tool === 'Go' && text === 'main.main') return 'process-start';
  if (tool === 'Rust' && (text === 'main' || text.endsWith('::main'))) return 'process-start';
  return own[tool]?.find(([, start]) => startsAsName(text, start))?.[0] ?? null;
}

/** `main` begins `main` but not `mainly`; `std::` begins all that follows it. */
function startsAsName(text: string, start: string): boolean {
  if (!text.startsWith(start)) return false;
  return !/\w$/.test(start) || !/^\w/.test(text.slice(start.length, start.length + 1));
}

/** JavaScript: `at async f (file:1:2)` and `at file:1:2`. */
export function readNodeFrame(line: string): FrameLine | null {
  const body = line.slice(0, 2_000).trim();
  if (!body.startsWith('at ') || !/^\s/.test(line)) return null;
  const place = /:(\d{1,9}):\d{1,9}\)?$/.exec(body.slice(-24));
  if (place === null) return null;
  const shown = body.slice(3, body.length - place[0].length).replace(/^async /, '');
  const open = shown.lastIndexOf(' (');
  const file = (open === -1 ? shown : shown.slice(open + 2)).replace(/^file:\/\//, '');
  const name = open === -1 ? '' : shown.slice(0, open).replace(/ \[as [^\]]{1,200}\]$/, '');
  const parts = { ...(name === '' ? {} : { function: name }), file, line: Number(place[1]) };
  const library = file.startsWith('node:') || file.startsWith('internal/');
  const label = name === '' ? baseOf(file) : name.replace(/^new /, '');
  return { parts, text: library ? file : label, label: filteredFrame(label) };
}

function baseOf(file: string): string {
  return file.replaceAll('\\', '/').split('/').at(-1) ?? file;
}

/** Java: the module before a class, `java.base/java.util.List.of`, is left out. */
export function readRuntimeJavaFrame(line: string): FrameLine | null {
  const frame = readJavaFrame(line);
  if (frame === null) return null;
  const name = frame.text.split('/').at(-1) ?? frame.text;
  return { ...frame, text: name, label: filteredFrame(name) };
}

/** Go: the frames of a data race are indented. */
export function readRaceFrame(line: string): FrameLine | null {
  return readStaleGoFrame(line.trim());
}

/** The problematic frame of a Java machine's crash: `# C  [libz.so+0x1a2b]  inflate+0x12`. */
export function readMachineFrame(line: string): FrameLine | null {
  const found = /^# [CVJjv] {1,2}\[([^\]+]{1,300})(?:\+0x[0-9a-f]{1,16})?\](.{0,500})/.exec(line);
  if (found === null) return null;
  const [, module = '', rest = ''] = found;
  const name = rest.trim().replace(/\+0x[0-9a-f]{1,16}$/, '');
  if (name === '') return { parts: { module }, text: '', label: '' };
  return { parts: { function: name, module }, text: name, label: filteredFrame(name) };
}

/** Rust: `   3: crate::module::f`, with or without an address. */
export function readRustFrame(line: string): FrameLine | null {
  const found = /^\s{1,8}(\d{1,5}): {1,8}(?:0x[0-9a-f]{1,16} - )?(\S.{0,1000})$/.exec(
    line.slice(0, 1_100),
  );
  if (found === null) return null;
  const name = (found[2] ?? '').replace(/::h[0-9a-f]{16}$/, '').trim();
  return { index: Number(found[1]), parts: { function: name }, text: name, label: name };
}

/** The line below a Rust frame: `at ./src/main.rs:3:5`. */
export function readRustPlace(line: string): { file: string; line: number } | null {
  const found = /^\s{4,40}at (\S{1,1000}?):(\d{1,9})(?::\d{1,9})?$/.exec(line.slice(0, 1_100));
  return found === null ? null : { file: found[1] ?? '', line: Number(found[2]) };
}
