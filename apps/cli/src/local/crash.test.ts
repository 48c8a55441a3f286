import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../test/run-cli.ts';

const report = `==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000011
READ of size 1 at 0x602000000011 thread T0
    #0 0x4a0 in __asan_memcpy /llvm/asan_interceptors.cpp:22:3
    #1 0x4f1 in parse_string /src/parser.c:10:3
    #2 0x4f2 in parse_value /src/parser.c:20:3
    #3 0x4f3 in main /src/main.c:5:1
`;

test('a report from standard input, for a person', async () => {
  const { code, out, err } = await runCli(['crash', '-'], { stdin: report });
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(`type         Heap-buffer-overflow READ 1
address      0x602000000011
security     yes, by the kind of crash
weakness     CWE-125
tool         AddressSanitizer
signature    Heap-buffer-overflow READ | parse_string | parse_value
state        parse_string
state        parse_value
  #0  __asan_memcpy  /llvm/asan_interceptors.cpp:22
  #1  parse_string  /src/parser.c:10
  #2  parse_value  /src/parser.c:20
  #3  main  /src/main.c:5
skipped      #0 __asan_memcpy /llvm/asan_interceptors.cpp:22:3: it is the sanitizer
skipped      #3 main /src/main.c:5:1: every stack begins there
`);
});

test('a report from a file, for a program', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
  try {
    const file = path.join(folder, 'report.txt');
    await writeFile(file, report);
    const { code, json } = await runCli(['crash', file, '--json']);
    expect(code).toBe(0);
    // Every field: docs/crash-signatures.md promises them.
    expect(json()).toEqual({
      tool: 'AddressSanitizer',
      type: 'Heap-buffer-overflow READ 1',
      address: '0x602000000011',
      instrumented: true,
      security: true,
      weakness: 'CWE-125',
      signature: 'Heap-buffer-overflow READ | parse_string | parse_value',
      named: true,
      state: ['parse_string', 'parse_value'],
      frames: [
        { index: 0, function: '__asan_memcpy', file: '/llvm/asan_interceptors.cpp', line: 22 },
        {
          index: 1,
          function: 'parse_string',
          file: '/src/parser.c',
          line: 10,
          names: 'parse_string',
        },
        {
          index: 2,
          function: 'parse_value',
          file: '/src/parser.c',
          line: 20,
          names: 'parse_value',
        },
        { index: 3, function: 'main', file: '/src/main.c', line: 5 },
      ],
      skipped: [
        {
          index: 0,
          text: '__asan_memcpy /llvm/asan_interceptors.cpp:22:3',
          reason: 'sanitizer-runtime',
        },
        { index: 3, text: 'main /src/main.c:5:1', reason: 'process-start' },
      ],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a crash that only its program tells of, and that nothing names', async () => {
  const { code, out } = await runCli(['crash', '-'], {
    stdin: 'double free or corruption (fasttop)\n',
  });
  expect(code).toBe(0);
  expect(out).toContain('tool         C library, no sanitizer\n');
  expect(out).toContain('Heap-double-free | NULL (too little to join other crashes by)\n');
});

test('a report that tries to act on the terminal is only shown', async () => {
  const hostile = report.replace('parse_value', 'parse\u001b[2J\u001b]0;evil\u0007value');
  const { out } = await runCli(['crash', '-'], { stdin: hostile });
  expect(out).toContain('parse\\u001b[2J');
  expect(/[\p{Cc}]/u.test(out.replaceAll('\n', ''))).toBe(false);
});

test.each([
  ['other text', 'nothing crashed here\n', 'no-crash-report'],
  ['nothing', '', 'no-crash-report'],
])('%s is refused', async (_, stdin, refused) => {
  const { code, json, err } = await runCli(['crash', '-', '--json'], { stdin });
  expect(code).toBe(2);
  expect(json()).toMatchObject({ refusal: { code: refused } });
  expect(err).toContain('to do       send the standard error of the crashing run');
});

test('a file that is not there is refused by its name', async () => {
  const { code, err } = await runCli(['crash', '/nowhere/at-all.txt']);
  expect(code).toBe(2);
  expect(err).toContain('got         /nowhere/at-all.txt: there is none');
});
