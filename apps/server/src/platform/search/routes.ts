import type { FoundKind } from '@breakwater/contract';
import { search as contract, type Found } from '@breakwater/contract';
import { ok } from '@breakwater/kernel';
import { type Route, route } from '../../route.ts';
import type { Actor } from '../commands/commands.ts';
import type { Search } from './search.ts';
import type { Match } from './word-index.ts';

/** What showing what was found asks of the slices; bound in slices/index.ts. */
export interface SearchNeeds {
  /** The kinds that whoever may call `permissions` may read elsewhere. */
  kindsFor(permissions: readonly string[]): readonly FoundKind[];
  /** Matches as their own pages show them to `actor`; what it may not see is left out. */
  describe(actor: Actor, matches: readonly Match[]): Promise<readonly Found[]>;
}

/** The one operation of the search. */
export function searchRoutes(search: Search, needs: SearchNeeds): readonly Route[] {
  return [
    route(contract.find, async ({ query, actor, permissions }) => {
      const wish = { text: query.q, limit: query.limit, kinds: needs.kindsFor(permissions) };
      const { matches, complete } = await search.find(actor, wish);
      return ok({ items: [...(await needs.describe(actor, matches))], complete });
    }),
  ];
}
