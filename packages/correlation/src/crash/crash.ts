/** The program that wrote the report. */
export const crashTools = [
  'AddressSanitizer',
  'HWAddressSanitizer',
  'MemorySanitizer',
  'ThreadSanitizer',
  'LeakSanitizer',
  'UndefinedBehaviorSanitizer',
  'control flow integrity',
  'system sanitizer',
  'libFuzzer',
  'Centipede',
  'AFL++',
  'Jazzer',
  'Atheris',
  'kernel',
  'KASAN',
  'Android',
  'Trusty',
  'Chromium',
  'V8',
  'Abseil',
  'C library',
  'loader',
  'gdb',
  'Windows debugger',
  'Java',
  'Go',
  'Rust',
  'Python',
  'Node.js',
] as const;
export type CrashTool = (typeof crashTools)[number];

/** One line of a stack: absent fields were not printed. */
export interface Frame {
  /** The number the tool printed after `#`; counted from 0 where it prints none. */
  readonly index: number;
  /** As printed, with arguments and template parameters. */
  readonly function?: string;
  readonly file?: string;
  readonly line?: number;
  /** Path of the binary or library, without the offset. */
  readonly module?: string;
  /** The line of the state that this frame gave; absent where it was skipped or not needed. */
  readonly names?: string;
}

/** Why a frame says nothing about the defect and is left out of the state. */
export type SkipReason =
  | 'abort-path'
  | 'allocator'
  | 'fuzzing-engine'
  | 'library-wrapper'
  | 'no-symbol'
  | 'process-start'
  | 'sanitizer-runtime'
  | 'too-short'
  /** A form that the published rules do not read; it counts where they leave no frame. */
  | 'unread-form';

export interface SkippedFrame {
  readonly index: number;
  /** What the frame showed, at most 80 characters. */
  readonly text: string;
  readonly reason: SkipReason;
}

/** What one crash report says, in the vocabulary ClusterFuzz publishes. */
export interface Crash {
  readonly tool: CrashTool;
  /** `Heap-buffer-overflow READ 1`; access sizes above 16 read `{*}`. */
  readonly type: string;
  /** The faulting address as printed, or a range; absent where the kind of crash has none. */
  readonly address?: string;
  /** Whether a sanitizer or a fuzzing engine reports a crash; else only the program says so. */
  readonly instrumented: boolean;
  /** Whether the kind of crash is security-relevant by ClusterFuzz's published rules. */
  readonly security: boolean;
  /** The stack that names the crash, in order, at most 512 frames. */
  readonly frames: readonly Frame[];
  /** One to four normalized lines that name the crash; `['NULL']` where nothing is left. */
  readonly state: readonly string[];
  /** The frames passed over on the way to the state. */
  readonly skipped: readonly SkippedFrame[];
}
