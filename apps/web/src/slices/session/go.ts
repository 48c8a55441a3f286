import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';

/**
 * Goes to another address of these pages. Links need nothing: write `<a href={pathOf(…)}>`. With
 * `replace` the address before is forgotten, as a filter does that follows what somebody types.
 */
export function useGo(): (href: string, options?: { readonly replace?: boolean }) => void {
  const router = useRouter();
  return useCallback(
    (href, options = {}) => {
      if (options.replace) router.history.replace(href);
      else router.history.push(href);
    },
    [router],
  );
}
