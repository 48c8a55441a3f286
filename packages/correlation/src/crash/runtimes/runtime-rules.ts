import type { CrashTool } from '../crash.ts';
import { addressAt, after, type Rule, tableOf } from '../rules/rule.ts';

/** Signals whose meaning is fixed. */
const signals: Readonly<Record<string, string>> = {
  4: 'Ill',
  6: 'Abrt',
  7: 'Bus-error',
  8: 'Floating-point-exception',
  11: 'UNKNOWN',
};

/** What the C library prints when it stops a program. */
const stopsOfLibraries: readonly (readonly [words: string, type: string])[] = [
  ['*** stack smashing detected ***', 'Stack-buffer-overflow'],
  ['*** buffer overflow detected ***', 'Buffer-overflow'],
  ['double free or corruption', 'Heap-double-free'],
  ['free(): double free detected', 'Heap-double-free'],
  ['free(): invalid pointer', 'Invalid-free'],
  ['munmap_chunk(): invalid pointer', 'Invalid-free'],
  ['realloc(): invalid pointer', 'Invalid-free'],
  ['corrupted size vs. prev_size', 'Heap-corruption'],
  ['malloc(): corrupted ', 'Heap-corruption'],
  ['malloc(): invalid size', 'Heap-corruption'],
  ['free(): invalid next size', 'Heap-corruption'],
  ['free(): invalid size', 'Heap-corruption'],
];

/** Memory that ran out, and stacks that did. */
const exhaustions: readonly (readonly [tool: CrashTool, type: string, ...words: string[]])[] = [
  ['Node.js', 'Out-of-memory', '^FATAL ERROR: ', 'out of memory'],
  ['Rust', 'Out-of-memory', '^memory allocation of ', ' bytes failed'],
  ['Rust', 'Stack-overflow', '^thread ', ' has overflowed its stack'],
  ['Go', 'Out-of-memory', '^fatal error: runtime: out of memory'],
  ['AFL++', 'Timeout', '+++ Program timed off +++'],
];

/**
 * What language runtimes, the C library and AFL++ print of a crash that no sanitizer saw. These
 * are ours, not published by ClusterFuzz, and count only where its rules find nothing.
 */
export const runtimeRules = tableOf([
  ...stopsOfLibraries.map(
    ([words, type]): Rule => ({ tool: 'C library', words: [words], first: true, says: { type } }),
  ),
  ...exhaustions.map(
    ([tool, type, ...words]): Rule => ({
      tool,
      words,
      first: true,
      when: ({ settings }) => settings.exhaustion || type === 'Stack-overflow',
      says: { type },
    }),
  ),
  {
    tool: 'AFL++',
    words: ['+++ Program killed by signal ', ' +++'],
    first: true,
    read: (line) => {
      const signal = /killed by signal (\d{1,3}) /.exec(line)?.[1] ?? '';
      return { type: signals[signal] ?? 'Fatal-signal' };
    },
  },
  {
    tool: 'C library',
    words: ["^terminate called after throwing an instance of '", "'"],
    first: true,
    read: (line) => ({
      type: 'Uncaught exception',
      lines: [after(line, "instance of '").replace(/'$/, '')],
      taken: 1,
    }),
  },
  {
    tool: 'Java',
    words: ['^#  SIG', ' at pc='],
    first: true,
    read: (line) => {
      const signal = /^# {2}(SIG[A-Z]{2,10}) \(0x/.exec(line)?.[1];
      return signal === undefined ? null : { type: signal };
    },
  },
  { tool: 'Go', words: ['^WARNING: DATA RACE'], first: true, says: { type: 'Data race' } },
  {
    tool: 'Go',
    words: [' at 0x', ' by goroutine '],
    when: ({ type, address }) => type === 'Data race' && address === '',
    read: (line) => ({ address: addressAt(after(line, ' at ')) }),
  },
]);

/** Whether frames after this line belong to another moment of the same crash. */
export function endsStack(line: string): boolean {
  return ['Caused by: ', 'Previous read at ', 'Previous write at ', 'Goroutine '].some((words) =>
    line.startsWith(words),
  );
}
