import type { Me } from '@breakwater/contract';
import { pathOf } from './paths.ts';

export interface Way {
  readonly label: string;
  readonly href: string;
  /** Two strokes that lead there: `g c`. */
  readonly keys: string;
  /** Shown to whoever may call the operation with this id; null: to everybody. */
  readonly needs: string | null;
  /** The roles it belongs to the daily work of; null: all. */
  readonly roles: readonly string[] | null;
  /** Other addresses at which one is there as well. */
  readonly also?: readonly string[];
}

/** The way whose page is also the first page of a role (routes.ts); it is named once, by its own name. */
const firstPages: Readonly<Record<string, string>> = {
  coordinator: pathOf('home'),
  owner: pathOf('inbox'),
  finder: pathOf('findings'),
  operator: pathOf('notices'),
  evaluator: pathOf('suites'),
  developer: pathOf('engagements'),
  liaison: pathOf('engagements'),
  official: pathOf('files'),
};

/** By ids of operations: the operations themselves come with the pages that call them. */
export const ways: readonly Way[] = [
  { label: 'Home', href: pathOf('home'), keys: 'g h', needs: null, roles: null },
  {
    label: 'Cases',
    href: pathOf('cases'),
    keys: 'g c',
    needs: 'coordinate.list',
    roles: ['coordinator', 'owner', 'finder'],
  },
  {
    label: 'Inbox',
    href: pathOf('inbox'),
    keys: 'g b',
    needs: 'coordinate.inbox',
    roles: ['owner'],
    also: [pathOf('pace')],
  },
  {
    label: 'Your findings',
    href: pathOf('findings'),
    keys: 'g f',
    needs: 'collect.list-mine',
    roles: ['finder'],
  },
  {
    label: 'Hand in',
    href: pathOf('submit'),
    keys: 'g s',
    needs: 'collect.submit',
    roles: ['finder'],
  },
  {
    label: 'Your claims',
    href: pathOf('claims'),
    keys: 'g l',
    needs: 'deconflict.list-claims',
    roles: ['finder'],
  },
  {
    label: 'Your targets',
    href: pathOf('targets'),
    keys: 'g t',
    needs: 'deconflict.open-control',
    roles: ['owner', 'operator'],
  },
  {
    label: 'Conflicts',
    href: pathOf('conflicts'),
    keys: 'g x',
    needs: 'deconflict.watch-claims',
    roles: ['coordinator'],
  },
  {
    label: 'Coverage',
    href: pathOf('coverage'),
    keys: 'g v',
    needs: 'deconflict.map',
    roles: ['finder', 'owner', 'coordinator'],
  },
  {
    label: 'Pre-check',
    href: pathOf('precheck'),
    keys: 'g k',
    needs: 'deconflict.knocks',
    roles: ['finder', 'owner'],
  },
  {
    label: 'What to do',
    href: pathOf('notices'),
    keys: 'g n',
    needs: 'distribute.list-notices',
    roles: ['operator'],
  },
  {
    label: 'What you run',
    href: pathOf('inventories'),
    keys: 'g i',
    needs: 'distribute.list-inventories',
    roles: ['operator'],
  },
  {
    label: 'Recipes',
    href: pathOf('recipes'),
    keys: 'g e',
    needs: 'validate.list-recipes',
    roles: ['coordinator'],
  },
  {
    label: 'People',
    href: pathOf('people'),
    keys: 'g p',
    needs: 'directory.list-parties',
    roles: ['coordinator'],
  },
  {
    label: 'Suites',
    href: pathOf('suites'),
    keys: 'g u',
    needs: 'benchmark.suites',
    roles: ['evaluator'],
    also: ['/items'],
  },
  {
    label: 'Runs',
    href: pathOf('runs'),
    keys: 'g w',
    needs: 'benchmark.runs',
    roles: ['evaluator'],
    also: ['/samples'],
  },
  {
    label: 'Engagements',
    href: pathOf('engagements'),
    keys: 'g o',
    needs: 'engage.list',
    roles: ['developer', 'liaison', 'official', 'evaluator'],
    also: ['/windows'],
  },
  {
    label: 'Files',
    href: pathOf('files'),
    keys: 'g d',
    needs: 'designate.files',
    roles: ['official', 'liaison', 'evaluator'],
    also: [pathOf('rules')],
  },
  {
    label: 'Your access',
    href: pathOf('access'),
    keys: 'g y',
    needs: 'early-access.grants',
    roles: ['liaison', 'official', 'evaluator'],
  },
  {
    label: 'Applications',
    href: pathOf('applications'),
    keys: 'g j',
    needs: 'partners.applications',
    roles: ['liaison', 'developer'],
  },
  {
    label: 'Partners',
    href: pathOf('partners'),
    keys: 'g q',
    needs: null,
    roles: ['operator', 'liaison', 'developer'],
  },
  {
    label: 'Gateway',
    href: pathOf('gateway'),
    keys: 'g g',
    needs: 'gateway.allotments',
    roles: ['developer'],
    // One key and one request have the same address for both sides.
    also: [pathOf('gatewayKeys'), '/requests'],
  },
  {
    label: 'Keys to models',
    href: pathOf('gatewayKeys'),
    keys: 'g z',
    needs: 'gateway.offers',
    roles: ['operator', 'evaluator', 'official', 'liaison'],
    also: ['/requests'],
  },
  {
    label: 'Advisories',
    href: pathOf('advisories'),
    keys: 'g a',
    needs: null,
    roles: null,
  },
  {
    label: 'Benchmark',
    href: pathOf('benchmark'),
    keys: 'g m',
    needs: null,
    roles: ['evaluator', 'auditor', 'coordinator'],
  },
  { label: 'Record', href: pathOf('record'), keys: 'g r', needs: null, roles: null },
];

/** Where `me` can go from anywhere, the first page first: by what may be called, never more. */
export function waysOf(me: Me): readonly Way[] {
  const home = pathOf('home');
  const first = firstPages[me.party.role] ?? pathOf('record');
  return ways
    .filter(
      ({ href, needs, roles }) =>
        (href !== home || first === home) &&
        (needs === null || me.permissions.includes(needs)) &&
        (roles === null || roles.includes(me.party.role)),
    )
    .toSorted((a, b) => Number(b.href === first) - Number(a.href === first))
    .map((way) => (way.href === first ? { ...way, also: [...(way.also ?? []), home] } : way));
}

/** Whether the page at `pathname` is the way's, or below it. */
export function isHere(pathname: string, { href, also = [] }: Pick<Way, 'href' | 'also'>): boolean {
  return [href, ...also].some((at) =>
    at === pathOf('home') ? pathname === at : pathname === at || pathname.startsWith(`${at}/`),
  );
}
