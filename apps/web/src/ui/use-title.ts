import { useEffect } from 'react';

/** Names the window, so that tabs and the history can be told apart. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Breakwater' : `${title} · Breakwater`;
  }, [title]);
}
