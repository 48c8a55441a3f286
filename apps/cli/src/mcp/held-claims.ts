import { type Client, claims } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { endWords } from '../api/claim/hold.ts';
import { here } from '../api/claim/moments.ts';

/** A claim that an agent worked under and that is gone. */
export interface LostClaim {
  readonly claim: Id<'claim'>;
  readonly state: string;
  readonly why: string;
  readonly todo: string;
}

/** The claims an agent works under in this session, so that it learns with every call what became of them. */
export interface HeldClaims {
  /** The agent took it, or works under it. */
  took(claim: Id<'claim'>): void;
  /** The agent itself gave it back: nothing to tell. */
  gaveBack(claim: Id<'claim'>): void;
  /** Those that are gone. Asked of the server each time, since an owner may press stop at any moment. */
  lost(): Promise<readonly LostClaim[]>;
}

/** As many as are asked for with one call. */
const claimsMax = 50;

/** Watches what an agent holds. */
export function watchHeld(client: Client): HeldClaims {
  const held = new Set<Id<'claim'>>();
  const gone = new Map<Id<'claim'>, LostClaim>();
  return {
    took(claim) {
      if (held.size < claimsMax) held.add(claim);
    },
    gaveBack(claim) {
      held.delete(claim);
      gone.delete(claim);
    },
    async lost() {
      const live = [...held].filter((claim) => !gone.has(claim));
      const asked = live.map(async (id) => {
        // No answer is no end: the next call asks again.
        const claim = await client.call(claims.get, { params: { claim: id } }).catch(() => null);
        if (claim === null || claim.state === 'live' || claim.state === 'ahead') return;
        gone.set(id, { claim: id, state: claim.state, why: endWords(claim, here()), todo });
      });
      await Promise.all(asked);
      return [...gone.values()].filter(({ claim }) => held.has(claim));
    },
  };
}

const todo =
  'stop all work on it now; what you found may be handed in; claim again before you go on';
