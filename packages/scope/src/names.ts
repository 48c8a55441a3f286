import type { Extent } from './extent.ts';
import { repository } from './repository.ts';
import { settled } from './settle.ts';
import type { RepositoryTarget, Target } from './target.ts';

/** That a repository, or all of an owner's, moved: the same code is known under both names. */
export interface Rename {
  readonly from: RepositoryTarget;
  readonly to: RepositoryTarget;
}

/** More names than any one place has; beyond it, names are left out. */
const namesMax = 20;

/**
 * All names that a place is known under by these renames, its own first: of a part of a repository
 * the same part, and of all of an owner's repositories also those that came from or went elsewhere.
 * Whoever looks at one of them looks at the same code. What is no repository has one name.
 */
export function namesOf(target: Target, renames: readonly Rename[]): readonly Target[] {
  if (target.kind !== 'repository' || renames.length === 0) return [target];
  const names = new Map<string, RepositoryTarget>([[target.lineage, target]]);
  // A map hands out what is added to it while it is walked.
  for (const name of names.values()) {
    for (const other of renames.flatMap((rename) => movedBy(name, rename))) {
      if (names.size >= namesMax) return [...names.values()];
      const isKnown = [...names.keys()].some((lineage) => other.lineage.startsWith(lineage));
      if (!isKnown) names.set(other.lineage, other);
    }
  }
  return [...names.values()];
}

/** The extent with every place and every exception under all its names. */
export function underAllNames(extent: Extent, renames: readonly Rename[]): Extent {
  if (renames.length === 0) return extent;
  const places = extent.places.flatMap(({ target, revisions }) =>
    namesOf(target, renames).map((name) => ({ target: name, revisions })),
  );
  const except = extent.except.flatMap((target) => namesOf(target, renames));
  return { ...extent, ...settled(places, except) };
}

function movedBy(target: RepositoryTarget, { from, to }: Rename): readonly RepositoryTarget[] {
  return [moved(target, from, to), moved(target, to, from)].filter((each) => each !== null);
}

/** Where a place lies once `from` is called `to`; null: it has no part in it. */
function moved(
  target: RepositoryTarget,
  from: RepositoryTarget,
  to: RepositoryTarget,
): RepositoryTarget | null {
  if (from.lineage.startsWith(target.lineage)) return to;
  if (!target.lineage.startsWith(from.lineage)) return null;
  const below = from.every ? target.project.slice(from.project.length) : '';
  const path = `${to.project}${below}${target.every ? '/*' : ''}`;
  return repository({ host: to.host, path, within: target.path }, {});
}
