import type { Report } from '../report.ts';
import { after, type Rule } from './rule.ts';

const go = (report: Report) => report.survey.go;

const panics: readonly (readonly [said: string, type: string])[] = [
  ['integer divide by zero', 'Integer divide by zero'],
  ['index out of range', 'Index out of range'],
  ['invalid memory address', 'Invalid memory address'],
  ['makeslice: len out of range', 'Makeslice: len out of range'],
  ['slice bounds out of range', 'Slice bounds out of range'],
];

/** Go's own panics: the newest counts, and no sanitizer's report after it takes its place. */
export const goPanicRules: readonly Rule[] = [
  {
    tool: 'Go',
    words: [': runtime error: '],
    when: go,
    read: (line) => {
      const said = line.toLowerCase();
      const at = said.indexOf('panic');
      const before = said.slice(0, at);
      if (at === -1 || (before !== '' && !before.endsWith(' '))) return null;
      const reason = after(said, ': runtime error: ');
      const type = panics.find(([start]) => reason.startsWith(start))?.[1];
      return type === undefined ? null : { type, lines: [], taken: 0, flag: 'go-crash' };
    },
  },
  {
    tool: 'Go',
    words: ['^fatal error: stack overflow'],
    when: go,
    says: { type: 'Stack overflow', lines: [], taken: 0, flag: 'go-crash' },
  },
];

/** `fatal error: all goroutines are asleep`. */
export const goFatalRules: readonly Rule[] = [
  {
    tool: 'Go',
    words: ['^fatal error: '],
    when: go,
    read: (line) => ({
      type: 'Fatal error',
      anew: true,
      lines: [after(line, 'fatal error: ')],
    }),
  },
];
