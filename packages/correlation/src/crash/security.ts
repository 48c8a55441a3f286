import { assertAddresses } from './rules/sanitizers.ts';

/** What decides whether a crash is security-relevant. */
export interface SecurityFacts {
  readonly type: string;
  readonly address: string;
  readonly marks: Marks;
  /** Whether a failed assertion counts; a project that ships with them decides. */
  readonly asserts: boolean;
  readonly checks: boolean;
}

/** What the whole text says about it, wherever it stands. */
export interface Marks {
  /** The program counter was zero: control flow was lost. */
  readonly pcIsZero: boolean;
  /** The process ended itself: ABRT, BUS, FPE, ILL, a breakpoint, or gsignal on top. */
  readonly raised: boolean;
  /** Chromium's MiraclePtr made the use after free harmless. */
  readonly defused: boolean;
  /** The fuzz target itself says that it is one. */
  readonly declared: boolean;
  /** Java was called wrongly from native code. */
  readonly wrongJni: boolean;
  readonly assertion: boolean;
  /** A sanitizer or a fuzzing engine reports a crash. */
  readonly instrumented: boolean;
}

const raised: readonly string[] = ['ABRT', 'BUS', 'FPE', 'ILL', 'breakpoint'];

const instrumented =
  /(?:ERROR|WARNING): {0,8}(?:HW)?(?:Address|Leak|Memory|Thread|UndefinedBehavior)Sanitizer:|ERROR: {0,8}libFuzzer:|Sanitizer CHECK failed:/;

/** Looks for the marks; one pass for each. */
export function marksOf(text: string): Marks {
  return {
    pcIsZero: ['(nil) ', '0x00000000 ', '0x000000000000 '].some((pc) => text.includes(`pc ${pc}`)),
    raised:
      raised.some((signal) => text.includes(`Sanitizer: ${signal}`)) ||
      /^[ \t]{1,64}#0[ \t]{1,16}0x[0-9a-f]{1,16}[ \t]{1,16}in gsignal /m.test(text),
    defused: /MiraclePtr Status:.{0,200}/.exec(text)?.[0].split(':').at(-1)?.trim() === 'PROTECTED',
    declared: /FuzzerSecurityIssue(?:Critical|High|Medium|Low)/.test(text),
    wrongJni: wrongJni(text),
    assertion: text.includes('ASSERTION FAILED'),
    instrumented: text.includes(': runtime error: ') || instrumented.test(text),
  };
}

function wrongJni(text: string): boolean {
  const mark = 'JNI DETECTED ERROR';
  for (let at = text.indexOf(mark); at !== -1; ) {
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    if (/deleted|invalid|unexpected|unknown|wrong/.test(text.slice(at, end))) return true;
    at = text.indexOf(mark, end);
  }
  return false;
}

const never: readonly string[] = [
  'ASSERT_NOT_REACHED',
  'Assumption-violation',
  'Divide-by-zero',
  'Fatal error',
  'Fatal-signal',
  'Float-cast-overflow',
  'Floating-point-exception',
  'Ill',
  'Illegal-instruction',
  'Implicit-conversion',
  'Index out of range',
  'Integer divide by zero',
  'Integer-overflow',
  'Invalid-bool-value',
  'Invalid-builtin-use',
  'Invalid-enum-value',
  'Invalid-null-argument',
  'Invalid-null-return',
  'Makeslice: len out of range',
  'Misaligned-address',
  'Missing-library',
  'No-return-value',
  'Out-of-memory',
  'Overwrites-const-input',
  'Pointer-overflow',
  'Potential-null-reference',
  'RUNTIME_ASSERT',
  'Sanitizer CHECK failure',
  'Security CHECK failure',
  'Slice bounds out of range',
  'Stack overflow',
  'Stack-overflow',
  'Timeout',
  'Undefined-shift',
  'Unexpected-exit',
  'Unreachable code',
  'Unsigned-integer-overflow',
  'Upcast-of-null-pointer',
  'V8 correctness failure',
];

const always: readonly string[] = [
  'Arbitrary DNS resolution',
  'Arbitrary file open',
  'Bad-cast',
  'Command injection',
  'DCHECK failure',
  'Incorrect-function-pointer-type',
  'Index-out-of-bounds',
  'Non-positive-vla-bound-value',
  'Object-size',
  'PySecSan',
  'Security DCHECK failure',
  'Wycheproof error',
];

/** Kinds that say no more than "a bad address": the address decides. */
const generic: readonly string[] = [
  'Null-dereference',
  'Null-dereference READ',
  'Null-dereference WRITE',
  'READ',
  'UNKNOWN',
  'UNKNOWN READ',
  'UNKNOWN WRITE',
  'Uncaught exception',
  'WRITE',
];

/** Below one page nothing is mapped: a null pointer with an offset. */
export const nullPageEnd = 0x1000;

/** Whether a crash is security-relevant, by the rules ClusterFuzz publishes; errs to true. */
export function isSecurityRelevant(facts: SecurityFacts): boolean {
  const { type, marks } = facts;
  if (marks.defused) return false;
  if (marks.declared || marks.pcIsZero) return true;
  if (never.includes(type) && !(marks.wrongJni && type === 'Fatal error')) return false;
  if (marks.wrongJni) return true;
  if (type === 'CHECK failure') return facts.checks;
  if (type.endsWith('Exception') || type.includes('-leak')) return false;
  if (type.includes('Data race') || type.includes('Lock-order-inversion')) return false;
  if (always.includes(type)) return true;
  if (type === 'ASSERT' || marks.assertion) return facts.asserts;
  if (type.startsWith('Kernel failure')) return true;
  if (marks.raised) return false;
  if (!generic.includes(type)) return true;
  const address = numberOf(facts.address);
  return address >= nullPageEnd && !assertAddresses.includes(address);
}

/** Zero for what is no number. */
export function numberOf(address: string): number {
  const digits = /^(?:0[xX])?([0-9a-fA-F]{1,16})$/.exec(address.trim())?.[1];
  return digits === undefined ? 0 : Number.parseInt(digits, 16);
}
