import type { Frame } from './crash.ts';

/** A frame and the text its skip rules look at. */
export interface FrameLine {
  readonly frame: Frame;
  /** The line without number and address: function, file and module as printed. */
  readonly text: string;
}

/**
 * Reads one line of a sanitizer's stack, `#0 0x4f13bb in f(int) a.c:1:2` and its variants: with a
 * module instead of a file, without a symbol, without `in`. Null for any other line.
 * Every step is one pass over the line, because the line is an attacker's.
 */
export function readFrameLine(line: string): FrameLine | null {
  const head = /^\s{0,64}#(\d{1,5})\s{1,16}0x[0-9a-fA-F]{1,16}\s{1,16}/.exec(line);
  if (head?.[1] === undefined) return null;
  const rest = withoutTrailer(line.slice(head[0].length).trim());
  const text = unwrapped(rest.startsWith('in ') ? rest.slice(3).trim() : rest);
  return { frame: { index: Number(head[1]), ...partsOf(rest) }, text };
}

type FrameParts = Omit<Frame, 'index'>;

function partsOf(rest: string): FrameParts {
  const named = rest.startsWith('in ');
  const body = named ? rest.slice(3).trim() : rest;
  if (body.endsWith(')')) {
    const open = body.lastIndexOf(' (') + 1;
    const module = moduleOf(body.slice(open));
    if (module !== null) {
      const name = body.slice(0, open).trim();
      return name === '' ? { module } : { function: withoutOffset(name), module };
    }
  }
  const place = placeOf(body);
  if (place !== null) return place;
  return body === '' ? {} : { function: withoutOffset(body) };
}

/** `f(int) dir/a.c:12:3`: the last word is the place when it ends in one or two numbers. */
function placeOf(body: string): FrameParts | null {
  const space = body.lastIndexOf(' ');
  if (space <= 0) return null;
  const word = body.slice(space + 1);
  const numbers = /:(\d{1,9})(?::\d{1,9})?$/.exec(word.slice(-24));
  if (numbers?.[1] === undefined) return null;
  const file = word.slice(0, word.length - numbers[0].length);
  if (file === '') return null;
  return {
    function: withoutOffset(body.slice(0, space).trim()),
    file,
    line: Number(numbers[1]),
  };
}

/** `(/lib/libc.so.6+0x24)` gives the path; null for a parenthesis that is part of a function. */
function moduleOf(text: string): string | null {
  if (!text.startsWith('(')) return null;
  const inside = text.slice(1, -1);
  if (inside.startsWith('<')) return inside;
  const plain = withoutOffset(inside);
  return plain !== inside || inside.includes('/') || inside.includes('\\') ? plain : null;
}

/** Drops `+0x1f` from the end. */
export function withoutOffset(name: string): string {
  const plus = name.lastIndexOf('+0x');
  if (plus <= 0) return name;
  return /^[0-9a-fA-F]{1,16}$/.test(name.slice(plus + 3)) ? name.slice(0, plus) : name;
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
