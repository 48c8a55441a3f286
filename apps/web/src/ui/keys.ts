import { useEffect, useRef } from 'react';

interface Shortcut {
  /** `j`, `?`, `Control+k`, or two in a row: `g c`. */
  readonly keys: string;
  readonly label: string;
}

const live = new Set<Shortcut>();

/** What the keyboard does on this page right now, for the page of help. */
export function shortcutsNow(): readonly Shortcut[] {
  return [...live].toSorted((a, b) => a.keys.localeCompare(b.keys));
}

/** Between the two strokes of `g c`. */
const pauseMs = 900;
let first = { key: '', at: 0 };
let seen: Event | null = null;

/** Reads one stroke; the two-stroke memory is shared by all listeners of the same event. */
function strokesOf(event: KeyboardEvent): readonly string[] {
  const command = event.ctrlKey || event.metaKey ? 'Control+' : '';
  const key = command + (event.key.length === 1 ? event.key : event.key);
  const before = event.timeStamp - first.at < pauseMs ? first.key : '';
  if (seen !== event) {
    seen = event;
    queueMicrotask(() => {
      first = { key, at: event.timeStamp };
    });
  }
  return before === '' ? [key] : [`${before} ${key}`, key];
}

function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/**
 * Does `act` when `keys` is pressed, for as long as the component is there. Letters are left alone
 * where somebody writes, and while a dialog is open; `null` switches it off.
 */
export function useShortcut(keys: string, label: string, act: (() => void) | null): void {
  const newest = useRef(act);
  newest.current = act;
  const on = act !== null;
  useEffect(() => {
    if (!on) return;
    const shortcut = { keys, label };
    live.add(shortcut);
    const hear = (event: KeyboardEvent): void => {
      const command = keys.includes('Control+');
      if (event.defaultPrevented || event.altKey) return;
      if (!command && (writing(event.target) || document.querySelector('[role=dialog]'))) return;
      if (!strokesOf(event).includes(keys)) return;
      event.preventDefault();
      newest.current?.();
    };
    addEventListener('keydown', hear);
    return () => {
      live.delete(shortcut);
      removeEventListener('keydown', hear);
    };
  }, [keys, label, on]);
}
