import type { Found } from '@breakwater/contract';
import { pathOf, pathTo } from './paths.ts';

/** What was found, in a word. */
export const kindWords = {
  case: 'Case',
  finding: 'Finding',
  message: 'Message',
  advisory: 'Advisory',
  recipe: 'Recipe',
  inventory: 'Inventory',
  notice: 'Card',
} as const satisfies Record<Found['kind'], string>;

/** The page on which `found` stands. */
export function hrefOfFound(found: Pick<Found, 'kind' | 'id' | 'case'>): string {
  switch (found.kind) {
    case 'case':
      return pathTo('case', { case: found.id });
    case 'message':
      return found.case === null
        ? pathOf('cases')
        : `${pathTo('case', { case: found.case })}#messages`;
    case 'finding':
      return found.case === null
        ? pathOf('findings')
        : `${pathTo('case', { case: found.case })}#${found.id}`;
    case 'advisory':
      return pathTo('advisory', { advisory: found.id });
    case 'recipe':
      return pathOf('recipes');
    case 'inventory':
      return pathOf('inventories');
    case 'notice':
      return pathTo('notice', { notice: found.id });
  }
}
