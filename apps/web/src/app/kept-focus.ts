import { useEffect } from 'react';

/** Whoever takes something away may put the focus somewhere itself: it goes first. */
const patienceMs = 50;

/**
 * Puts the keyboard at the content of the page where what it was on is gone: a card that was dealt
 * with, a page that was left. It would begin anew at the first link of the frame otherwise.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const note = ({ target }: FocusEvent): void => {
      last = target instanceof Element ? target : null;
    };
    const look = (): void => {
      timer = null;
      if (last === null || last.isConnected || document.activeElement !== document.body) return;
      last = null;
      document.getElementById('content')?.focus({ preventScroll: true });
    };
    const watch = new MutationObserver(() => {
      if (timer === null && last !== null && !last.isConnected)
        timer = setTimeout(look, patienceMs);
    });
    document.addEventListener('focusin', note);
    watch.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', note);
      watch.disconnect();
      if (timer !== null) clearTimeout(timer);
    };
  }, []);
}
