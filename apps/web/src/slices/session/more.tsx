import type { ReactNode } from 'react';
import { useState } from 'react';

interface MoreProps {
  /** Cursor of the next page; null on the last. */
  readonly next: string | null;
  readonly label: string;
  readonly children: (after: string) => ReactNode;
}

/** The next page, fetched when a person asks for it. */
export function More({ next, label, children }: MoreProps) {
  const [open, setOpen] = useState(false);
  if (next === null) return null;
  if (open) return children(next);
  return (
    <button type="button" className="button" onClick={() => setOpen(true)}>
      {label}
    </button>
  );
}
