import type { ReactNode } from 'react';
import { useTitle } from './use-title.ts';

interface PageProps {
  /** The heading, and the name of the window. */
  readonly title: string;
  /** One sentence that teaches what the page shows. */
  readonly lede?: ReactNode;
  readonly actions?: ReactNode;
  /** `narrow` for reading and forms, `wide` for work, `full` for long lists. */
  readonly width?: 'narrow' | 'wide' | 'full';
  readonly children: ReactNode;
}

/** One page: its heading, what it is for, what can be done on it. */
export function Page({ title, lede, actions, width = 'wide', children }: PageProps) {
  useTitle(title);
  return (
    <main className={`page page-${width}`} id="content" tabIndex={-1}>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {lede === undefined ? null : <p className="soft">{lede}</p>}
        </div>
        {actions === undefined ? null : <div className="buttons no-print">{actions}</div>}
      </header>
      {children}
    </main>
  );
}
