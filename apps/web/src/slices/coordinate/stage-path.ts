import type { Stage } from '@breakwater/contract';
import type { Tone } from '../../ui/badge.tsx';
import type { PathStep } from '../../ui/path.tsx';

/** The way of every case; `merged` leaves it for another case. */
const way = [
  ['received', 'Received'],
  ['reproduced', 'Reproduced'],
  ['with-owner', 'With the owner'],
  ['patch-proposed', 'Patch proposed'],
  ['patch-verified', 'Patch verified'],
  ['published', 'Published'],
] as const satisfies readonly (readonly [Exclude<Stage, 'merged'>, string])[];

/** The steps of a case at `stage`. */
export function pathOf(stage: Stage): PathStep[] {
  const here = way.findIndex(([name]) => name === stage);
  return way.map(([, label], at) => ({
    label,
    state: at < here ? 'past' : at === here ? 'here' : 'ahead',
  }));
}

/** `stage` in words. */
export function stageWords(stage: Stage): string {
  return way.find(([name]) => name === stage)?.[1] ?? 'Merged';
}

/** The color that repeats the word: what holds is `held`, what moves is `sea`. */
export function stageTone(stage: Stage): Tone {
  if (stage === 'patch-verified' || stage === 'published') return 'held';
  return stage === 'received' || stage === 'merged' ? 'plain' : 'sea';
}
