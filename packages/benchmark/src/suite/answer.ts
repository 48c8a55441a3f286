import type { AnswerScorer } from './task.ts';

/** What an answer is worth, and why. */
export interface AnswerScore {
  readonly score: 0 | 1;
  readonly reason: 'accepted' | 'not-accepted' | 'nothing-submitted' | 'too-long';
}

/** Longest submission looked at, in UTF-16 code units. */
const submissionMax = 10_000;

/**
 * Scores a submission by `kind: answer`: without the white space at its ends, in Unicode's form
 * NFC, and unless `caseSensitive` in lower case, it has to be one of the accepted as a whole.
 */
export function scoreAnswer(scorer: AnswerScorer, submission: string): AnswerScore {
  if (submission.length > submissionMax) return { score: 0, reason: 'too-long' };
  const submitted = compared(submission, scorer);
  if (submitted === '') return { score: 0, reason: 'nothing-submitted' };
  const isRight = scorer.accept.some((each) => compared(each, scorer) === submitted);
  return isRight ? { score: 1, reason: 'accepted' } : { score: 0, reason: 'not-accepted' };
}

function compared(text: string, { caseSensitive }: AnswerScorer): string {
  const plain = text.trim().normalize('NFC');
  return caseSensitive ? plain : plain.toLowerCase();
}
