import { cweName } from '@breakwater/formats/cwe';
import type { Extent } from './extent.ts';
import type { Place } from './place.ts';
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
