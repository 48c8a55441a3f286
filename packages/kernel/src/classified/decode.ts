import type { Folded } from './fold.ts';

/**
 * A text as a page or a program shows it: references of HTML, escapes of JSON and of addresses read
 * as the characters they stand for; tags, comments and the marks of Markdown left out. Only what
 * stands there once is read: an escape of an escape stays one.
 *
 * @returns null where nothing of it is in the text.
 */
export function decoded(original: string): Folded | null {
  const from: number[] = [];
  let text = '';
  let at = 0;
  const put = (piece: string, place: number, isOne: boolean) => {
    for (let unit = 0; unit < piece.length; unit++) from.push(isOne ? place : place + unit);
    text += piece;
  };
  for (const match of original.matchAll(written)) {
    put(original.slice(at, match.index), at, false);
    put(readOne(match[0]), match.index, true);
    at = match.index + match[0].length;
  }
  if (at === 0) return null;
  put(original.slice(at), at, false);
  return { text, from };
}

/** Each bounded, and each by its first character another one. */
const written =
  /&#[xX]?[0-9A-Fa-f]{1,7};?|&[A-Za-z]{2,8};|\\u\{?[0-9A-Fa-f]{4,6}\}?|\\x[0-9A-Fa-f]{2}|\\\/|%[0-9A-Fa-f]{2}|<!--[^<>]{0,200}-->|<\/?[A-Za-z][^<>]{0,200}>|[*`~]{1,3}/g;

function readOne(piece: string): string {
  const hex = /^(?:&#[xX]|\\u\{?|\\x|%)([0-9A-Fa-f]+)/.exec(piece)?.[1];
  if (hex !== undefined) return characterOf(Number.parseInt(hex, 16));
  const decimal = /^&#([0-9]+)/.exec(piece)?.[1];
  if (decimal !== undefined) return characterOf(Number.parseInt(decimal, 10));
  if (piece === '\\/') return '/';
  return piece.startsWith('&') ? (named.get(piece.slice(1, -1)) ?? piece) : '';
}

function characterOf(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** Those of HTML that stand for what markings are written with. */
const named = new Map([
  ['sol', '/'],
  ['lpar', '('],
  ['rpar', ')'],
  ['lsqb', '['],
  ['lbrack', '['],
  ['rsqb', ']'],
  ['rbrack', ']'],
  ['nbsp', ' '],
  ['ensp', ' '],
  ['emsp', ' '],
  ['thinsp', ' '],
  ['shy', ''],
  ['zwnj', ''],
  ['zwj', ''],
  ['NoBreak', ''],
  ['hyphen', '-'],
  ['dash', '-'],
  ['lowbar', '_'],
  ['colon', ':'],
  ['comma', ','],
  ['amp', '&'],
]);
