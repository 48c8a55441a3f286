import { addressAt } from '../rules/rule.ts';
import { filteredFrame, withoutOffset } from '../state-line.ts';
import type { FrameLine } from './frame-line.ts';

const head = /^\s{0,64}#(\d{1,5})\s{1,16}([xX0-9a-fA-F]{1,20})\s{1,16}/;

/**
 * Reads one line of a sanitizer's or gdb's stack, `#0 0x4f13bb in f(int) a.c:1:2`, and its
 * variants: with a module instead of a file, without a symbol; Chromium's leaves out the `in`.
 * Every step is one pass over the line, because the line is an attacker's.
 */
export function readNativeFrame(line: string): FrameLine | null {
  const found = head.exec(line.slice(0, 200));
  if (found?.[1] === undefined) return null;
  const rest = line.slice(found[0].length).trim();
  const index = Number(found[1]);
  if (rest.startsWith('in') || rest.startsWith('(')) return sanitizerFrame(index, rest);
  return rest === '' || rest.includes('/') || rest.includes('\\') ? null : chromeFrame(index, rest);
}

function chromeFrame(index: number, rest: string): FrameLine {
  const parts = { function: withoutOffset(rest) };
  return { index, parts, text: rest, label: filteredFrame(rest) };
}

function sanitizerFrame(index: number, whole: string): FrameLine {
  const rest = withoutTrailer(whole);
  const body = rest.startsWith('in ') ? rest.slice(3).trim() : rest;
  const parts = partsOf(body);
  const text = entryPointShown(unwrapped(body), parts.file);
  const label = rest.startsWith('(') && text.includes('+0x') ? text : filteredFrame(text);
  return { index, parts, text, label };
}

/** Fuzz entry points are all called alike, so the source file stands for the function. */
function entryPointShown(text: string, file: string | undefined): string {
  const name = 'LLVMFuzzerTestOneInput';
  if (!text.startsWith(name) || file === undefined) return text;
  return `${file.replaceAll('\\', '/').split('/').at(-1) ?? ''}${text.slice(name.length)}`;
}

function partsOf(body: string): FrameLine['parts'] {
  if (body.endsWith(')')) {
    const open = body.lastIndexOf(' (') + 1;
    const module = moduleOf(body.slice(open));
    if (module !== null) {
      const name = body.slice(0, open).trim();
      return name === '' ? { module } : { function: withoutOffset(name), module };
    }
  }
  const place = placeOf(body) ?? debuggerPlace(body);
  if (place !== null) return place;
  return body === '' ? {} : { function: withoutOffset(body) };
}

/** `f(int) dir/a.c:12:3`: the last word is the place when it ends in one or two numbers. */
function placeOf(body: string): FrameLine['parts'] | null {
  const space = body.lastIndexOf(' ');
  if (space <= 0) return null;
  const word = body.slice(space + 1);
  const numbers = /:(\d{1,9})(?::\d{1,9})?$/.exec(word.slice(-24));
  if (numbers?.[1] === undefined) return null;
  const file = word.slice(0, word.length - numbers[0].length);
  if (file === '') return null;
  const before = body.slice(0, space).trim();
  const name = before.endsWith(' at') ? before.slice(0, -' at'.length) : before;
  return { function: withoutOffset(name), file, line: Number(numbers[1]) };
}

/** gdb: `f (a=1) from /lib/x.so`. */
function debuggerPlace(body: string): FrameLine['parts'] | null {
  const at = body.lastIndexOf(') from ');
  if (at === -1) return null;
  return { function: body.slice(0, at + 1), module: body.slice(at + ') from '.length) };
}

/** `(/lib/libc.so.6+0x24)` gives the path; null for a parenthesis that is part of a function. */
function moduleOf(text: string): string | null {
  if (!text.startsWith('(')) return null;
  const inside = text.slice(1, -1);
  if (inside.startsWith('<')) return inside;
  const plain = withoutOffset(inside);
  return plain !== inside || inside.includes('/') || inside.includes('\\') ? plain : null;
}

