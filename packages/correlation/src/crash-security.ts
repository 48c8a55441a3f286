/** What decides whether a crash is security-relevant. */
export interface SecurityFacts {
  readonly type: string;
  readonly address: string | undefined;
  /** The program counter was zero: control flow was lost. */
  readonly pcIsZero: boolean;
  /** The process ended itself: ABRT, BUS, FPE, ILL, a breakpoint, or gsignal on top. */
  readonly raised: boolean;
}

const never: readonly string[] = [
  'CHECK failure',
  'Divide-by-zero',
  'Float-cast-overflow',
  'Fatal-signal',
  'Floating-point-exception',
  'Implicit-conversion',
  'Integer-overflow',
  'Invalid-bool-value',
  'Invalid-builtin-use',
  'Invalid-enum-value',
  'Invalid-null-argument',
  'Invalid-null-return',
  'Misaligned-address',
  'No-return-value',
  'Out-of-memory',
  'Overwrites-const-input',
  'Pointer-overflow',
  'Stack-overflow',
  'Timeout',
  'Undefined-shift',
  'Unexpected-exit',
  'Unreachable code',
  'Unsigned-integer-overflow',
];

const always: readonly string[] = [
  'ASSERT',
  'Bad-cast',
  'Incorrect-function-pointer-type',
  'Index-out-of-bounds',
  'Non-positive-vla-bound-value',
  'Object-size',
];

/** Kinds that say no more than "a bad address": the address decides. */
const generic: readonly string[] = [
  'Null-dereference',
  'Null-dereference READ',
  'Null-dereference WRITE',
  'UNKNOWN',
  'UNKNOWN READ',
  'UNKNOWN WRITE',
];

/** Addresses that WebKit and Chromium jump to on purpose when an assertion fails. */
const assertAddresses: readonly number[] = [
  0xbbadbeef, 0xfbadbeef, 0x1f75b7dd, 0x977537dd, 0x9f7537dd,
];

/** Below one page nothing is mapped: a null pointer with an offset. */
export const nullPageEnd = 0x1000;

/** Whether a crash is security-relevant, by the rules ClusterFuzz publishes; errs to true. */
export function isSecurityRelevant(facts: SecurityFacts): boolean {
  if (facts.pcIsZero) return true;
  if (never.includes(facts.type) || facts.type.includes('-leak')) return false;
  if (facts.type.startsWith('Data race') || facts.type.startsWith('Lock-order-inversion')) {
    return false;
  }
  if (always.includes(facts.type)) return true;
  if (facts.raised) return false;
  if (!generic.includes(facts.type)) return true;
  const address = facts.address === undefined ? 0 : Number(facts.address);
  return address >= nullPageEnd && !assertAddresses.includes(address);
}
