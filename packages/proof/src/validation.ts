import { type Share, wilson } from './interval.ts';
import type { Attempt } from './observation.ts';

/** Attempts on the vulnerable build that must have ended conclusively before a verdict. */
export const conclusiveAttemptsMin = 3;

export type ValidationVerdict =
  | 'reproduced'
  | 'not-reproduced'
  | 'flaky'
  | 'inconclusive'
  | 'errored';

export type ValidationReasonCode =
  | 'fired-every-time'
  | 'fired-sometimes'
  | 'never-fired'
  | 'fired-on-control'
  | 'crashed-on-control'
  | 'control-not-conclusive'
  | 'benign-misbehaves'
  | 'benign-not-conclusive'
  | 'another-crash'
  | 'several-signatures'
  | 'too-few-conclusive'
  | 'could-not-build'
  | 'could-not-run';

/** One reason of a verdict: a stable code and a phrase for a person. */
export interface Reason<C extends string = string> {
  readonly code: C;
  readonly text: string;
}

export interface ValidationEvidence {
  /** The proof on the vulnerable build. */
  readonly attempts: readonly Attempt[];
  /** The proof on the control build, where the defect is absent. */
  readonly control: readonly Attempt[];
  /** The benign input on the vulnerable build. */
  readonly benign: readonly Attempt[];
  /** The crash the report claims; only this one counts as reproduced. */
  readonly expectedSignature?: string | undefined;
}

export interface ValidationJudgement {
  readonly verdict: ValidationVerdict;
  /** Attempts that fired as expected, of those that ended conclusively; 95 % Wilson interval. */
  readonly reproduced: Share;
  readonly reasons: readonly Reason<ValidationReasonCode>[];
  /** Distinct signatures seen on the vulnerable build, most frequent first. */
  readonly signatures: readonly string[];
}

/**
 * Does the proof of concept work? (product law 2)
 *
 * Only a proof that fired in every conclusive attempt, with a silent control and a benign input
 * that behaves, is `reproduced`. What a limit or the host cut short never counts either way.
 */
export function judgeValidation(evidence: ValidationEvidence): ValidationJudgement {
  const { attempts, expectedSignature } = evidence;
  const conclusive = attempts.filter(isConclusive);
  const asExpected = conclusive.filter((a) => firedAs(a, expectedSignature));
  const reproduced = wilson(asExpected.length, conclusive.length);
  const signatures = signaturesOf(attempts);
  const say = (verdict: ValidationVerdict, reasons: readonly Reason<ValidationReasonCode>[]) => ({
    verdict,
    reproduced,
    reasons,
    signatures,
  });
  const errors = attempts.filter((a) => a.outcome === 'errored');
  if (attempts.length === 0 || errors.length === attempts.length) {
    return say('errored', [reason('could-not-run', errors[0]?.reason ?? 'no attempt was made')]);
  }
  const doubts = doubtsOf(evidence, conclusive.length);
  if (doubts.length > 0) return say('inconclusive', doubts);

  const { k, n } = reproduced;
  const several =
    signatures.length > 1
      ? [reason('several-signatures', `the crashes differ: ${signatures.join('; ')}`)]
      : [];
  if (k === n) {
    return say('reproduced', [reason('fired-every-time', `fired ${k} of ${n} times`), ...several]);
  }
  if (k > 0)
    return say('flaky', [reason('fired-sometimes', `fired ${k} of ${n} times`), ...several]);
  const other = conclusive.find((a) => a.outcome !== 'quiet');
  if (other !== undefined) {
    const expected = expectedSignature === undefined ? '' : `, not ${expectedSignature}`;
    return say('inconclusive', [reason('another-crash', `${other.reason}${expected}`), ...several]);
  }
  return say('not-reproduced', [reason('never-fired', `fired 0 of ${n} times`)]);
}

/** The verdict when a build failed, so that nothing could be attempted. */
export function judgeUnbuilt(detail: string): ValidationJudgement {
  return {
    verdict: 'errored',
    reproduced: wilson(0, 0),
    reasons: [reason('could-not-build', detail)],
    signatures: [],
  };
}

/** Whether the attempt ended by itself, so that it says something about the proof. */
export function isConclusive(attempt: Attempt): boolean {
  return attempt.outcome !== 'cut-short' && attempt.outcome !== 'errored';
}

/** Whether it fired, with the expected signature where one is expected. */
export function firedAs(attempt: Attempt, expectedSignature: string | undefined): boolean {
  if (attempt.outcome !== 'fired') return false;
  return expectedSignature === undefined || attempt.signature === expectedSignature;
}

function doubtsOf(evidence: ValidationEvidence, conclusive: number) {
  const doubts: Reason<ValidationReasonCode>[] = [];
  const onControl = evidence.control.find((a) => a.outcome === 'fired');
  const crashOnControl = evidence.control.find((a) => a.outcome === 'crashed');
  if (onControl !== undefined) {
    doubts.push(reason('fired-on-control', `the control build fires too: ${onControl.reason}`));
  } else if (crashOnControl !== undefined) {
    const text = `the control build crashes: ${crashOnControl.reason}`;
    doubts.push(reason('crashed-on-control', text));
  } else if (!settled(evidence.control)) {
    doubts.push(reason('control-not-conclusive', unsettled('the control', evidence.control)));
  }
  const misbehaving = evidence.benign.find((a) => a.outcome === 'fired' || a.outcome === 'crashed');
  if (misbehaving !== undefined) {
    doubts.push(reason('benign-misbehaves', `the benign input ${misbehaving.reason}`));
  } else if (!settled(evidence.benign)) {
    doubts.push(reason('benign-not-conclusive', unsettled('the benign input', evidence.benign)));
  }
  if (conclusive < conclusiveAttemptsMin) {
    const text = `${conclusive} of ${evidence.attempts.length} attempts ended by themselves, ${conclusiveAttemptsMin} are needed`;
    doubts.push(reason('too-few-conclusive', text));
  }
  return doubts;
}

function settled(attempts: readonly Attempt[]): boolean {
  return attempts.length > 0 && attempts.every(isConclusive);
}

function unsettled(what: string, attempts: readonly Attempt[]): string {
  const cut = attempts.find((a) => !isConclusive(a));
  return cut === undefined ? `${what} was not run` : `${what}: ${cut.reason}`;
}

function signaturesOf(attempts: readonly Attempt[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { signature } of attempts) {
    if (signature !== null) counts.set(signature, (counts.get(signature) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([signature]) => signature);
}

function reason<C extends ValidationReasonCode>(code: C, text: string): Reason<C> {
  return { code, text };
}