/** Linux appends the build id, Fuchsia the module in double angle brackets. */
function withoutTrailer(rest: string): string {
  for (const trailer of [' (BuildId:', ' <<']) {
    const at = rest.indexOf(trailer);
    if (at > 0 && (trailer !== ' <<' || rest.includes('>>+0x', at)))
      return rest.slice(0, at).trim();
  }
  return rest;
}

function unwrapped(text: string): string {
  return text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
}

/**
 * gdb leaves out the address of a frame that begins a statement, `#1  f (x=1) at a.c:3`; TSan
 * leaves out all: `#0 f a.c:3:5 (module+0x12)`.
 */
export function readBareFrame(line: string): FrameLine | null {
  const found = /^\s{0,64}#(\d{1,5})\s{1,16}(?=[A-Za-z_~<(])/.exec(line.slice(0, 128));
  if (found?.[1] === undefined) return null;
  const body = withoutTrailer(line.slice(found[0].length).trim());
  const parts = bareParts(body);
  const label = filteredFrame(parts.function ?? body);
  return { index: Number(found[1]), parts, text: body, label };
}

/** A module after a place says less than the place. */
function bareParts(body: string): FrameLine['parts'] {
  const open = body.endsWith(')') ? body.lastIndexOf(' (') : -1;
  if (open === -1) return partsOf(body);
  const place = placeOf(body.slice(0, open));
  const module = moduleOf(body.slice(open + 1));
  return place === null || module === null ? partsOf(body) : { ...place, module };
}

/** Chromium on macOS: `0  Chromium  0x0a1b2  name + 12`. */
export function readMacFrame(line: string): FrameLine | null {
  const number = /^(\d{1,5})\s/.exec(line)?.[1];
  if (number === undefined) return null;
  const address = /\s0x[0-9a-fA-F]{1,20}\s/.exec(line.slice(0, 400));
  if (address === null) return null;
  const module = line.slice(number.length, address.index).trim();
  const rest = line.slice(address.index + address[0].length).trim();
  const offset = rest.lastIndexOf('+');
  const isPlain =
    !rest.includes('/') && !rest.includes('\\') && /^(?:[\w ]{1,100}|\?{3})$/.test(module);
  if (!isPlain || offset <= 0 || !/^\s{0,8}\d/.test(rest.slice(offset + 1))) return null;
  const name = rest.slice(0, offset).trim();
  const parts = { function: name, module };
  return { index: Number(number), parts, text: name, label: filteredFrame(name) };
}

/** Chromium on Windows: `name [0x0a1b2+12] (dir\file.cc:3)`. */
export function readWindowsFrame(line: string): FrameLine | null {
  const open = line.indexOf(' [');
  if (open <= 0) return null;
  const name = line.slice(0, open).trim();
  if (name === '' || name.includes('/') || name.includes('\\')) return null;
  const tail = line.slice(open, open + 2_000);
  const address = /^ \[[xX0-9a-fA-F]{1,20}\+\d{1,12}\]/.exec(tail)?.[0];
  if (address === undefined) return null;
  const place = /^ \(([^()]{1,1000}):(\d{1,9})\)/.exec(tail.slice(address.length));
  const file = place === null ? {} : { file: place[1] ?? '', line: Number(place[2]) };
  return { parts: { function: name, ...file }, text: name, label: filteredFrame(name) };
}

/** Windows debugger: `0012f 7c90 module!function+0x12`. */
export function readCdbFrame(line: string): FrameLine | null {
  const found = /^[0-9a-zA-Z`]{1,32} [0-9a-zA-Z`]{1,32} ([0-9a-zA-Z_]{1,100})!/.exec(
    line.slice(0, 300),
  );
  if (found === null) return null;
  const rest = line.slice(found[0].length);
  const plus = offsetAt(rest);
  if (plus === -1) return null;
  const name = rest.slice(0, plus).trim();
  const parts = { function: name, module: found[1] ?? '' };
  return { parts, text: name, label: filteredFrame(name) };
}

/** Where the last `+` stands that a number follows. */
function offsetAt(text: string): number {
  for (let at = text.lastIndexOf('+'); at > 0; at = text.lastIndexOf('+', at - 1)) {
    if (addressAt(text.slice(at + 1)) !== '') return at;
  }
  return -1;
}
