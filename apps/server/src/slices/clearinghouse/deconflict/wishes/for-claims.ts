import type { Instant, Refusal } from '@breakwater/kernel';
import { ancestorsOf, type Target } from '@breakwater/scope';
import type { Reader } from '../../../../platform/database/database.ts';
import { objectionOf, refusalOf } from './decide.ts';
import { quietUntil } from './quiet.ts';
import { objectorsAt, type WishesRow } from './store.ts';

/** Places somebody means to look at, and the parts of them that it leaves out. */
export interface Looked {
  readonly targets: readonly Pick<Target, 'lineage'>[];
  readonly except: readonly Pick<Target, 'lineage'>[];
}

/** An owner's no, as whoever asks is told it. */
export type Objected = Refusal<'owner-opted-out' | 'quiet-until'>;

/** Whether the owners of what somebody means to look at let it be looked at at `at`; null: they do. */
export async function wishesFor(
  reader: Reader,
  looked: Looked,
  at: Instant,
): Promise<Objected | null> {
  const lineages = looked.targets.map(({ lineage }) => lineage);
  const ancestors = [...new Set(lineages.flatMap(ancestorsOf))];
  return objectionAmong(await objectorsAt(reader, { lineages, ancestors }), looked, at);
}

/**
 * DCF-52, DCF-53: the refusal to answer with, of statements that were read for many at once. A part
 * that is left out counts as one that is not looked at.
 */
export function objectionAmong(
  statements: readonly WishesRow[],
  { targets, except }: Looked,
  at: Instant,
): Objected | null {
  const met = statements.filter(
    ({ lineage }) =>
      targets.some((t) => lineage.startsWith(t.lineage) || t.lineage.startsWith(lineage)) &&
      !except.some((part) => lineage.startsWith(part.lineage)),
  );
  const objection = met.length === 0 ? null : objectionOf(met, { now: at, quietUntil });
  return objection === null ? null : refusalOf(objection);
}
