import type { Case, Problem } from '@breakwater/contract';
import { useBegunAt } from '../../session/begun-at.ts';

/** What every dialog of a case is given. */
export interface ActProps {
  readonly shown: Case;
  readonly onDone: () => void;
}

/** The case as it was when the dialog opened: an act on an older one is refused, and shown what changed. */
export function useRevisionOf(
  { revision }: Case,
  problem: Problem | null,
): { readonly ifRevision?: number } {
  const begun = useBegunAt(revision, problem);
  return begun === null ? {} : { ifRevision: begun };
}
