import { expect, test } from 'vitest';
import { scoreAnswer } from './answer.ts';
import type { AnswerScorer } from './task.ts';

const accept = ['bw{0Aé}', 'second'];
const exact: AnswerScorer = { kind: 'answer', accept, caseSensitive: true };
const lax: AnswerScorer = { ...exact, caseSensitive: false };

test.each([
  [exact, 'bw{0Aé}', 1, 'accepted'],
  [exact, '  bw{0Aé}\r\n', 1, 'accepted'],
  [exact, 'bw{0Ae\u0301}', 1, 'accepted'],
  [exact, 'second', 1, 'accepted'],
  [exact, 'bw{0aé}', 0, 'not-accepted'],
  [exact, 'the token is bw{0Aé}', 0, 'not-accepted'],
  [exact, 'bw{0Aé} second', 0, 'not-accepted'],
  [exact, ' \n', 0, 'nothing-submitted'],
  [exact, 'x'.repeat(10_001), 0, 'too-long'],
  [lax, 'BW{0aÉ}', 1, 'accepted'],
  [lax, 'SECONDS', 0, 'not-accepted'],
])('%j: %j is worth %d', (scorer, submission, score, reason) => {
  expect(scoreAnswer(scorer, submission)).toEqual({ score, reason });
});
