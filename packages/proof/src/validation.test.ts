import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wilson } from './interval.ts';
import type { Attempt, Outcome } from './observation.ts';
import { judgeUnbuilt, judgeValidation } from './validation.ts';

const letters: Record<string, Outcome> = {
  F: 'fired',
  C: 'crashed',
  q: 'quiet',
  t: 'cut-short',
  e: 'errored',
};

/** `FFq` as attempts; a fired or crashed one carries the signature `at parse`. */
function attempts(text: string, signature = 'at parse'): Attempt[] {
  return text.split('').map((letter) => {
    const outcome = letters[letter] ?? 'errored';
    const dead = outcome === 'fired' || outcome === 'crashed';
    return { outcome, signature: dead ? signature : null, reason: outcome };
  });
}

describe('the verdict on a proof', () => {
  test.each([
    // vulnerable, control, benign, verdict, k, n, first reason
    ['FFFFF', 'qqq', 'q', 'reproduced', 5, 5, 'fired-every-time'],
    ['FFF', 'qqq', 'q', 'reproduced', 3, 3, 'fired-every-time'],
    ['FFFqF', 'qqq', 'q', 'flaky', 4, 5, 'fired-sometimes'],
    ['qqFqq', 'qqq', 'q', 'flaky', 1, 5, 'fired-sometimes'],
    ['FFFFt', 'qqq', 'q', 'reproduced', 4, 4, 'fired-every-time'],
    ['qqqqq', 'qqq', 'q', 'not-reproduced', 0, 5, 'never-fired'],
    ['CCCCC', 'qqq', 'q', 'inconclusive', 0, 5, 'another-crash'],
    ['FFttt', 'qqq', 'q', 'inconclusive', 2, 2, 'too-few-conclusive'],
    ['ttttt', 'qqq', 'q', 'inconclusive', 0, 0, 'too-few-conclusive'],
    ['FFFFF', 'qFq', 'q', 'inconclusive', 5, 5, 'fired-on-control'],
    ['FFFFF', 'qCq', 'q', 'inconclusive', 5, 5, 'crashed-on-control'],
    ['FFFFF', 'qtq', 'q', 'inconclusive', 5, 5, 'control-not-conclusive'],
    ['FFFFF', '', 'q', 'inconclusive', 5, 5, 'control-not-conclusive'],
    ['FFFFF', 'qqq', 'F', 'inconclusive', 5, 5, 'benign-misbehaves'],
    ['FFFFF', 'qqq', 'C', 'inconclusive', 5, 5, 'benign-misbehaves'],
    ['FFFFF', 'qqq', 't', 'inconclusive', 5, 5, 'benign-not-conclusive'],
    ['FFFFF', 'qqq', '', 'inconclusive', 5, 5, 'benign-not-conclusive'],
    ['eeeee', 'qqq', 'q', 'errored', 0, 0, 'could-not-run'],
    ['', 'qqq', 'q', 'errored', 0, 0, 'could-not-run'],
  ])(
    '%s | control %s | benign %s is %s %i/%i',
    (vulnerable, control, benign, verdict, k, n, why) => {
      const judgement = judgeValidation({
        attempts: attempts(vulnerable),
        control: attempts(control),
        benign: attempts(benign),
      });
      expect({
        verdict: judgement.verdict,
        k: judgement.reproduced.k,
        n: judgement.reproduced.n,
        why: judgement.reasons[0]?.code,
      }).toEqual({ verdict, k, n, why });
    },
  );

  test('a crash elsewhere is not the crash that was claimed', () => {
    const judgement = judgeValidation({
      attempts: attempts('FFFFF', 'at print'),
      control: attempts('qqq'),
      benign: attempts('q'),
      expectedSignature: 'at parse',
    });
    expect(judgement).toEqual({
      verdict: 'inconclusive',
      reproduced: wilson(0, 5),
      reasons: [{ code: 'another-crash', text: 'fired, not at parse' }],
      signatures: ['at print'],
    });
  });

  test('crashes in different places are said so', () => {
    const judgement = judgeValidation({
      attempts: [...attempts('FFF', 'at parse'), ...attempts('FF', 'at print')],
      control: attempts('q'),
      benign: attempts('q'),
    });
    expect(judgement.verdict).toBe('reproduced');
    expect(judgement.reasons).toEqual([
      { code: 'fired-every-time', text: 'fired 5 of 5 times' },
      { code: 'several-signatures', text: 'the crashes differ: at parse; at print' },
    ]);
  });

  test('a build that failed is an error, not a verdict on the proof', () => {
    expect(judgeUnbuilt('no compiler')).toEqual({
      verdict: 'errored',
      reproduced: { k: 0, n: 0, low: 0, high: 1 },
      reasons: [{ code: 'could-not-build', text: 'no compiler' }],
      signatures: [],
    });
  });
});

describe('the interval', () => {
  // Wilson 95 % bounds as R's binom::binom.wilson gives them, rounded outwards
  test.each([
    [5, 5, 0.5655, 1],
    [0, 5, 0, 0.4345],
    [4, 5, 0.3755, 0.9638],
    [3, 3, 0.4385, 1],
    [50, 100, 0.4038, 0.5962],
    [0, 0, 0, 1],
  ])('%i of %i lies in [%d, %d]', (k, n, low, high) => {
    expect(wilson(k, n)).toEqual({ k, n, low, high });
  });

  test('contains k/n and shrinks as n grows', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (a, b) => {
        const n = Math.max(a, b, 1);
        const k = Math.min(a, b);
        const once = wilson(k, n);
        const tenfold = wilson(10 * k, 10 * n);
        expect(once.low).toBeLessThanOrEqual(k / n);
        expect(once.high).toBeGreaterThanOrEqual(k / n);
        expect(tenfold.high - tenfold.low).toBeLessThan(once.high - once.low);
      }),
    );
  });
});
