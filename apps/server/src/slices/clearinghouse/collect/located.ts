import type { Services } from '../../../services.ts';
import { findingsForWork } from './store.ts';
import { readFacts } from './views.ts';

/** Where a finding lies, as its reporter names it. */
export interface LocatedFinding {
  readonly package: string;
  readonly location: string;
  readonly weakness: string | null;
}

/**
 * Where each of `findings` lies of which peers may learn that it is here: none that is marked RED,
 * that its tool was told not to tell of, whose content is erased, or that names no place.
 */
export async function locatedFindings(
  services: Services,
  findings: readonly string[],
): Promise<readonly LocatedFinding[]> {
  const rows = await services.database.read((r) => findingsForWork(r, findings));
  const located = await Promise.all(
    [...rows.values()].map(async (row): Promise<LocatedFinding | null> => {
      if (row.marking === 'RED' || row.standing === 'suppressed') return null;
      const facts = await readFacts(services, row.facts_content);
      const path = facts?.location?.path ?? null;
      if (path === null) return null;
      return { package: row.package, location: path, weakness: facts?.weakness ?? null };
    }),
  );
  return located.filter((each) => each !== null);
}
