import type { Instant, Refusal } from '@breakwater/kernel';
import type { Target } from '@breakwater/scope';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Objection, objectionOf, refusalOf } from './decide.ts';
import { quietUntil } from './quiet.ts';
import { type WishesRow, wishesAbout } from './store.ts';

/** Places somebody means to look at, and the parts of them that it leaves out. */
export interface Looked {
  readonly targets: readonly Target[];
  readonly except?: readonly Target[];
}

/**
 * Whether the owners of what somebody means to look at let it be looked at at `at`: null, or the
 * refusal `owner-opted-out` or `quiet-until` to answer with. A part that is excepted counts as one
 * that is not looked at.
 */
export async function wishesFor(
  reader: Reader,
  { targets, except = [] }: Looked,
  at: Instant,
): Promise<Refusal<'owner-opted-out' | 'quiet-until'> | null> {
  let found: Objection | null = null;
  for (const target of targets) {
    const statements = await wishesAbout(reader, target);
    const met = statements.filter((row) => !isLeftOut(row, except));
    const objection = objectionOf(met, { now: at, quietUntil });
    if (objection === null) continue;
    if (objection.because === 'opted-out') return refusalOf(objection);
    if (found?.because !== 'quiet' || found.until < objection.until) found = objection;
  }
  return found === null ? null : refusalOf(found);
}

/** Whether a statement is about nothing but what is excepted. */
function isLeftOut({ lineage }: WishesRow, except: readonly Target[]): boolean {
  return except.some((part) => lineage.startsWith(part.lineage));
}
