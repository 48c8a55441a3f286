import type { Card } from '@breakwater/contract';
import type { Match } from '@breakwater/exposure';
import { installedName } from './match-words.ts';

export type Step = Card['steps'][number];

/** Of what has a name that no command may carry. */
export function oddStep(match: Match): Step {
  const name = JSON.stringify(installedName(match));
  return {
    text: `Ask whoever made the inventory about ${name}: no package can have this name, so no command is given for it.`,
    command: null,
  };
}
