/**
 * Scrolls a strip of tabs or ways sideways until one of them is in sight: on a phone the one that is
 * open may be far along. The page itself stays where it is.
 */
export function intoStrip(item: HTMLElement | null): void {
  const strip = item?.closest('.tabs, .bar-ways') ?? null;
  if (item === null || strip === null) return;
  const beyond = item.getBoundingClientRect().right - strip.getBoundingClientRect().right;
  if (beyond > 0) strip.scrollLeft += beyond + 16;
}
