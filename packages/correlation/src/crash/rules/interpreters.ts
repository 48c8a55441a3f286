import type { Report } from '../report.ts';
import type { Rule } from './rule.ts';

/** Titles above a Python stack. */
export function isPythonTitle(line: string): boolean {
  return (
    line.startsWith('===BUG DETECTED: PySecSan:') ||
    line.trim() === '=== Uncaught Python exception: ==='
  );
}

/** Exceptions that the fuzzers of Python and JavaScript report. */
export const interpreterRules: readonly Rule[] = [
  {
    tool: 'Atheris',
    words: ['=== Uncaught Python exception: ==='],
    when: (report: Report) => report.survey.python,
    read: (line) =>
      isPythonTitle(line)
        ? { type: 'Uncaught exception', lines: [], taken: 0, flag: 'python-crash' }
        : null,
  },
  {
    tool: 'Atheris',
    words: ['^===BUG DETECTED: PySecSan:'],
    when: (report: Report) => report.survey.python,
    says: { type: 'PySecSan', lines: [], taken: 0, flag: 'python-crash' },
  },
  {
    tool: 'Jazzer',
    words: ['== Uncaught Exception: Jazzer.js: '],
    when: (report: Report) => report.survey.jazzerJs,
    read: (line) =>
      /^\s{0,40}==\d{1,12}== Uncaught Exception: Jazzer\.js: /.test(line)
        ? { type: 'Uncaught exception', lines: [], taken: 0, flag: 'python-crash', done: true }
        : null,
  },
];

/**
 * A Python stack names the newest call last: it is read from its end, below its title, and ends
 * where a sanitizer's report begins. Without a title the lines stay as they are.
 */
export function pythonLines(lines: readonly string[]): readonly string[] {
  const title = lines.findIndex(isPythonTitle);
  if (title === -1) return lines;
  const rest = lines.slice(title + 1);
  const end = rest.findIndex((line) => line.includes('=========') || line.includes('== ERROR: '));
  return [lines[title] ?? '', ...(end === -1 ? rest : rest.slice(0, end)).toReversed()];
}
