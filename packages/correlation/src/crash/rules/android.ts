import type { Report } from '../report.ts';
import { fixedCheck, fixedFile } from './failed-checks.ts';
import { after, afterLast, capitalized, type Rule, type Said, until } from './rule.ts';

/** Kinds that say more than the abort or trap that follows them. */
export const outlastsAbort: readonly string[] = [
  'ASSERT',
  'Arbitrary file open',
  'CHECK failure',
  'Command injection',
  'DCHECK failure',
  'Fatal error',
  'Out-of-memory',
  'Security CHECK failure',
  'Security DCHECK failure',
  'Stack-overflow',
  'Timeout',
  'Unreachable code',
  'V8 API error',
  'V8 sandbox violation',
];

const stops = (report: Report) => !outlastsAbort.includes(report.type);

/** Signals and aborts as Android's debugger daemon prints them. */
export const androidRules: readonly Rule[] = [
  {
    tool: 'Android',
    words: ['signal', '(SIG', 'fault addr '],
    when: (report) => !report.type.startsWith('UNKNOWN'),
    read: signal,
  },
  // A second report of the same signal would lose the stack that was read already.
  {
    tool: 'Android',
    words: ['signal', '(SIG', 'fault addr '],
    when: (report) => report.type.startsWith('UNKNOWN'),
    read: (line, report) => (line.includes('Fatal signal') ? null : signal(line, report)),
  },
  {
    tool: 'Android',
    words: ['signal', '(SIGTRAP', 'fault addr '],
    when: stops,
    read: (line) => ({ type: 'Trap', address: until(afterLast(line, 'fault addr '), ' ') }),
  },
  {
    tool: 'Android',
    words: ['signal', '(SIGABRT', 'fault addr --------'],
    when: stops,
    says: { type: 'Abort', address: '' },
  },
  { tool: 'Android', words: ['^Abort message: '], read: abortMessage },
];

function signal(line: string, report: Report): Said {
  const said = afterLast(line, 'fault addr ');
  const address = until(said, ' ');
  const rest = said.slice(address.length);
  report.flags.delete('java-stack');
  const open = rest.lastIndexOf('(');
  if (open !== -1 && rest.endsWith(')')) report.process = capitalized(rest.slice(open + 1, -1));
  const tagged = line.includes('SEGV_MTESERR');
  const type = tagged ? `Tag-mismatch${rest}` : 'UNKNOWN';
  if (!line.includes('SIGSEGV')) return { type, anew: true };
  return { type, anew: true, address: address.startsWith('0x') ? address : `0x${address}` };
}

/** `Abort message: 'FATAL:file.cc(3) Check failed: x'`. */
function abortMessage(line: string): Said {
  const message = after(line, 'Abort message: ');
  const space = message.indexOf(' ');
  const text =
    space === -1
      ? fixedCheck(message)
      : `${fixedCheck(message.slice(space + 1))} in ${fixedFile(
          message.slice(0, space).replaceAll('FATAL:', ''),
        )}`;
  const what = { type: 'CHECK failure', address: '', flag: 'java-stack' } as const;
  return { ...what, lines: [text], taken: 1 };
}

/** An application's own exception; the stack is Java's. */
export const androidExceptionRules: readonly Rule[] = [
  {
    tool: 'Android',
    words: ['FATAL EXCEPTION', ':'],
    says: { type: 'Fatal Exception', anew: true, flag: 'java-stack' },
  },
];
