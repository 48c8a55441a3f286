import { type Instant, toInstant } from '@breakwater/kernel';
import type { Lane } from './lane.ts';
import { fromsAt } from './spans.ts';

/** Leases of the next minute are fetched so long before it. */
const nextMs = 3_000;
/** Leases of a key that nobody asked for by it for so long go back. */
const idleMs = 10_000;

/**
 * Fetches leases of the next minute, gives back those of spans that are over and of idle keys, and
 * drops lanes that have nothing.
 */
export function tend(lanes: Map<string, Lane>, now: Instant): void {
  const soon = fromsAt(toInstant(new Date(Date.parse(now) + nextMs)));
  const idleBefore = performance.now() - idleMs;
  for (const [key, lane] of lanes) {
    const { purse } = lane;
    const { froms } = purse;
    if (purse.askedAtMs < idleBefore) {
      const slots = [...purse.slots.values()];
      const isUnused = purse.unused(slots).length === 0;
      if (!isUnused) lane.tidy(slots);
      else if (lane.isStill() && slots.every(({ pool }) => isUntouched(pool))) lanes.delete(key);
      continue;
    }
    const over = [...purse.slots.values()].filter(({ span, from }) => from < froms[span]);
    if (over.length > 0) lane.tidy(over);
    if (soon.minute > froms.minute && soon.minute > fromsAt(now).minute) lane.prepare(soon);
  }
}

function isUntouched({ used, held }: { readonly used: object; readonly held: object }): boolean {
  return [...Object.values(used), ...Object.values(held)].every((count) => count === 0);
}
