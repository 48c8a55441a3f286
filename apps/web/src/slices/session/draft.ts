import { useCallback, useState } from 'react';

/** What a part of a form is handed: the draft, and how it changes some of it. */
export interface DraftPart<Draft> {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** What a form holds while somebody writes, changed a part at a time. */
export function useDraft<Draft>(
  first: () => Draft,
): readonly [Draft, DraftPart<Draft>['onChange']] {
  const [draft, setDraft] = useState(first);
  const change = useCallback(
    (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part })),
    [],
  );
  return [draft, change];
}
