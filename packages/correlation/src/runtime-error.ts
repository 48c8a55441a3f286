import type { Headline } from './headline.ts';

const marker = ': runtime error: ';

/**
 * Reads UndefinedBehaviorSanitizer's `file:line:col: runtime error: …`, also its bad casts and
 * those of control flow integrity. Null for any other line, among them Go's panics.
 */
export function readRuntimeError(line: string): Headline | null {
  const at = line.indexOf(marker);
  if (at === -1 || line.startsWith('panic:')) return null;
  const reason = line.slice(at + marker.length);
  return badCast(reason) ?? { tool: 'UndefinedBehaviorSanitizer', type: kindOf(reason) };
}

/** The second half of a bad cast's name, from the note that follows it; null for other lines. */
export function readCastSource(line: string): string | null {
  for (const [note, prefix] of castNotes) {
    const at = line.indexOf(note);
    if (at === -1) continue;
    return prefix === ''
      ? ' from invalid vptr'
      : `${prefix}${unquoted(line.slice(at + note.length))}`;
  }
  return null;
}

const castNotes: readonly (readonly [string, string])[] = [
  ['note: object is of type ', ' from '],
  ['note: vtable is of type ', ' from '],
  ['note: object has invalid vptr', ''],
  ['note: invalid vtable', ''],
];

function badCast(reason: string): Headline | null {
  const cast = ['member access within', 'member call on', 'downcast of'].find((verb) =>
    reason.startsWith(`${verb} address 0x`),
  );
  const type = afterLast(reason, ' of type ');
  if (cast !== undefined && reason.includes('does not point to') && type !== null) {
    const address = /0x[0-9a-fA-F]{1,16}/.exec(reason)?.[0];
    return {
      tool: 'UndefinedBehaviorSanitizer',
      type: 'Bad-cast',
      subject: `Bad-cast to ${type}`,
      ...(address === undefined ? {} : { address }),
    };
  }
  return flowIntegrity(reason);
}

function flowIntegrity(reason: string): Headline | null {
  const start = 'control flow integrity check for type ';
  const end = ' failed during ';
  const stop = reason.indexOf(end);
  if (!reason.startsWith(start) || stop === -1) return null;
  const address = /vtable address (0x[0-9a-fA-F]{1,16})/.exec(reason.slice(stop))?.[1];
  return {
    tool: 'UndefinedBehaviorSanitizer',
    type: 'Bad-cast',
    subject: `Bad-cast to ${unquoted(reason.slice(start.length, stop))}`,
    ...(address === undefined ? {} : { address }),
  };
}

function afterLast(text: string, mark: string): string | null {
  const at = text.lastIndexOf(mark);
  return at === -1 ? null : unquoted(text.slice(at + mark.length));
}

function unquoted(text: string): string {
  return text.trim().replaceAll("'", '').slice(0, 512);
}

/** Every phrase must occur; the first row that fits wins, so the broad ones stand last. */
const kinds: readonly (readonly [string, readonly string[]])[] = [
  ['Divide-by-zero', ['division by zero']],
  ['Float-cast-overflow', ['outside the range of representable values']],
  ['Implicit-conversion', ['implicit conversion from type']],
  ['Incorrect-function-pointer-type', ['through pointer to incorrect function type']],
  ['Index-out-of-bounds', ['out of bounds for type']],
  ['Invalid-bool-value', ["not a valid value for type 'bool'"]],
  ['Invalid-bool-value', ["not a valid value for type 'BOOL'"]],
  ['Invalid-builtin-use', [', which is not a valid argument']],
  ['Misaligned-address', ['misaligned address']],
  ['No-return-value', ['reached the end of a value-returning function']],
  ['Invalid-null-argument', ['null pointer passed as', 'declared to never be null']],
  ['Null-dereference READ', ['load of null pointer']],
  ['Null-dereference', ['binding to null pointer']],
  ['Null-dereference', ['access within null pointer']],
  ['Null-dereference', ['call on null pointer']],
  ['Null-dereference WRITE', ['store to null pointer']],
  ['Object-size', ['address ', 'with insufficient space for an object of type']],
  ['Pointer-overflow', ['addition of unsigned offset']],
  ['Pointer-overflow', ['subtraction of unsigned offset']],
  ['Pointer-overflow', ['pointer index expression with base']],
  ['Pointer-overflow', ['applying non-zero offset', 'to null pointer']],
  ['Pointer-overflow', ['applying zero offset to null pointer']],
  ['Invalid-null-return', ['null pointer returned from function declared to never return null']],
  ['Undefined-shift', ['shift']],
  ['Unreachable code', ['execution reached an unreachable program point']],
  ['Unsigned-integer-overflow', ['unsigned integer overflow']],
  ['Non-positive-vla-bound-value', ['variable length array bound evaluates to non-positive']],
  ['Invalid-enum-value', ['not a valid value for type']],
  ['Integer-overflow', ['integer overflow']],
  ['Integer-overflow', ['negation of', 'cannot be represented in type']],
  ['Integer-overflow', ['division of', 'cannot be represented in type']],
];

function kindOf(reason: string): string {
  const found = kinds.find(([, phrases]) => phrases.every((phrase) => reason.includes(phrase)));
  return found === undefined ? 'UNKNOWN' : found[0];
}
