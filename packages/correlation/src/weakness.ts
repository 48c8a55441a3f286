/**
 * Weaknesses that reporters use for one and the same thing, by what a memory-safety tool can tell
 * apart. The first word names the class in identity keys, which are stored: never rename it.
 */
const classes: readonly (readonly [string, readonly number[]])[] = [
  ['out-of-bounds', [119, 120, 121, 122, 124, 125, 126, 127, 131, 786, 787, 788, 805]],
  ['lifetime', [415, 416, 672, 825]],
  ['null-dereference', [476]],
  ['bad-free', [590, 761, 763]],
  ['recursion', [674]],
  ['integer', [190, 191, 680]],
  ['division-by-zero', [369]],
  ['uninitialized', [457, 824, 908]],
  ['leak', [401, 772]],
  ['exhaustion', [400, 770, 789, 834, 835]],
  ['type-confusion', [704, 843]],
  ['reachable-assertion', [617]],
];

const crashClasses: readonly (readonly [string, readonly string[]])[] = [
  [
    'out-of-bounds',
    [
      'Container-overflow',
      'Dynamic-stack-buffer-overflow',
      'Global-buffer-overflow',
      'Heap-buffer-overflow',
      'Index-out-of-bounds',
      'Stack-buffer-overflow',
      'Stack-buffer-underflow',
    ],
  ],
  [
    'lifetime',
    ['Heap-double-free', 'Heap-use-after-free', 'Stack-use-after-return', 'Stack-use-after-scope'],
  ],
  ['null-dereference', ['Null-dereference']],
  ['bad-free', ['Invalid-free']],
  ['recursion', ['Stack-overflow']],
  ['integer', ['Integer-overflow', 'Unsigned-integer-overflow']],
  ['division-by-zero', ['Divide-by-zero', 'Floating-point-exception']],
  ['uninitialized', ['Use-of-uninitialized-value']],
  ['leak', ['Direct-leak', 'Indirect-leak']],
  ['exhaustion', ['Out-of-memory', 'Timeout']],
  ['type-confusion', ['Bad-cast']],
  ['reachable-assertion', ['ASSERT', 'CHECK']],
];

/** The class of `CWE-125` and its like; the number itself where no class holds it; else null. */
export function classOfWeakness(cwe: string): string | null {
  const number = /^CWE-(\d{1,6})$/i.exec(cwe.trim())?.[1];
  if (number === undefined) return null;
  const id = Number(number);
  return classes.find(([, members]) => members.includes(id))?.[0] ?? `cwe-${id}`;
}

/** The class of a crash type; null where the type does not tell, as for a wild access. */
export function classOfCrash(type: string): string | null {
  const kind = type.split(' ', 1)[0] ?? '';
  return crashClasses.find(([, members]) => members.includes(kind))?.[0] ?? null;
}

/** The weakness that a kind of crash shows, as MITRE numbers it. Reads and writes differ. */
const crashWeaknesses: readonly (readonly [cwe: string, kinds: readonly string[]])[] = [
  ['CWE-78', ['Command injection']],
  ['CWE-119', ['Buffer-overflow', 'Index-out-of-bounds', 'Object-size']],
  ['CWE-121', ['Dynamic-stack-buffer-overflow', 'Stack-buffer-overflow']],
  ['CWE-122', ['Container-overflow', 'Heap-buffer-overflow', 'Heap-corruption']],
  ['CWE-124', ['Stack-buffer-underflow']],
  ['CWE-129', ['Index out of range', 'Slice bounds out of range']],
  ['CWE-190', ['Integer-overflow', 'Unsigned-integer-overflow']],
  ['CWE-248', ['Uncaught exception']],
  ['CWE-362', ['Data race']],
  ['CWE-369', ['Divide-by-zero', 'Floating-point-exception', 'Integer divide by zero']],
  ['CWE-401', ['Direct-leak', 'Indirect-leak']],
  ['CWE-415', ['Heap-double-free']],
  [
    'CWE-416',
    ['Heap-use-after-free', 'Stack-use-after-return', 'Stack-use-after-scope', 'Use-after-poison'],
  ],
  ['CWE-476', ['Invalid memory address', 'Null-dereference']],
  ['CWE-617', ['ASSERT', 'CHECK failure', 'DCHECK failure', 'Security DCHECK failure']],
  ['CWE-674', ['Stack overflow', 'Stack-overflow']],
  ['CWE-763', ['Invalid-free']],
  ['CWE-770', ['Out-of-memory']],
  ['CWE-787', ['Global-buffer-overflow']],
  ['CWE-834', ['Timeout']],
  ['CWE-843', ['Bad-cast', 'Incorrect-function-pointer-type']],
  ['CWE-908', ['Use-of-uninitialized-value']],
];

/**
 * The weakness (`CWE-125`) that a crash of this type shows; null where the type does not tell, as
 * for a wild access. It says what was seen, which may be the effect of another weakness.
 */
export function weaknessOfCrash(type: string): string | null {
  const kind = type.replace(/ (?:READ|WRITE|ATOMIC)\b.{0,80}$/, '');
  if (classOfCrash(kind) === 'out-of-bounds') {
    if (/ READ\b/.test(type)) return 'CWE-125';
    if (/ WRITE\b/.test(type)) return 'CWE-787';
  }
  return crashWeaknesses.find(([, kinds]) => kinds.includes(kind))?.[0] ?? null;
}
