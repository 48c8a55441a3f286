import { Changes } from '@breakwater/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { renew } from './renew.ts';

/** Changes that come together are answered together: one reading, not one for each. */
const gatherMs = 300;

/**
 * Reads again what is on the page when the server says that something one may see has changed. It
 * says which thing; one change shows in many places, so everything shown is read. The browser
 * connects again by itself.
 */
export function useLive(on: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!on) return;
    const stream = new EventSource('/v1/events');
    let timer: ReturnType<typeof setTimeout> | null = null;
    stream.addEventListener('changed', (event: MessageEvent<string>) => {
      if (timer !== null || !isChange(event.data)) return;
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

function isChange(text: string): boolean {
  try {
    const parsed = Changes.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.items.length > 0;
  } catch {
    return false;
  }
}
