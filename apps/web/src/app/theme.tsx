import { useState } from 'react';

const slot = 'breakwater-theme';
const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Puts the reader's earlier choice on the page; without one the system decides. */
export function applyTheme(): void {
  setOnPage(storedTheme());
}

/** The scheme in words, and the act that goes through system, light and dark. */
export function useTheme(): { readonly words: string; readonly turn: () => void } {
  const [theme, setTheme] = useState(storedTheme);
  function turn(): void {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
    if (next === 'system') localStorage.removeItem(slot);
    else localStorage.setItem(slot, next);
    setOnPage(next);
    setTheme(next);
  }
  return { words: `Colors: ${theme === 'system' ? 'auto' : theme}`, turn };
}

export function ThemeChoice() {
  const { words, turn } = useTheme();
  return (
    <button type="button" className="link" onClick={turn}>
      {words}
    </button>
  );
}

function storedTheme(): Theme {
  const stored = localStorage.getItem(slot);
  return themes.find((theme) => theme === stored) ?? 'system';
}

function setOnPage(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
