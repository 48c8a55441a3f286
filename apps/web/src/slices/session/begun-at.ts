import type { Problem } from '@breakwater/contract';
import { useState } from 'react';

/**
 * The revision that somebody's writing is on: the one that stood when the form was opened, although
 * the page behind it goes on reading. Once its writer was shown that something changed
 * (`changed-since`), what stands now.
 */
export function useBegunAt(revision: number | null, problem: Problem | null): number | null {
  const [begun] = useState(revision);
  return problem?.code === 'changed-since' ? revision : begun;
}
