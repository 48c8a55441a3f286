import type { Problem } from '@breakwater/contract';
import { useState } from 'react';

/**
 * The revision that somebody's writing is on: the one that stood when the form was opened, although
 * the page behind it goes on reading. Once its writer was shown that something changed
 * (`changed-since`), what stands now.
 */
export function useBegunAt<R extends number | null>(revision: R, problem: Problem | null): R {
  return useBegunAgain(revision, problem).begun;
}

/** The same for a form that stays open: what it kept itself is what is written on from then on. */
export function useBegunAgain<R extends number | null>(revision: R, problem: Problem | null) {
  const [begun, kept] = useState(revision);
  return { begun: problem?.code === 'changed-since' ? revision : begun, kept };
}
