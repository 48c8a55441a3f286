import type { Attempt } from './observation.ts';
import { firedAs, isConclusive, type Reason } from './validation.ts';

export type PatchVerdict = 'verified' | 'refused' | 'inconclusive';

export type PatchReasonCode =
  | 'patch-does-not-apply'
  | 'patched-build-fails'
  | 'proof-still-fires'
  | 'proof-crashes-otherwise'
  | 'benign-misbehaves'
  | 'tests-fail'
  | 'fewer-tests-pass'
  | 'unpatched-build-fails'
  | 'no-proofs'
  | 'control-silent'
  | 'not-conclusive'
  | 'tests-fail-unpatched'
  | 'no-owner-tests'
  | 'all-held';

/** How an owner's test command ended, and how many lines said that a test passed. */
export interface TestRun {
  readonly outcome: 'passed' | 'failed' | 'cut-short' | 'errored';
  readonly passed: number;
  readonly reason: string;
}

/** One proof on both builds, run in the same session. */
export interface PatchCell {
  /** What the proof is called, for the reasons. */
  readonly proof: string;
  readonly expectedSignature?: string | undefined;
  readonly unpatched: readonly Attempt[];
  readonly patched: readonly Attempt[];
}

/** How far preparing the builds came. */
export type Preparation =
  | { readonly kind: 'built' }
  | {
      readonly kind: 'unpatched-build-fails' | 'patch-does-not-apply' | 'patched-build-fails';
      readonly detail: string;
    };

export interface PatchEvidence {
  readonly preparation: Preparation;
  readonly matrix: readonly PatchCell[];
  /** The benign input on the patched build. */
  readonly benign: readonly Attempt[];
  /** The owner's tests on both sources; null where the recipe has none. */
  readonly tests: { readonly unpatched: TestRun; readonly patched: TestRun } | null;
}

export interface PatchJudgement {
  readonly verdict: PatchVerdict;
  /** Every reason that carried the verdict: refusals, or else doubts, or else what held. */
  readonly reasons: readonly Reason<PatchReasonCode>[];
}

/**
 * Does the patch work? (product law 3: a patch is verified or it is only a proposal)
 *
 * Any crash of an old proof on the patched build refuses it, whatever its signature: a defect
 * that moved is not fixed. A proof that is silent on the unpatched build in the same session
 * proves nothing, and neither does a run that a limit cut short. Refusals outweigh doubts.
 */
export function judgePatch(evidence: PatchEvidence): PatchJudgement {
  const { preparation } = evidence;
  if (preparation.kind !== 'built') {
    const verdict = preparation.kind === 'unpatched-build-fails' ? 'inconclusive' : 'refused';
    return { verdict, reasons: [{ code: preparation.kind, text: preparation.detail }] };
  }
  const refusals = [
    ...evidence.matrix.flatMap(refusalsOfCell),
    ...refusalsOfBenign(evidence.benign),
    ...refusalsOfTests(evidence.tests),
  ];
  if (refusals.length > 0) return { verdict: 'refused', reasons: refusals };
  const doubts = [
    ...(evidence.matrix.length === 0
      ? [reason('no-proofs', 'there is no proof to run against the patch')]
      : []),
    ...evidence.matrix.flatMap(doubtsOfCell),
    ...doubtsOfAttempts('the benign input on the patched build', evidence.benign),
    ...doubtsOfTests(evidence.tests),
  ];
  if (doubts.length > 0) return { verdict: 'inconclusive', reasons: doubts };
  const proofs = evidence.matrix.length === 1 ? '1 proof' : `${evidence.matrix.length} proofs`;
  const passed = evidence.tests?.patched.passed ?? 0;
  const text = `${proofs} silenced by the patch and firing without it; ${passed} owner's tests pass`;
  return { verdict: 'verified', reasons: [reason('all-held', text)] };
}

function refusalsOfCell(cell: PatchCell): Reason<PatchReasonCode>[] {
  const fired = cell.patched.find((a) => a.outcome === 'fired');
  if (fired !== undefined) {
    return [reason('proof-still-fires', `${cell.proof} on the patched build: ${fired.reason}`)];
  }
  const crashed = cell.patched.find((a) => a.outcome === 'crashed');
  if (crashed === undefined) return [];
  const text = `${cell.proof} on the patched build: ${crashed.reason}`;
  return [reason('proof-crashes-otherwise', text)];
}

function doubtsOfCell(cell: PatchCell): Reason<PatchReasonCode>[] {
  const doubts = [
    ...doubtsOfAttempts(`${cell.proof} on the unpatched build`, cell.unpatched),
    ...doubtsOfAttempts(`${cell.proof} on the patched build`, cell.patched),
  ];
  // every run of the control must fire: a flaky proof cannot show that a patch silenced it
  const conclusive = cell.unpatched.filter(isConclusive);
  const fired = conclusive.filter((a) => firedAs(a, cell.expectedSignature)).length;
  if (conclusive.length > 0 && fired < conclusive.length) {
    const text = `${cell.proof} fires ${fired} of ${conclusive.length} times without the patch`;
    doubts.push(reason('control-silent', text));
  }
  return doubts;
}

function doubtsOfAttempts(what: string, attempts: readonly Attempt[]): Reason<PatchReasonCode>[] {
  if (attempts.length === 0) return [reason('not-conclusive', `${what} was not run`)];
  const cut = attempts.find((a) => !isConclusive(a));
  return cut === undefined ? [] : [reason('not-conclusive', `${what}: ${cut.reason}`)];
}

function refusalsOfBenign(benign: readonly Attempt[]): Reason<PatchReasonCode>[] {
  const bad = benign.find((a) => a.outcome === 'fired' || a.outcome === 'crashed');
  if (bad === undefined) return [];
  return [reason('benign-misbehaves', `the benign input on the patched build: ${bad.reason}`)];
}

function refusalsOfTests(tests: PatchEvidence['tests']): Reason<PatchReasonCode>[] {
  if (tests === null || tests.unpatched.outcome !== 'passed') return [];
  const { unpatched, patched } = tests;
  if (patched.outcome === 'failed') {
    return [reason('tests-fail', `the owner's tests on the patched source: ${patched.reason}`)];
  }
  if (patched.outcome !== 'passed' || patched.passed >= unpatched.passed) return [];
  const text = `${patched.passed} tests pass with the patch, ${unpatched.passed} without it`;
  return [reason('fewer-tests-pass', text)];
}

function doubtsOfTests(tests: PatchEvidence['tests']): Reason<PatchReasonCode>[] {
  if (tests === null) return [reason('no-owner-tests', "the recipe names no owner's tests")];
  const { unpatched, patched } = tests;
  if (unpatched.outcome !== 'passed' || unpatched.passed === 0) {
    const text = `the owner's tests do not pass without the patch: ${unpatched.reason}`;
    return [reason('tests-fail-unpatched', text)];
  }
  if (patched.outcome === 'passed') return [];
  return [reason('not-conclusive', `the owner's tests on the patched source: ${patched.reason}`)];
}

function reason<C extends PatchReasonCode>(code: C, text: string): Reason<C> {
  return { code, text };
}
