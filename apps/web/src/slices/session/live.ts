import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod';

/** What the server says when something one may see has changed: what kind of thing, and which. */
const Changed = z.object({ kind: z.string().max(40), id: z.string().max(80).optional() });

/** Events that come together are answered together: one read, not one for each. */
const gatherMs = 300;

/**
 * Reads again whatever is on the page when the server says that it changed. Everything shown is
 * asked anew, since one change shows in many places; what is not shown is asked when it is.
 */
export function useLive(on: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!on) return;
    const stream = new EventSource('/v1/events');
    let timer: ReturnType<typeof setTimeout> | null = null;
    const hear = (event: MessageEvent<string>): void => {
      if (!Changed.safeParse(parsed(event.data)).success || timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        void queries.invalidateQueries();
      }, gatherMs);
    };
    stream.addEventListener('message', hear);
    stream.addEventListener('changed', hear);
    return () => {
      stream.close();
      if (timer !== null) clearTimeout(timer);
    };
  }, [on, queries]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
