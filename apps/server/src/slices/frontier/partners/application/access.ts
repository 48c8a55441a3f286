import type { PartnerSide } from '@breakwater/contract';
import { bytesToHex, type Refusal, refuse } from '@breakwater/kernel';
import { hashOf } from '../../../../platform/directory/secret.ts';
import { linkNotValid } from '../../../../platform/directory/sign-in-routes.ts';
import { notSeen } from '../../../../platform/policy/not-seen.ts';
import { type Caller, isGovernment, sideOf } from '../sides.ts';
import type { ApplicationRow, Seen } from './store.ts';

/** How somebody comes to an application. */
export type As = PartnerSide | 'applicant' | 'helper';

/** Whoever holds the link speaks for the applicant, whoever else it is. */
export function asOf(row: ApplicationRow, caller: Caller, token: string | undefined): As | null {
  if (token !== undefined) return opens(row, token) ? 'applicant' : null;
  if (caller.anonymous) return null;
  if (caller.actor.id === row.applicant) return 'applicant';
  if (caller.actor.id === row.helper) return 'helper';
  return sideOf(caller, row.developer);
}

/** Whether a link's token is that of this application. */
export function opens(row: Pick<ApplicationRow, 'link_hash'>, token: string): boolean {
  return bytesToHex(new Uint8Array(row.link_hash)) === bytesToHex(new Uint8Array(hashOf(token)));
}

/** Which applications a caller sees. */
export function seenOf(caller: Caller): Seen {
  return { party: caller.actor.id, all: isGovernment(caller) };
}

/** To whom it is not, it is not there; a link that opens nothing is told alike for all of them. */
export function notThere(
  token: string | undefined,
  what = 'an application',
): { readonly ok: false; readonly refusal: Refusal } {
  return refuse(token === undefined ? notSeen(what) : linkNotValid);
}
