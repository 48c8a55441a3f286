import type { Report } from '../report.ts';
import { addressAt, after, afterLast, holdsInOrder, type Rule, type Said, until } from './rule.ts';

const marker = ': runtime error: ';

/** Bad casts, told by UBSan's vptr check or by control flow integrity. */
export const badCastRules: readonly Rule[] = [
  {
    tool: 'UndefinedBehaviorSanitizer',
    words: [marker, ' address ', ' of type '],
    first: true,
    read: badCast,
  },
  {
    tool: 'UndefinedBehaviorSanitizer',
    words: [],
    when: (report) => report.flags.has('bad-cast-open'),
    read: castSource,
  },
  {
    tool: 'control flow integrity',
    words: [`${marker}control flow integrity check for type `, ' failed during '],
    first: true,
    read: brokenFlow,
  },
  {
    tool: 'control flow integrity',
    words: ['^CFI: Most likely a control flow integrity violation;'],
    first: true,
    says: { type: 'Bad-cast', taken: 0 },
  },
];

function badCast(line: string): Said | null {
  const reason = after(line, marker);
  const verb = ['member access within', 'member call on', 'downcast of'].find((each) =>
    reason.startsWith(`${each} address `),
  );
  if (verb === undefined) return null;
  const address = addressAt(reason.slice(`${verb} address `.length));
  if (address === '') return null;
  return openCast(afterLast(reason, ' of type '), address);
}

function openCast(type: string, address: string): Said {
  const what = { type: 'Bad-cast', taken: 0, flag: 'bad-cast-open' } as const;
  const place = address === '' ? {} : { address };
  return { ...what, ...place, lines: [`Bad-cast to ${unquoted(type)}`] };
}

function brokenFlow(line: string): Said {
  const said = after(line, 'control flow integrity check for type ');
  const type = said.slice(0, said.lastIndexOf(' failed during '));
  const address = addressAt(afterLast(said, 'vtable address '));
  return openCast(type, address);
}

/** Where the object was cast from, which notes after the headline tell. */
const castNotes: readonly (readonly [words: string, source: (line: string) => string])[] = [
  ['note: object is of type ', (line) => ` from ${unquoted(afterLast(line, 'is of type '))}`],
  ['note: vtable is of type ', (line) => ` from ${unquoted(afterLast(line, 'is of type '))}`],
  ['note: object has invalid vptr', () => ' from invalid vptr'],
  ['note: invalid vtable', () => ' from invalid vptr'],
  [
    ' within object of type ',
    (line) => ` from base class subobject at offset ${until(afterLast(line, 'at offset '), ' ')}`,
  ],
];

function castSource(line: string, report: Report): Said | null {
  const note = castNotes.find(([words]) => line.includes(words));
  const defined = note === undefined && line.includes('note: ') && line.endsWith(' defined here');
  if (note === undefined && !defined) return null;
  report.flags.delete('bad-cast-open');
  const [head = ''] = report.lines;
  report.lines = [`${head}${note === undefined ? '' : note[1](line)}`];
  report.taken = 1;
  return null;
}

function unquoted(text: string): string {
  return text.trim().replace(/^'/, '').replace(/'$/, '').slice(0, 900);
}

/** Other undefined behavior; only while nothing is known. */
export const undefinedBehaviorRules: readonly Rule[] = [
  {
    tool: 'UndefinedBehaviorSanitizer',
    words: [marker],
    first: true,
    read: (line) => ({
      type: kindOf(afterLast(line, marker)),
      address: '',
      lines: [],
      taken: 0,
    }),
  },
];

/** The words must occur in this order; the first row that fits wins, so broad ones stand last. */
const kinds: readonly (readonly [type: string, ...words: string[]])[] = [
  ['Divide-by-zero', 'division by zero'],
  ['Float-cast-overflow', 'outside the range of representable values'],
  ['Implicit-conversion', 'implicit conversion from type'],
  [
    'Incorrect-function-pointer-type',
    'call to function ',
    ' through pointer to incorrect function type',
  ],
  ['Index-out-of-bounds', 'out of bounds for type'],
  ['Invalid-bool-value', "not a valid value for type 'bool'"],
  ['Invalid-bool-value', "not a valid value for type 'BOOL'"],
  ['Invalid-builtin-use', ', which is not a valid argument'],
  ['Misaligned-address', 'misaligned address'],
  ['No-return-value', 'reached the end of a value-returning function'],
  ['Invalid-null-argument', 'null pointer passed as ', ', which is declared to never be null'],
  ['Null-dereference READ', 'load of null pointer'],
  ['Null-dereference', 'binding to null pointer'],
  ['Null-dereference', 'access within null pointer'],
  ['Null-dereference', 'call on null pointer'],
  ['Null-dereference WRITE', 'store to null pointer'],
  ['Object-size', 'address ', ' with insufficient space for an object of type'],
  ['Pointer-overflow', 'addition of unsigned offset '],
  ['Pointer-overflow', 'subtraction of unsigned offset '],
  ['Pointer-overflow', 'pointer index expression with base '],
  ['Pointer-overflow', 'applying non-zero offset ', ' to null pointer'],
  ['Pointer-overflow', 'applying zero offset to null pointer'],
  ['Invalid-null-return', 'null pointer returned from function declared to never return null'],
  ['Undefined-shift', 'shift'],
  ['Unreachable code', 'execution reached an unreachable program point'],
  ['Unsigned-integer-overflow', 'unsigned integer overflow'],
  ['Upcast-of-null-pointer', 'upcast of null pointer of type'],
  ['Non-positive-vla-bound-value', 'variable length array bound evaluates to non-positive value'],
  ['Invalid-enum-value', 'not a valid value for type'],
  ['Integer-overflow', 'integer overflow'],
  ['Integer-overflow', 'negation of', 'cannot be represented in type'],
  ['Integer-overflow', 'division of', 'cannot be represented in type'],
  ['Assumption-violation', 'assumption is violated during execution'],
];

function kindOf(reason: string): string {
  return kinds.find(([, ...words]) => holdsInOrder(reason, words))?.[0] ?? 'UNKNOWN';
}
