import type { Operation } from '@breakwater/contract';
import { collect, coordinate, directory, distribute, owner, validate } from '@breakwater/contract';
import type { Me } from '../slices/session/me.ts';
import { pathOf } from './paths.ts';

export interface Way {
  readonly label: string;
  readonly href: string;
  /** Two strokes that lead there: `g c`. */
  readonly keys: string;
  /** Shown to whoever may call this; null: to everybody. */
  readonly needs: Operation | null;
  /** The roles it belongs to the daily work of; null: all. */
  readonly roles: readonly string[] | null;
}

const ways: readonly Way[] = [
  { label: 'Home', href: pathOf('home'), keys: 'g h', needs: null, roles: null },
  {
    label: 'Cases',
    href: pathOf('cases'),
    keys: 'g c',
    needs: coordinate.list,
    roles: ['coordinator', 'owner', 'finder'],
  },
  {
    label: 'Inbox',
    href: pathOf('inbox'),
    keys: 'g b',
    needs: owner.inbox,
    roles: ['owner'],
  },
  {
    label: 'Your findings',
    href: pathOf('findings'),
    keys: 'g f',
    needs: collect.listMine,
    roles: ['finder'],
  },
  {
    label: 'Hand in',
    href: pathOf('submit'),
    keys: 'g s',
    needs: collect.submit,
    roles: ['finder'],
  },
  {
    label: 'What to do',
    href: pathOf('notices'),
    keys: 'g n',
    needs: distribute.listNotices,
    roles: ['operator'],
  },
  {
    label: 'What you run',
    href: pathOf('inventories'),
    keys: 'g i',
    needs: distribute.listInventories,
    roles: ['operator'],
  },
  {
    label: 'Recipes',
    href: pathOf('recipes'),
    keys: 'g e',
    needs: validate.listRecipes,
    roles: ['coordinator'],
  },
  {
    label: 'People',
    href: pathOf('people'),
    keys: 'g p',
    needs: directory.listParties,
    roles: ['coordinator'],
  },
  {
    label: 'Advisories',
    href: pathOf('advisories'),
    keys: 'g a',
    needs: null,
    roles: null,
  },
  { label: 'Record', href: pathOf('record'), keys: 'g r', needs: null, roles: null },
];

/** Where `me` can go from anywhere: by what may be called, never more. */
export function waysOf(me: Me): readonly Way[] {
  return ways.filter(
    ({ needs, roles }) =>
      (needs === null || me.permissions.includes(needs.id)) &&
      (roles === null || roles.includes(me.party.role)),
  );
}
