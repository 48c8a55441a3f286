import type { CrashTool } from '../crash.ts';
import type { Rule } from './rule.ts';

/** Time-outs told by the engine; which function was running then is chance. */
export const timeoutRules: readonly Rule[] = [
  ['libFuzzer', 'ERROR:', 'libFuzzer:', 'timeout'] as const,
  ['Centipede', '^========= Timeout of ', ' seconds exceeded; exiting'] as const,
  ['Centipede', '^========= Per-input timeout exceeded:'] as const,
].map(
  ([tool, ...words]): Rule => ({
    tool,
    words,
    when: ({ settings }) => settings.exhaustion,
    says: { type: 'Timeout', anew: true },
  }),
);

/** Who says, in which words, that memory ran out. */
const outOfMemory: readonly (readonly [tool: CrashTool, ...words: string[]])[] = [
  ['V8', '# Allocation failed', 'out of memory'],
  ['V8', 'FatalProcessOutOfMemory'],
  ['V8', 'Fatal process out of memory:'],
  ['V8', 'Fatal JavaScript out of memory:'],
  ['V8', 'Fatal JavaScript invalid size error'],
  ['Chromium', '::OnNoMemory'],
  ['Chromium', 'FX_OutOfMemoryTerminate'],
  ['Chromium', 'Out of memory. Dying.'],
  ['Chromium', 'Out of memory. size='],
  ['Chromium', 'TerminateBecauseOutOfMemory'],
  ['Chromium', 'blinkGCOutOfMemory'],
  ['Chromium', 'couldnt allocate', 'Out of memory'],
  ['Chromium', 'A device memory allocation has failed.'],
  ['AddressSanitizer', 'ERROR', 'Sanitizer failed to allocate'],
  ['AddressSanitizer', 'Sanitizer: allocation-size-too-big'],
  ['AddressSanitizer', 'Sanitizer: calloc-overflow'],
  ['AddressSanitizer', 'Sanitizer: calloc parameters overflow'],
  ['AddressSanitizer', 'Sanitizer: requested allocation size', 'exceeds maximum supported size'],
  ['AddressSanitizer', 'Sanitizer: out of memory'],
  ['AddressSanitizer', 'allocator is out of memory trying to allocate'],
  ['AddressSanitizer', 'rss limit exhausted'],
  ['libFuzzer', 'libFuzzer: out-of-memory ('],
  ['Centipede', 'Failure description: out-of-memory'],
  ['Centipede', '========= RSS limit exceeded:'],
  ['Rust', 'in rust_oom'],
  ['Rust', '__rust_alloc_error_handler'],
];

export const outOfMemoryRules: readonly Rule[] = outOfMemory.map(([tool, ...words]) => ({
  tool,
  words,
  says: { type: 'Out-of-memory', anew: true },
}));

/** Centipede's own limit on the stack. */
export const stackLimitRules: readonly Rule[] = [
  {
    tool: 'Centipede',
    words: ['^========= Stack limit exceeded: ', ' > ', ' (byte); aborting'],
    says: { type: 'Stack-overflow' },
  },
];

/** What an engine says when no sanitizer said anything. */
export const engineRules: readonly Rule[] = [
  {
    tool: 'libFuzzer',
    words: ['ERROR:', 'libFuzzer:', 'deadly signal'],
    says: { type: 'Fatal-signal', anew: true },
  },
  {
    tool: 'libFuzzer',
    words: ['ERROR:', 'libFuzzer:', 'fuzz target exited'],
    says: { type: 'Unexpected-exit', anew: true },
  },
  {
    tool: 'libFuzzer',
    words: ['ERROR:', 'libFuzzer:', 'fuzz target overwrites its const input'],
    says: { type: 'Overwrites-const-input', anew: true },
  },
];
