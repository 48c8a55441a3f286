import type { Id } from '@breakwater/kernel';
import type { Actor } from '../../../platform/commands/commands.ts';

/**
 * The level of content that is read through this slice alone: above the highest there is, so that
 * no general door hands it out to anybody.
 */
export const sealed = 4;

/** An operation that parties alone may call is called by one. */
export function partyOf(actor: Actor): Id<'party'> {
  if (actor.id === 'administrator' || actor.id === 'system') throw new Error('expected a party');
  return actor.id;
}
