import { Changes } from '@breakwater/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { renew } from './renew.ts';

/** Changes that come together are answered together: one reading, not one for each. */
const gatherMs = 300;

/** Something one may see has changed: which thing, and nothing of what. */
export type Change = Changes['items'][number];

/**
 * Reads again what is on the page when the server says that something one may see has changed. It
 * says which thing; one change shows in many places, so everything shown is read. The browser
 * connects again by itself. `tell` is called with what changed, as it comes.
 */
export function useLive(on: boolean, tell: (changes: readonly Change[]) => void): void {
  const queries = useQueryClient();
  const told = useRef(tell);
  told.current = tell;
  useEffect(() => {
    if (!on) return;
    const stream = new EventSource('/v1/events');
    let timer: ReturnType<typeof setTimeout> | null = null;
    stream.addEventListener('changed', (event: MessageEvent<string>) => {
      const changes = changesIn(event.data);
      if (changes.length > 0) told.current(changes);
      if (timer !== null || changes.length === 0) return;
      timer = setTimeout(() => {
        timer = null;
        renew(queries);
      }, gatherMs);
    });
    return () => {
      stream.close();
      if (timer !== null) clearTimeout(timer);
    };
  }, [on, queries]);
}

function changesIn(text: string): readonly Change[] {
  try {
    const parsed = Changes.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.items : [];
  } catch {
    return [];
  }
}
