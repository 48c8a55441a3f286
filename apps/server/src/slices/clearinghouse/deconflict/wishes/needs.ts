import type { Instant } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';

/** What wishes ask of other slices; bound in slices/index.ts. */
export interface WishesNeeds {
  /** How fast an owner takes cases in. */
  paceOf(reader: Reader, owner: string, at: Instant): Promise<OwnersPace>;
}

export interface OwnersPace {
  readonly capacityPerWeek: number | null;
  readonly paused: boolean;
  readonly pausedUntil: Instant | null;
}
