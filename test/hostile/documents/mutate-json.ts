import type { Random } from './random.ts';

/** Texts that a reader of text may not expect where it expects one. */
export const oddTexts: readonly [string, ...string[]] = [
  '',
  ' ',
  '\0',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202Egnp.exe',
  '\ud800',
  '\uFEFF',
  '\u2028',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../../../etc/passwd',
  '/etc/passwd',
  'file:///etc/passwd',
  'javascript:alert(1)',
  '<script>alert(1)</script>',
  '=cmd|" /C calc"!A0',
  '%00',
  '%zz',
  '%c0%ae',
  '{{7*7}}',
  '#/definitions/loop',
  '9999-99-99T99:99:99Z',
  '-271821-04-20T00:00:00Z',
  '1e400',
  '0x10',
  'NaN',
  '*',
  '>=0',
  '1.2.3',
  'pkg:npm/%40a/b@1?c=d#e',
  'CVE-0000-00000000000000000000',
];

const oddNumbers: readonly [number, ...number[]] = [
  0,
  -0,
  -1,
  1,
  0.1,
  255,
  256,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e21,
  1e308,
  5e-324,
];

type Box = Record<string, unknown> | unknown[];

const isBox = (value: unknown): value is Box => typeof value === 'object' && value !== null;

const NODES_MAX = 20_000;
/** More than may be spread into the arguments of a call. */
const WIDTH_MAX = 1 << 18;
const WIDENED_MAX = 2 << 20;
/** What JSON.stringify, which recurses, still writes after eight of these. */
const DEPTH_MAX = 400;
const WRITTEN_DEPTH_MAX = 100_000;
/** Characters of texts, and a mark for each value. */
const WRITTEN_MAX = 8 << 20;

/** Breaks a JSON text where its parts are: keys, values, types, depth, width. */
export function mutateJson(text: string, random: Random): string {
  const holder: Record<string, unknown> = { root: JSON.parse(text) };
  const steps = 1 + random.size(8);
  for (let step = 0; step < steps; step += 1) {
    alter(holder, random);
    // What is widened stands in many places as one: what is widened in it next, in all of them.
    if (isHeavy(holder)) holder['root'] = JSON.parse(text);
  }
  const written = JSON.stringify(holder['root']) ?? 'null';
  return random.once(4) ? scarText(written, random) : written;
}

function alter(holder: Record<string, unknown>, random: Random): void {
  const boxes = boxesOf(holder);
  const box = boxes[random.below(boxes.length)] ?? holder;
  const keys = Object.keys(box);
  const key = keys[random.below(keys.length)];
  if (key === undefined) {
    put(box, random.pick(oddTexts), oddValue(random, boxes));
    return;
  }
  const value = get(box, key);
  switch (random.below(10)) {
    case 0:
      remove(box, key);
      break;
    case 1:
      put(box, key, otherType(value, random));
      break;
    case 2:
      rename(box, key, random);
      break;
    case 3:
      put(box, key, copyOfSome(boxes, random));
      break;
    case 4:
      widen(box, key, random);
      break;
    case 5:
      put(box, key, stretched(value, random));
      break;
    default:
      put(box, key, oddValue(random, boxes));
  }
}

/** Whether more would be written than any document may have; looks no further than that. */
function isHeavy(holder: Box): boolean {
  let left = WRITTEN_MAX;
  const weigh = (value: unknown): void => {
    left -= typeof value === 'string' ? value.length : 1;
    if (!isBox(value)) return;
    for (const [key, each] of Object.entries(value)) {
      if (left <= 0) return;
      left -= key.length;
      weigh(each);
    }
  };
  weigh(holder);
  return left <= 0;
}

function boxesOf(holder: Box): Box[] {
  const found: Box[] = [holder];
  for (let at = 0; at < found.length && found.length < NODES_MAX; at += 1) {
    for (const value of Object.values(found[at] ?? {})) if (isBox(value)) found.push(value);
  }
  return found;
}

