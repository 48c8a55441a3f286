import { cweName } from '@breakwater/formats/cwe';
import { type Extent, type ExtentText, formatExtent } from './extent.ts';
import { formatPlace, type Place, type PlaceInput } from './place.ts';
import type { Revisions } from './revisions.ts';
import { formatVers } from './version-range.ts';

/** An extent in words, part by part. */
export interface Description {
  /** Each place, with its versions where not all are meant. */
  readonly where: readonly string[];
  readonly except: readonly string[];
  readonly how: readonly string[];
  /** Each class with its name; empty: everything. */
  readonly what: readonly string[];
  readonly notWhat: readonly string[];
  readonly from: string;
  /** null: without an end. */
  readonly until: string | null;
}

/** Says in words what an extent covers. */
export function describe(extent: Extent): Description {
  const { places, except, methods, weaknesses, from, until } = extent;
  return {
    where: places.map(describePlace),
    except: except.map(({ text }) => text),
    how: methods,
    what: weaknesses.only.map(describeWeakness),
    notWhat: weaknesses.except.map(describeWeakness),
    from,
    until,
  };
}

/** An extent as scopes that each have one set of versions or commits for all their targets. */
export function scopesOf(extent: Extent): readonly (Omit<ExtentText, 'places'> & {
  readonly targets: readonly string[];
  readonly versions?: string | undefined;
  readonly commits?: PlaceInput['commits'];
})[] {
  const { places: _, ...rest } = formatExtent(extent);
  const groups = Map.groupBy(extent.places, ({ revisions }) => JSON.stringify(textOf(revisions)));
  return [...groups.values()].flatMap((places) => {
    const [first] = places;
    if (first === undefined) return [];
    const { target: __, ...revisions } = formatPlace(first);
    const lineages = places.map(({ target }) => target.lineage);
    const except = extent.except.filter(({ lineage }) =>
      lineages.some((each) => lineage.startsWith(each)),
    );
    return [
      {
        ...rest,
        except: except.map(({ text }) => text),
        targets: places.map(({ target }) => target.text),
        ...revisions,
      },
    ];
  });
}

function describePlace({ target, revisions }: Place): string {
  const which = textOf(revisions);
  return which === '' ? target.text : `${target.text} (${which})`;
}

function textOf(revisions: Revisions): string {
  if (revisions.kind === 'all') return '';
  if (revisions.kind === 'versions') return formatVers(revisions);
  const ranges = revisions.ranges.map(({ after, until }) => `${after ?? ''}..${until ?? ''}`);
  return [...revisions.ids, ...ranges].join(', ');
}

function describeWeakness(id: string): string {
  return `${id} ${cweName(id) ?? ''}`.trim();
}
