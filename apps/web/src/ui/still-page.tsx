import { Slot } from 'radix-ui';
import type { ReactNode } from 'react';
import { useLayoutEffect } from 'react';

interface RemoveScrollProps {
  readonly children: ReactNode;
  readonly enabled?: boolean;
}

/**
 * Stands in for `react-remove-scroll` in our build (`build.ts`): that one writes a style element
 * into the page, which `style-src 'self'` forbids. A class does the same.
 */
export function RemoveScroll({ children, enabled = true }: RemoveScrollProps) {
  useLayoutEffect(() => {
    if (!enabled) return;
    const { documentElement: page } = document;
    // Where the scroll bar takes room it leaves the same room, so that nothing moves.
    page.style.paddingRight = `${innerWidth - page.clientWidth}px`;
    page.classList.add('still');
    return () => {
      page.classList.remove('still');
      page.style.paddingRight = '';
    };
  }, [enabled]);
  return <Slot.Root>{children}</Slot.Root>;
}
