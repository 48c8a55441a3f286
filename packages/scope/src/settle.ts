import { networkOfLineage } from './network.ts';
import type { Place } from './place.ts';
import { unitedRevisions } from './revisions.ts';
import { hasRoom } from './room.ts';
import type { Target } from './target.ts';

/** Places without the excepted ones, in canonical form. Empty where nothing is left. */
export function settled(
  places: readonly Place[],
  except: readonly Target[],
): { readonly places: readonly Place[]; readonly except: readonly Target[] } {
  const holes = widest(except);
  const lineages = holes.map(({ lineage }) => lineage);
  const left = united(places).filter(({ target }) => hasRoom(target.lineage, lineages));
  const near = holes.filter(({ lineage }) =>
    left.some(({ target }) => lineage.startsWith(target.lineage)),
  );
  return { places: left, except: near };
}

/** Those of the targets that lie in no other, neighboring networks as one; by lineage. */
export function widest(targets: readonly Target[]): readonly Target[] {
  if (targets.length < 2) return targets;
  const kept: Target[] = [];
  for (const target of targets.toSorted(byLineage)) {
    const last = kept.at(-1);
    if (last !== undefined && target.lineage.startsWith(last.lineage)) continue;
    kept.push(target);
    while (joinLast(kept));
  }
  return kept;
}

/** Joins the last two networks where they are the halves of one; true where they were. */
function joinLast(kept: Target[]): boolean {
  const [a, b] = kept.slice(-2);
  if (a?.kind !== 'network' || b?.kind !== 'network' || b.length === 0) return false;
  const [left, right] = [bitsOf(a), bitsOf(b)];
  if (left.length !== right.length || left.slice(0, -1) !== right.slice(0, -1)) return false;
  kept.splice(-2, 2, networkOfLineage(left.slice(0, -1)));
  return true;
}

function bitsOf({ lineage }: Target): string {
  return lineage.replace('!', '');
}

/** Each target once, with all its revisions; what lies in another place in all its revisions goes. */
function united(places: readonly Place[]): readonly Place[] {
  const byPlace = new Map<string, Place>();
  const others: Place[] = [];
  for (const place of places) {
    const same = byPlace.get(place.target.lineage);
    const revisions = same && unitedRevisions(same.revisions, place.revisions);
    if (same !== undefined && revisions === null) others.push(place);
    else byPlace.set(place.target.lineage, { ...place, revisions: revisions ?? place.revisions });
  }
  const all = [...byPlace.values(), ...others];
  const whole = widest(
    all.filter(({ revisions }) => revisions.kind === 'all').map(({ target }) => target),
  );
  const parts = all.filter(
    ({ target, revisions }) =>
      revisions.kind !== 'all' && !whole.some(({ lineage }) => target.lineage.startsWith(lineage)),
  );
  const wholePlaces = whole.map((target) => ({ target, revisions: { kind: 'all' } as const }));
  return [...wholePlaces, ...parts].toSorted((a, b) => byLineage(a.target, b.target));
}

function byLineage(a: Target, b: Target): number {
  if (a.lineage === b.lineage) return 0;
  return a.lineage < b.lineage ? -1 : 1;
}
