import type { Report } from '../report.ts';
import { filteredFrame } from '../state-line.ts';
import { fixedCheck, fixedFile } from './failed-checks.ts';
import { after, type Rule, type Said } from './rule.ts';

/** Told wherever it stands. */
export const v8SandboxRules: readonly Rule[] = [
  {
    tool: 'V8',
    words: ['^## V8 sandbox violation detected!'],
    says: { type: 'V8 sandbox violation' },
  },
];

const runtime = ({ settings }: Report) => settings.v8RuntimeErrors;

/** V8's headlines, `# Fatal error in file.cc, line 3`; what failed stands on a later line. */
export const v8Rules: readonly Rule[] = [
  {
    tool: 'V8',
    words: ['^#', 'Fatal error'],
    read: (line) => {
      const found = /^#\s{0,16}Fatal error(?: in (.{1,2000}))?$/.exec(line);
      if (found === null) return null;
      const what = { type: 'Fatal error', anew: true, flag: 'fatal-error' } as const;
      return found[1] === undefined ? what : { ...what, lines: [filteredFrame(found[1])] };
    },
  },
  {
    tool: 'V8',
    words: ['^#', 'Runtime error in '],
    when: runtime,
    read: (line) => ({
      type: 'RUNTIME_ASSERT',
      anew: true,
      lines: [filteredFrame(after(line, 'Runtime error in '))],
      flag: 'fatal-error',
    }),
  },
  { tool: 'V8', words: ['^abort: CSA_', ' failed: '], read: builtinAbort },
  {
    tool: 'V8',
    words: ['[', '] V8 error: '],
    read: (line) =>
      line.endsWith('.')
        ? { type: 'V8 API error', anew: true, lines: [after(line, '] V8 error: ').slice(0, -1)] }
        : null,
  },
  {
    tool: 'V8',
    words: ['^#', 'V8 correctness failure'],
    says: { type: 'V8 correctness failure', anew: true },
  },
  {
    tool: 'Chromium',
    words: ['^Received signal 11 '],
    read: (line) => {
      const found = /^Received signal 11 (?:SEGV_[A-Z]{1,20}|<unknown>) ([0-9a-f]{0,32})/.exec(
        line,
      );
      return found === null ? null : { type: 'UNKNOWN', anew: true, address: `0x${found[1]}` };
    },
  },
];

function builtinAbort(line: string): Said | null {
  const error = after(line, 'abort: ');
  if (!/^CSA_(?:ASSERT|DCHECK) failed: /.test(error)) return null;
  const what = { type: 'ASSERT', anew: true, taken: 3 } as const;
  const open = error.indexOf(' [');
  const place = open !== -1 && /:\d{1,9}\]$/.test(error.slice(-12)) ? error.slice(open + 2) : null;
  if (place === null) return { ...what, lines: [error] };
  return { ...what, lines: [error.slice(0, open), fixedFile(place)] };
}

const inFile = /^#\s{0,16}(Fatal|Runtime) error in (.{1,2000}), line \d/;

/** After a headline of V8: which file, and which condition failed. */
export const v8DetailRules: readonly Rule[] = [
  {
    tool: 'V8',
    words: ['^#', ' error in ', ', line '],
    when: fatal,
    read: (line, report) => {
      const [, kind, place = ''] = inFile.exec(line) ?? [];
      if (kind === undefined || (kind === 'Runtime' && !runtime(report))) return null;
      report.checkFile = fixedFile(place);
      const type = kind === 'Fatal' ? 'Fatal error' : 'RUNTIME_ASSERT';
      return { type, lines: [report.checkFile], done: true };
    },
  },
  { tool: 'V8', words: ['^#'], when: fatal, read: failedCheck },
  {
    tool: 'V8',
    words: ['^# un', 'code'],
    when: fatal,
    read: (line, { checkFile }) =>
      line.startsWith('# unreachable code') || line.startsWith('# unimplemented code')
        ? {
            type: 'Unreachable code',
            anew: true,
            ...(checkFile === '' ? {} : { lines: [checkFile] }),
          }
        : null,
  },
];

function fatal(report: Report): boolean {
  return report.flags.has('fatal-error');
}

const checks: readonly (readonly [start: string, type: string])[] = [
  ['Debug check failed: ', 'DCHECK failure'],
  ['Check failed: ', 'CHECK failure'],
];

function failedCheck(line: string, report: Report): Said | null {
  const text = line.slice(1);
  const said = text.trimStart();
  if (said === text && text !== '') return null;
  const known = checks.find(([start]) => said.startsWith(start));
  const condition = fixedCheck(
    known === undefined ? conditionOf(said) : said.slice(known[0].length),
  );
  const type = known?.[1] ?? (conditionOf(said) === said ? undefined : 'CHECK failure');
  const what = { anew: true, ...(type === undefined ? {} : { type }) } as const;
  if (condition.trim() === '') return text === '' ? null : what;
  const place = report.checkFile === '' ? '' : ` in ${report.checkFile}`;
  return { ...what, lines: [`${condition}${place}`], taken: 1 };
}

/** `RepresentationChangerError: node #12:condition` is a failed check as well. */
function conditionOf(said: string): string {
  return said.replace(/^RepresentationChangerError: node #\d{1,9}:/, '');
}
