import { partners as contract, type PartnerSide } from '@breakwater/contract';
import type { Call } from '../../../route.ts';

/** Who calls, as far as sides go. */
export type Caller = Pick<Call<never>, 'actor' | 'member' | 'permissions' | 'anonymous'>;

/**
 * Whether the caller is of the Government's side: by what its role may do, not by its name, so that
 * a role of the installation's own can be it.
 */
export function isGovernment({ permissions, anonymous }: Caller): boolean {
  return !anonymous && permissions.includes(contract.publishCriteria.id);
}

/** The side of the caller towards what belongs to `developer`; null: neither. */
export function sideOf(caller: Caller, developer: string): PartnerSide | null {
  if (caller.anonymous || !caller.permissions.includes(contract.decide.id)) return null;
  if (caller.actor.id === developer) return 'developer';
  return isGovernment(caller) ? 'government' : null;
}

/** The person who acts, or the service that does; one that stands for itself where there is none. */
export function personOf({ member, actor }: Caller): string {
  return member ?? actor.id;
}