/** A part of the same document, as a copy: a reference would make it endless. */
function copyOfSome(boxes: readonly Box[], random: Random): unknown {
  const written = JSON.stringify(boxes[random.below(boxes.length)]);
  return written.length > 20_000 ? {} : JSON.parse(written);
}

function get(box: Box, key: string): unknown {
  return Object.entries(box).find(([name]) => name === key)?.[1];
}

/** As JSON.parse would: `__proto__` becomes an own member and changes no prototype. */
function put(box: Box, key: string, value: unknown): void {
  if (Array.isArray(box)) {
    const at = Number(key);
    if (Number.isInteger(at) && at >= 0 && at < box.length) box[at] = value;
    else box.push(value);
    return;
  }
  Object.defineProperty(box, key, { value, enumerable: true, writable: true, configurable: true });
}

function remove(box: Box, key: string): void {
  if (Array.isArray(box)) box.splice(Number(key), 1);
  else delete box[key];
}

function rename(box: Box, key: string, random: Random): void {
  const value = get(box, key);
  remove(box, key);
  put(box, random.once(2) ? random.pick(oddTexts) : `${key}${random.below(10)}`, value);
}

function widen(box: Box, key: string, random: Random): void {
  const value = get(box, key);
  const length = JSON.stringify(value)?.length ?? 1;
  const wanted = random.once(60) ? random.size(WIDTH_MAX) : random.size(64);
  const times = Math.min(wanted, Math.floor(WIDENED_MAX / (length + 8)));
  if (Array.isArray(box)) {
    const after = box.splice(Number(key));
    for (let i = 0; i < times; i += 1) box.push(value);
    for (const each of after) box.push(each);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < times; i += 1) value.push(value[0]);
  } else for (let i = 0; i < times; i += 1) put(box, `${key}${i}`, value);
}

function stretched(value: unknown, random: Random): unknown {
  if (typeof value === 'string') {
    const times = random.once(40) ? random.below(4000) : random.size(128);
    return (random.once(2) ? value : random.pick(oddTexts)).slice(0, 64).repeat(times);
  }
  let nested: unknown = value;
  const depth = random.size(DEPTH_MAX);
  for (let level = 0; level < depth; level += 1) {
    nested = random.once(2) ? [nested] : { a: nested };
  }
  return nested;
}

function otherType(value: unknown, random: Random): unknown {
  if (typeof value === 'string') return random.once(2) ? [value] : Number.parseFloat(value);
  if (Array.isArray(value))
    return random.once(2) ? value[0] : Object.fromEntries(Object.entries(value));
  if (isBox(value)) return random.once(2) ? Object.values(value) : Object.keys(value).join();
  return random.once(2) ? String(value) : { value };
}

function oddValue(random: Random, boxes: readonly Box[]): unknown {
  switch (random.below(8)) {
    case 0:
      return null;
    case 1:
      return random.once(2);
    case 2:
      return random.pick(oddNumbers);
    case 3:
      return random.below(2) === 0 ? [] : {};
    case 4:
      return copyOfSome(boxes, random);
    default:
      return random.pick(oddTexts);
  }
}

const scars: readonly [string, ...string[]] = [
  ',',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\u0000',
  '1e999',
  '-',
  '"a":1,"a":2,',
  '"__proto__":{"polluted":true},',
  '\\ud800',
  '\\u0000',
  '\uFEFF',
  '//',
];

/** Breaks the writing itself, where the tree is whole. */
function scarText(text: string, random: Random): string {
  const brace = text.indexOf('{', random.once(3) ? 0 : random.below(text.length));
  const at = random.once(4) || brace < 0 ? random.below(text.length) : brace + 1;
  if (random.once(20)) {
    const depth = random.size(WRITTEN_DEPTH_MAX);
    return `${text.slice(0, at)}"deep":${'['.repeat(depth)}${']'.repeat(depth)},${text.slice(at)}`;
  }
  return text.slice(0, at) + random.pick(scars) + text.slice(at + random.below(2));
}
