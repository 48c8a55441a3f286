import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  /** Why there is nothing, how something comes here, and what it will look like. */
  readonly children: ReactNode;
  /** What to do about it now. */
  readonly actions?: ReactNode;
}

/** Nothing here yet: the place teaches what will stand in it. */
export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <svg className="empty-sea" viewBox="0 0 160 28" aria-hidden="true">
        <path d="M2 20c13 0 13-8 26-8s13 8 26 8 13-8 26-8 13 8 26 8 13-8 26-8 13 8 26 8" />
      </svg>
      <h2>{title}</h2>
      <div className="soft empty-words">{children}</div>
      {actions === undefined ? null : <div className="buttons">{actions}</div>}
    </div>
  );
}
