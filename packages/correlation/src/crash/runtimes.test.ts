import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isNamed } from '../signature.ts';
import { readCrash } from './read-crash.ts';

const vectors = path.join(import.meta.dirname, '../vectors/runtimes');
const Expected = z.array(
  z.object({
    input: z.string(),
    tool: z.string(),
    type: z.string(),
    security: z.boolean(),
    state: z.array(z.string()),
    named: z.boolean(),
  }),
);

describe('real crashes of small programs', () => {
  const rows = Expected.parse(
    JSON.parse(readFileSync(path.join(vectors, 'expected.json'), 'utf8')),
  );
  test.each(rows)('$input is $tool: $type', ({ input, ...expected }) => {
    const crash = crashOf(readFileSync(path.join(vectors, input), 'utf8'));
    const { tool, type, security, state } = crash;
    expect({ tool, type, security, state, named: isNamed(crash) }).toEqual(expected);
  });

  test('the same crash by each sanitizer that sees it has the same state', () => {
    const stateOf = (input: string) =>
      crashOf(readFileSync(path.join(vectors, input), 'utf8')).state.join();
    expect(stateOf('asan-o.txt')).toBe('read_field,parse_record,run_command');
    expect(new Set(['asan-o.txt', 'asan-u.txt', 'asan-n.txt', 'gdb-n.txt'].map(stateOf)).size).toBe(
      1,
    );
  });
});

describe('logs of the language runtimes', () => {
  test('Java: the classes of the platform are passed over, and causes do not fill up the state', () => {
    const crash = crashOf(
      [
        'Exception in thread "main" org.example.BadRecord: no header',
        '\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)',
        '\tat app//org.example.Parser.parse(Parser.java:7)',
        'Caused by: java.io.IOException: closed',
        '\tat org.example.Reader.fill(Reader.java:9)',
      ].join('\n'),
    );
    expect(crash).toMatchObject({
      tool: 'Java',
      type: 'Uncaught exception',
      state: ['org.example.BadRecord', 'org.example.Parser.parse'],
      skipped: [{ index: 0, reason: 'library-wrapper' }],
    });
    expect(crash.frames[1]).toMatchObject({ file: 'Parser.java', line: 7 });
  });

  test('Java: a crash of the machine is named by its problematic frame', () => {
    expect(
      crashOf(
        [
          '# A fatal error has been detected by the Java Runtime Environment:',
          '#',
          '#  SIGSEGV (0xb) at pc=0x00007f3a2c1b4e10, pid=31, tid=32',
          '#',
          '# Problematic frame:',
          '# C  [libz.so.1+0x4e10]  inflate_fast+0x120',
        ].join('\n'),
      ),
    ).toMatchObject({ tool: 'Java', type: 'SIGSEGV', state: ['inflate_fast'], security: true });
  });

  test('Python: of several tracebacks the last ended the program', () => {
    const crash = crashOf(readFileSync(path.join(vectors, 'python-c.txt'), 'utf8'));
    expect(crash.frames.map((frame) => frame.function)).toEqual(['run', '<module>']);
  });

  test('Node.js: anonymous frames are named by their file, internal ones passed over', () => {
    expect(
      crashOf(
        [
          'AssertionError [ERR_ASSERTION]: no header',
          '    at /srv/app/lib/record.js:10:9',
          '    at async Reader.fill (file:///srv/app/lib/reader.js:3:1)',
          '    at node:internal/process/task_queues:105:5',
        ].join('\n'),
      ),
    ).toMatchObject({
      tool: 'Node.js',
      state: ['AssertionError', 'record.js', 'Reader.fill'],
      frames: [{ line: 10 }, { file: '/srv/app/lib/reader.js' }, { line: 105 }],
    });
  });

  test('an exception that a program only tells of, without a stack, is no crash', () => {
    expect(readCrash('ValueError: out of range\nretrying\n')).toMatchObject({
      refusal: { code: 'no-crash-report' },
    });
  });

  test('AFL++: the signal is all that is known', () => {
    expect(crashOf('\u001b[1;91m\n+++ Program killed by signal 11 +++\n\u001b[0m')).toMatchObject({
      tool: 'AFL++',
      type: 'UNKNOWN',
      state: ['NULL'],
      security: false,
    });
  });
});

describe('what is not enough to join crashes by', () => {
  const overflow =
    '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000017 at';
  test.each([
    ['no frame at all', `${overflow} pc 0x5`],
    ['frames without symbols', `${overflow}\n    #0 0x5  (/opt/a+0x12)\n    #1 0x6  (/opt/a+0x13)`],
    ['the fuzz target alone', `${overflow}\n    #0 0x5 in LLVMFuzzerTestOneInput a.cc:1:2`],
    ['where a time-out was noticed', '== ERROR: libFuzzer: timeout\n    #0 0x5 in f a.c:1'],
    ['where memory ran out', '== ERROR: libFuzzer: out-of-memory (x)\n    #0 0x5 in f a.c:1'],
    [
      'an exception without a frame of the program',
      "terminate called after throwing an instance of 'E'",
    ],
  ])('%s', (_name, text) => {
    expect(isNamed(crashOf(text))).toBe(false);
  });
});

function crashOf(text: string) {
  const read = readCrash(text);
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value;
}
