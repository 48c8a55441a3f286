import { expect, test } from 'vitest';
import type { Attempt, Outcome } from './observation.ts';
import { judgePatch, type PatchEvidence, type TestRun } from './patch.ts';

const attempt = (outcome: Outcome, signature: string | null = null): Attempt => ({
  outcome,
  signature,
  reason: outcome,
});
const passes = (passed: number): TestRun => ({ outcome: 'passed', passed, reason: 'exit 0' });
const run = (outcome: TestRun['outcome'], passed = 0): TestRun => ({
  outcome,
  passed,
  reason: outcome,
});

const good: PatchEvidence = {
  preparation: { kind: 'built' },
  matrix: [
    {
      proof: 'proof 1',
      unpatched: [attempt('fired', 'at parse'), attempt('fired', 'at parse')],
      patched: [attempt('quiet'), attempt('quiet')],
    },
  ],
  benign: [attempt('quiet')],
  tests: { unpatched: passes(10), patched: passes(10) },
};
const cell = (unpatched: readonly Attempt[], patched: readonly Attempt[]) => ({
  matrix: [...good.matrix, { proof: 'proof 2', unpatched, patched }],
});
const fired = attempt('fired', 'at parse');
const quiet = attempt('quiet');

test.each<[string, Partial<PatchEvidence>, string, string[]]>([
  ['everything holds', {}, 'verified', ['all-held']],
  [
    'more tests pass than before',
    { tests: { unpatched: passes(10), patched: passes(12) } },
    'verified',
    ['all-held'],
  ],
  [
    'the patch does not apply',
    { preparation: { kind: 'patch-does-not-apply', detail: 'hunk 1' } },
    'refused',
    ['patch-does-not-apply'],
  ],
  [
    'the patched source does not build',
    { preparation: { kind: 'patched-build-fails', detail: 'gcc' } },
    'refused',
    ['patched-build-fails'],
  ],
  [
    'the unpatched source does not build',
    { preparation: { kind: 'unpatched-build-fails', detail: 'gcc' } },
    'inconclusive',
    ['unpatched-build-fails'],
  ],
  ['one of two proofs still fires', cell([fired], [fired]), 'refused', ['proof-still-fires']],
  [
    'it still fires once in five times',
    cell([fired], [quiet, quiet, fired, quiet, quiet]),
    'refused',
    ['proof-still-fires'],
  ],
  [
    'it fires with another signature',
    cell([fired], [attempt('fired', 'at print')]),
    'refused',
    ['proof-still-fires'],
  ],
  [
    'it dies in another way',
    cell([fired], [attempt('crashed', 'SIGABRT')]),
    'refused',
    ['proof-crashes-otherwise'],
  ],
  ['the control is silent', cell([quiet], [quiet]), 'inconclusive', ['control-silent']],
  [
    'the control fires half of the time',
    cell([fired, quiet], [quiet]),
    'inconclusive',
    ['control-silent'],
  ],
  [
    'the patched run hangs',
    cell([fired], [attempt('cut-short')]),
    'inconclusive',
    ['not-conclusive'],
  ],
  [
    'the patched run could not start',
    cell([fired], [attempt('errored')]),
    'inconclusive',
    ['not-conclusive'],
  ],
  ['the patched build was not tried', cell([fired], []), 'inconclusive', ['not-conclusive']],
  ['the benign input breaks', { benign: [attempt('crashed')] }, 'refused', ['benign-misbehaves']],
  ['the benign input was not run', { benign: [] }, 'inconclusive', ['not-conclusive']],
  [
    'a test fails',
    { tests: { unpatched: passes(10), patched: run('failed', 9) } },
    'refused',
    ['tests-fail'],
  ],
  [
    'a test vanished',
    { tests: { unpatched: passes(10), patched: passes(9) } },
    'refused',
    ['fewer-tests-pass'],
  ],
  [
    'the tests were broken before',
    { tests: { unpatched: run('failed'), patched: run('failed') } },
    'inconclusive',
    ['tests-fail-unpatched'],
  ],
  [
    'the tests prove nothing',
    { tests: { unpatched: passes(0), patched: passes(0) } },
    'inconclusive',
    ['tests-fail-unpatched'],
  ],
  [
    'the tests hang with the patch',
    { tests: { unpatched: passes(10), patched: run('cut-short') } },
    'inconclusive',
    ['not-conclusive'],
  ],
  ['there are no tests', { tests: null }, 'inconclusive', ['no-owner-tests']],
  ['there is no proof', { matrix: [] }, 'inconclusive', ['no-proofs']],
  [
    'it fires and a test fails',
    { ...cell([fired], [fired]), tests: { unpatched: passes(10), patched: run('failed') } },
    'refused',
    ['proof-still-fires', 'tests-fail'],
  ],
  [
    'a refusal outweighs a doubt',
    { ...cell([quiet], [quiet]), benign: [attempt('fired')] },
    'refused',
    ['benign-misbehaves'],
  ],
])('%s', (_, change, verdict, codes) => {
  const judgement = judgePatch({ ...good, ...change });
  expect({ verdict: judgement.verdict, codes: judgement.reasons.map((r) => r.code) }).toEqual({
    verdict,
    codes,
  });
});

test('a control that fires with another signature than the claimed one proves nothing', () => {
  const [first] = good.matrix;
  if (first === undefined) throw new Error('the good evidence has a proof');
  const matrix = [{ ...first, expectedSignature: 'at print' }];
  expect(judgePatch({ ...good, matrix })).toEqual({
    verdict: 'inconclusive',
    reasons: [{ code: 'control-silent', text: 'proof 1 fires 0 of 2 times without the patch' }],
  });
});
