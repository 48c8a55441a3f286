import { expect, test } from 'vitest';
import { type Ending, observe, observeBenign, type Run } from './observation.ts';
import type { Criterion } from './recipe.ts';

const exit = (code: number): Ending => ({ kind: 'exited', code });
const segv: Ending = { kind: 'signaled', code: 139, signal: 'SIGSEGV' };
const run = (change: Partial<Run>): Run => ({
  ending: exit(0),
  stdout: '',
  stderr: '',
  crashSignature: null,
  changedFiles: [],
  ...change,
});

const sanitizer: Criterion = { kind: 'sanitizer' };
const exit1: Criterion = { kind: 'exit', code: 1 };
const says: Criterion = { kind: 'output', stream: 'stdout', contains: 'VULNERABLE' };
const file: Criterion = { kind: 'file-changed', file: 'canary', original: 'canary.txt' };
const signal: Criterion = { kind: 'signal', signals: ['SIGSEGV', 'SIGBUS'] };

test.each<[string, Criterion[], Partial<Run>, string]>([
  ['a report fires', [sanitizer], { ending: exit(1), crashSignature: 's' }, 'fired'],
  [
    'a report before a hang fires',
    [sanitizer],
    { ending: { kind: 'timed-out' }, crashSignature: 's' },
    'fired',
  ],
  ['a signal without a report does not', [sanitizer], { ending: segv }, 'crashed'],
  [
    'an asked-for signature fires',
    [{ ...sanitizer, signature: 's' }],
    { crashSignature: 's' },
    'fired',
  ],
  [
    'another signature is another crash',
    [{ ...sanitizer, signature: 's' }],
    { crashSignature: 'u' },
    'crashed',
  ],
  ['a clean exit is quiet', [sanitizer], {}, 'quiet'],
  ['an asked-for signal fires', [signal], { ending: segv }, 'fired'],
  ['exit 139 may be asked for by number', [{ kind: 'exit', code: 139 }], { ending: segv }, 'fired'],
  [
    'exit and output fire together',
    [exit1, says],
    { ending: exit(1), stdout: 'VULNERABLE\n' },
    'fired',
  ],
  [
    'exit without output is quiet',
    [exit1, says],
    { ending: exit(1), stderr: 'VULNERABLE' },
    'quiet',
  ],
  ['output without exit is quiet', [exit1, says], { stdout: 'VULNERABLE' }, 'quiet'],
  ['a changed file fires', [file], { changedFiles: ['canary'] }, 'fired'],
  ['an unchanged file does not', [file], {}, 'quiet'],
  ['a hang says nothing', [exit1], { ending: { kind: 'timed-out' } }, 'cut-short'],
  ['a flood says nothing', [exit1], { ending: { kind: 'output-limit' } }, 'cut-short'],
  [
    'running out of memory says nothing',
    [exit1],
    { ending: { kind: 'out-of-memory' } },
    'cut-short',
  ],
  [
    'a host failure is an error',
    [sanitizer],
    { ending: { kind: 'failed', detail: 'no world' }, crashSignature: 's' },
    'errored',
  ],
  ['an aborted run is an error', [sanitizer], { ending: { kind: 'aborted' } }, 'errored'],
])('%s', (_, success, change, outcome) => {
  expect(observe(success, run(change)).outcome).toBe(outcome);
});

test.each<[string, Partial<Run>, string]>([
  ['as expected', { stdout: 'ok' }, 'quiet'],
  ['another exit code', { ending: exit(2), stdout: 'ok' }, 'crashed'],
  ['other output', { stdout: 'no' }, 'crashed'],
  ['the proof fires', { stdout: 'ok', crashSignature: 's' }, 'fired'],
  ['a hang', { ending: { kind: 'timed-out' } }, 'cut-short'],
])('the benign input: %s', (_, change, outcome) => {
  const attempt = observeBenign([sanitizer], { exit: 0, contains: 'ok' }, run(change));
  expect(attempt.outcome).toBe(outcome);
});
