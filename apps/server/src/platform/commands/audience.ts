import type { Id } from '@breakwater/kernel';
import type { Actor } from './commands.ts';

/**
 * How much of a subject a party may see. Each level includes those below it.
 * summary: that it exists, its stage and verdicts · detail: reports, proofs, patches, messages ·
 * all: every participant and every reporter.
 */
export const levels = { summary: 1, detail: 2, all: 3 } as const;

/**
 * The level of content that is read through its own slice alone: above the highest there is, so that
 * no general door hands it out to anybody, and each read asks what stands now.
 */
export const sealed: number = levels.all + 1;

/** A party, or one of the two audiences that are not a single party. */
export type Principal = string;
export const everyone: Principal = 'public';
export const coordinators: Principal = 'coordinators';

export interface Grant {
  readonly principal: Principal;
  readonly level: number;
}

/** The principals `actor` reads as. */
export function principalsOf(actor: Actor | null): readonly Principal[] {
  return actor === null ? [everyone] : [actor.id, everyone, ...actor.principals];
}

/** Whether `actor` is of the audience that every case and finding has at `all`. */
export function seesAllWork(actor: Actor): boolean {
  return actor.principals.includes(coordinators);
}

/** The machine's own operator; reads no case. */
export const administrator: Actor = {
  id: 'administrator',
  role: 'administrator',
  principals: [],
};

/** Breakwater finishing its own work. */
export const system: Actor = { id: 'system', role: 'system', principals: [] };

/**
 * visible(subject, party, level) as a pure function over the audience of a subject: the highest
 * level any of the reader's principals has, 0 for none.
 */
export function visible(audience: readonly Grant[], principals: readonly Principal[]): number {
  let highest = 0;
  for (const grant of audience) {
    if (principals.includes(grant.principal)) highest = Math.max(highest, grant.level);
  }
  return highest;
}

/** An operation that parties alone may call is called by one. */
export function partyOf(actor: Actor): Id<'party'> {
  if (actor.id === 'administrator' || actor.id === 'system') throw new Error('expected a party');
  return actor.id;
}
