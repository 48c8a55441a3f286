import type { Report } from '../report.ts';
import { after, afterLast, type Rule, type Said } from './rule.ts';

const notKernel = (report: Report) => !report.type.startsWith('Kernel failure');

/**
 * What a program says when it stops itself. The newest counts, also over a sanitizer's report
 * before it, but never over a kernel's.
 */
export const assertionRules: readonly Rule[] = [
  { tool: 'C library', words: [], when: notKernel, read: plainAssertion },
  {
    tool: 'Abseil',
    words: ['^F', 'assertion failed at ', ' in ', ': '],
    when: notKernel,
    read: (line) =>
      logFatalOf(line) === null ? null : asserts(afterLast(after(line, ' in '), ': ')),
  },
  { tool: 'C library', words: [' failed'], when: notKernel, read: libraryAssertion },
  {
    tool: 'C library',
    words: ['assertion ', ' failed:'],
    when: notKernel,
    read: reasonedAssertion,
  },
  {
    tool: 'Rust',
    words: ["panicked at '"],
    when: notKernel,
    read: (line) =>
      /^thread\s/i.test(line) ? asserts(after(line, "panicked at '").split("'", 1)[0] ?? '') : null,
  },
  { tool: 'Rust', words: [], when: notKernel, read: panicMessage },
  {
    tool: 'C library',
    words: ['SHOULD NEVER BE REACHED'],
    read: (line) =>
      line.trim() === 'SHOULD NEVER BE REACHED' ? { type: 'ASSERT_NOT_REACHED', anew: true } : null,
  },
];

function asserts(text: string): Said {
  return { type: 'ASSERT', taken: 1, ...(text === '' ? {} : { lines: [text] }) };
}

const go = { tool: 'Go' } as const;
const keywords = /(?:assert(?:ion)? fail(?:ure|ed)|panic): /gi;

/** `ASSERTION FAILED: x` and its like, alone, after `[…]`, or after the name of a C file. */
function plainAssertion(line: string, { survey }: Report): Said | null {
  let found: number | null = null;
  const [begin, file] = [line.search(/\S/), line.search(cFile)];
  for (const match of line.matchAll(keywords)) {
    const end = match.index + match[0].length;
    const alone = match.index === begin || (begin === 0 && isBracketed(line, match.index));
    if (alone || (file !== -1 && file < match.index)) found = end;
    if (alone) break;
  }
  return found === null ? null : { ...asserts(line.slice(found)), ...(survey.go ? go : {}) };
}

const cFile = /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx):/i;

/** Whether `[…]` and spaces stand before this place. */
function isBracketed(line: string, at: number): boolean {
  let last = at - 1;
  while (last > 0 && line[last] === ' ') last -= 1;
  return line.startsWith('[') && line[last] === ']';
}

/** glibc: ``f.c:3: main: Assertion `x' failed.`` */
function libraryAssertion(line: string): Said | null {
  const end = [' failed.', ' failed'].find((ending) => line.toLowerCase().endsWith(ending));
  if (end === undefined) return null;
  const starts = [...line.matchAll(/:\s{0,8}assertion /gi)];
  const start = starts.at(-1);
  if (start === undefined) return null;
  const expression = line.slice(start.index + start[0].length, line.length - end.length);
  return asserts(expression.replace(/^['`"]/, '').replace(/['`"]$/, ''));
}

/** libc++: `/dir/vector:123: assertion !empty() failed: front() called on an empty vector`. */
function reasonedAssertion(line: string): Said | null {
  const at = line.indexOf('assertion ');
  const before = line.slice(0, at).trimEnd();
  if (!before.includes('/') || !/:\d{1,9}:$/.test(before.slice(-16))) return null;
  const reason = afterLast(line, ' failed:').trim();
  return reason === '' ? null : asserts(reason);
}

/** Rust since 1.73 puts the message on the line after `thread 'main' panicked at src/a.rs:3:5:`. */
function panicMessage(line: string, report: Report): Said | null {
  const { before } = report;
  if (!before.startsWith('thread ') || !before.includes(' panicked at ')) return null;
  return /:\d{1,9}:\d{1,9}:$/.test(before.slice(-24)) ? asserts(line.trim()) : null;
}

/** What glog and Abseil write before a fatal message: `F0102 03:04:05.6 789 dir/file.cc:10]`. */
export function logFatalOf(line: string): { readonly file: string; readonly text: string } | null {
  const head = /^F\d{4}\s{1,8}\d{2}:\d{2}:\d{2}\.\d{1,9}\s{1,8}\d{1,12}\s{1,8}/.exec(
    line.slice(0, 100),
  );
  if (head === null) return null;
  const rest = line.slice(head[0].length);
  const place = /:\d{1,9}\]/.exec(rest);
  if (place === null) return null;
  return {
    file: rest.slice(0, place.index),
    text: rest.slice(place.index + place[0].length).trimStart(),
  };
}
