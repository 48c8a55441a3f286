import type { Case } from '@breakwater/contract';

/** Cases that one report of a tool brought, as one line of a list. */
export interface CasesOfReport {
  /** The one that came first in the list. */
  readonly first: Case;
  readonly others: number;
}

/** The cases of one report together, where its first stands; every other by itself. */
export function byReport(cases: readonly Case[]): readonly CasesOfReport[] {
  const groups = Map.groupBy(cases, ({ id, report }) => report ?? id);
  return [...groups.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ first, others: rest.length }],
  );
}
