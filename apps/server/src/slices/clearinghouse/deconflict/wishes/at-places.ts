import type { Wishes } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import type { Target } from '@breakwater/scope';
import type { Services } from '../../../../services.ts';
import { isHeld } from './decide.ts';
import type { WishesNeeds } from './needs.ts';
import { statementsAt } from './store.ts';
import { wishesViews } from './views.ts';

/** Places somebody means to look at, and the parts of them that it leaves out. */
export interface PlacesLooked {
  readonly lineages: readonly string[];
  readonly ancestors: readonly string[];
  readonly except: readonly Pick<Target, 'lineage'>[];
}

/** More than anybody reads beside one answer. */
const shownMax = 20;

/** DCF-51: what the owners of these places wish now of whoever looks at them. */
export async function wishesAt(
  services: Services,
  needs: WishesNeeds,
  { places, now }: { readonly places: PlacesLooked; readonly now: Instant },
): Promise<Wishes[]> {
  const found = await services.database.read((r) => statementsAt(r, places));
  const held = found.filter(
    (row) =>
      isHeld(row, now) && !places.except.some((part) => row.lineage.startsWith(part.lineage)),
  );
  const once = [...new Map(held.map((row) => [row.id, row])).values()];
  return await wishesViews(services, needs, { rows: once.slice(0, shownMax), now });
}
