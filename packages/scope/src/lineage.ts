import type { Target } from './target.ts';

/** How two things lie to each other; `overlaps`: they have a part in common, and neither has all. */
export type Relation = 'same' | 'covers' | 'covered' | 'overlaps' | 'disjoint';

/**
 * How `a` lies to `b`: `covers` where all of `b` and more is in `a`. Never `overlaps`: targets are
 * nested or apart, which is what makes them searchable.
 */
export function relationOf(a: Target, b: Target): Exclude<Relation, 'overlaps'> {
  if (a.lineage === b.lineage) return 'same';
  if (b.lineage.startsWith(a.lineage)) return 'covers';
  return a.lineage.startsWith(b.lineage) ? 'covered' : 'disjoint';
}

/**
 * Every lineage that contains this one, itself included, from the widest on: what to look up to find
 * all that covers a target. At most 33 for an IPv4 address, 129 for an IPv6 one, and one more for
 * each segment of a path.
 */
export function ancestorsOf(lineage: string): readonly string[] {
  const cuts: number[] = [];
  const bang = lineage.indexOf('!');
  const place = bang < 0 ? lineage.length : bang;
  const start = lineage.indexOf(':') + 1;
  const isNetwork = lineage.startsWith('net');
  if (isNetwork) for (let i = start; i < place; i += 1) cuts.push(i);
  else {
    const joint = lineage.startsWith('dns:') ? '.' : '/';
    // Owners of repositories and parent domains are named; of packages and products only all.
    const isNamed = lineage.startsWith('dns:') || lineage.startsWith('repo:');
    for (let i = start; isNamed && i < place; i += 1) if (lineage[i] === joint) cuts.push(i + 1);
  }
  if (bang >= 0) {
    cuts.push(bang + 1);
    // The slash that opens a path in a package or a repository closes nothing.
    for (let i = bang + 2; i < lineage.length; i += 1) if (lineage[i] === '/') cuts.push(i + 1);
  }
  if (cuts.at(-1) !== lineage.length) cuts.push(lineage.length);
  return cuts.map((cut) => lineage.slice(0, cut));
}

/** All lineages within one lie in `from <= x && x < before`, compared by code unit (collation C). */
export function lineageRange(lineage: string): { readonly from: string; readonly before: string } {
  const last = lineage.charCodeAt(lineage.length - 1);
  return { from: lineage, before: lineage.slice(0, -1) + String.fromCharCode(last + 1) };
}
