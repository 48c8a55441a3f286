import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isNamed } from '../signature.ts';
import { crashLimits, readCrash } from './read-crash.ts';

const vectors = path.join(import.meta.dirname, '../vectors/clusterfuzz');

const Expected = z.array(
  z.object({
    input: z.string(),
    type: z.string(),
    address: z.string().optional(),
    state: z.array(z.string()),
    security: z.boolean(),
    target: z.string().optional(),
  }),
);

describe('the crash reports of ClusterFuzz', () => {
  const expected = Expected.parse(json(path.join(vectors, 'expected.json')));
  test.each(expected)('$input gives type, address, state and security flag', (row) => {
    const crash = crashIn(path.join(vectors, row.input), row.target);
    if (row.address !== undefined) expect(crash.address ?? '').toBe(row.address);
    expect({ type: crash.type, state: crash.state, security: crash.security }).toEqual({
      type: row.type,
      state: row.state,
      security: row.security,
    });
  });
});

describe('a report', () => {
  test('shows frames with function, file, line and module, and why some were passed over', () => {
    const crash = crashOf(
      [
        '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000017 at pc 0x1 bp',
        'READ of size 32 at 0x602000000017 thread T0',
        '    #0 0x55fc5c99884f in __interceptor_memcpy (/usr/lib/libasan.so.8+0x1f)',
        '    #1 0x55fc5c99c287 in parse_string(char const*, int) src/cJSON.c:777:3',
        '    #2 0x55fc5c99c289  (/opt/bin/parser+0x5c287) (BuildId: 00ff)',
        '    #3 0x55fc5c99c300 in main src/main.c:11',
      ].join('\n'),
    );
    expect(crash).toEqual({
      tool: 'AddressSanitizer',
      type: 'Heap-buffer-overflow READ {*}',
      address: '0x602000000017',
      instrumented: true,
      security: true,
      frames: [
        { index: 0, function: '__interceptor_memcpy', module: '/usr/lib/libasan.so.8' },
        {
          index: 1,
          function: 'parse_string(char const*, int)',
          file: 'src/cJSON.c',
          line: 777,
          names: 'parse_string',
        },
        { index: 2, module: '/opt/bin/parser', names: '/opt/bin/parser' },
        { index: 3, function: 'main', file: 'src/main.c', line: 11 },
      ],
      state: ['parse_string', '/opt/bin/parser'],
      skipped: [
        {
          index: 0,
          text: '__interceptor_memcpy (/usr/lib/libasan.so.8+0x1f)',
          reason: 'sanitizer-runtime',
        },
        { index: 3, text: 'main src/main.c:11', reason: 'process-start' },
      ],
    });
  });

  test('of a stack overflow is named by its cycle, wherever the recursion was entered', () => {
    const recursion = (entered: string) =>
      crashOf(
        [
          '==1==ERROR: AddressSanitizer: stack-overflow on address 0x7ffe0 (pc 0x1 bp 0x2)',
          ...[entered, ...Array.from({ length: 40 }, (_, i) => (i % 2 ? 'parse' : 'value'))].map(
            (name, i) => `    #${i} 0x5${i} in ${name} a.c:${i + 1}`,
          ),
        ].join('\n'),
      );
    expect(recursion('first').state).toEqual(['value', 'parse']);
    expect(recursion('second').state).toEqual(['value', 'parse']);
    expect(recursion('first').security).toBe(false);
    const naming = recursion('first').frames.filter(({ names }) => names !== undefined);
    expect(naming.map(({ index, names }) => [index, names])).toEqual([
      [1, 'value'],
      [2, 'parse'],
    ]);
  });

  test('of a stack overflow is named by frames further down than those before the cycle', () => {
    const names = ['a1', 'a2', 'a3', 'a4', ...Array.from({ length: 20 }, () => 'deep')];
    const crash = crashOf(
      [
        '==1==ERROR: AddressSanitizer: stack-overflow on address 0x7ffe0 (pc 0x1 bp 0x2)',
        ...names.map((name, i) => `    #${i} 0x5${i} in the_${name} a.c:${i + 1}`),
      ].join('\n'),
    );
    expect(crash.state).toEqual(['the_deep']);
    const naming = crash.frames.filter((frame) => frame.names !== undefined);
    expect(naming.map(({ index }) => index)).toEqual([4]);
    expect(isNamed(crash)).toBe(true);
  });

  test('of a time-out is named by its target, because its stack is chance', () => {
    const text = '==1== ERROR: libFuzzer: timeout after 25 seconds\n    #0 0x55 in spin a.c:1\n';
    const read = readCrash(text, { target: 'cue_fuzzer' });
    expect(read).toMatchObject({ value: { type: 'Timeout', state: ['cue_fuzzer'] } });
    expect(crashOf(text).state).toEqual(['spin']);
    expect(
      crashOf('==1== ERROR: libFuzzer: out-of-memory (used: 2049Mb; limit: 2048Mb)'),
    ).toMatchObject({ tool: 'libFuzzer', type: 'Out-of-memory', security: false, state: ['NULL'] });
  });

  test('of an assertion without words says nothing, and joins nothing', () => {
    const crash = crashOf('==9== ERROR: libFuzzer: deadly signal\npanic: \n');
    expect(crash).toMatchObject({ type: 'ASSERT', state: ['NULL'] });
    expect(isNamed(crash)).toBe(false);
  });

  test('whose kind has no letter that may be shown is of an unknown kind', () => {
    const wild = (kind: string) => crashOf(`==1==ERROR: AddressSanitizer: ${kind} on address 0x7`);
    expect(wild('\u0001\u0002').type).toBe('UNKNOWN');
    expect(wild('wild\u0001-jump').type).toBe('Wild-jump');
  });

  test('names a failed assertion rather than the abort that follows it', () => {
    const crash = crashOf(
      [
        "a: a.c:3: int f(int): Assertion `n < 1234567' failed.",
        '==9== ERROR: libFuzzer: deadly signal',
        '    #0 0x55 in f a.c:3',
      ].join('\n'),
    );
    expect(crash).toMatchObject({ type: 'ASSERT', state: ['n < NUMBER', 'f'] });
  });
});

