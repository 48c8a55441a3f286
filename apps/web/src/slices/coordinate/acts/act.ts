import type { Case } from '@breakwater/contract';

/** What every dialog of a case is given. */
export interface ActProps {
  readonly shown: Case;
  readonly onDone: () => void;
}

/** The case as it was seen: an act on an older one is refused, and shown what changed. */
export function revisionOf({ revision }: Case): { ifRevision?: number } {
  return revision === null ? {} : { ifRevision: revision };
}
