import type { ReactNode } from 'react';
import type { Tone } from './badge.tsx';

interface NoteProps {
  readonly tone?: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly role?: 'status' | 'alert';
}

/** Something the reader must know before going on. */
export function Note({ tone = 'plain', title, children, role }: NoteProps) {
  return (
    <div className={`note tone-${tone}`} role={role}>
      <p className="note-title">{title}</p>
      {children}
    </div>
  );
}

/** Nothing here yet, and why. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="empty soft">{children}</p>;
}

/** Something is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="loading soft" role="status">
      Loading {what}…
    </p>
  );
}