test.each([
  [
    'F0825 20:46:02.589571 1115822 dir/file.cc:16] Check failed: a == b (1 vs. 2)',
    'a == b in file.cc',
  ],
  ['[1:1:0606/1.2:FATAL:svg.cpp(443)] Check failed: !root.', '!root in svg.cpp'],
  [
    '# Fatal error in ../../src/heap.h, line 54\n# Check failed: !IsImpossible(bit).',
    '!IsImpossible(bit) in heap.h',
  ],
])('the failed check %j is named %j', (text, subject) => {
  const abort =
    '==9==ERROR: AddressSanitizer: ABRT on unknown address 0x1 (pc 0x5 bp 0x7 sp 0x7 T0)';
  expect(crashOf(`${text}\n${abort}\n    #0 0x55 in f a.cc:3`)).toMatchObject({
    type: 'CHECK failure',
    state: [subject, 'f'],
    security: false,
  });
});

describe('hostile text', () => {
  test('without a report, or too large, is refused', () => {
    expect(readCrash('Segmentation fault (core dumped)')).toMatchObject({
      refusal: { code: 'no-crash-report' },
    });
    expect(readCrash('a'.repeat(crashLimits.textMax + 1))).toMatchObject({
      refusal: { code: 'crash-too-large' },
    });
    expect(readCrash('\n'.repeat(crashLimits.linesMax + 1))).toMatchObject({
      refusal: { code: 'crash-too-large' },
    });
  });

  test('of the greatest length is read to the end', () => {
    const line = `==1==ERROR: AddressSanitizer: ${'('.repeat(crashLimits.lineMax)}\n`;
    const text = `${line.repeat(300)}${'#0 0x1 in '.repeat(100_000)}\n${'0.'.repeat(500_000)}`;
    expect(readCrash(text).ok).toBe(false);
  });
});

function crashOf(text: string) {
  const read = readCrash(text);
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value;
}

function crashIn(file: string, target: string | undefined) {
  const read = readCrash(readFileSync(file, 'utf8'), target === undefined ? {} : { target });
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value;
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
