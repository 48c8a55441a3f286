import type { OwnFinding, standings } from '@breakwater/contract';
import type { Tone } from '../../ui/badge.tsx';

/** What a finder is told when it hands something in. */
export const standingWords = {
  new: 'New',
  joined: 'Known already',
  'known-fixed': 'Known and fixed',
  suppressed: 'Suppressed by its tool',
  waiting: 'In, told later',
} as const satisfies Record<(typeof standings)[number], string>;

/** What the sandbox said of a proof, in words a finder can act on. */
export function verdictWords(verdict: OwnFinding['verdict']): string {
  if (verdict === null) return 'Not run';
  return verdict.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
}

export function verdictTone(verdict: OwnFinding['verdict']): Tone {
  if (verdict === null) return 'plain';
  return verdict === 'reproduced' ? 'held' : 'warn';
}
