import type { ReactNode } from 'react';

export interface Owed {
  readonly key: string;
  readonly what: ReactNode;
  /** By when, since when, or how it was done. */
  readonly when?: ReactNode;
  readonly isDone: boolean;
}

interface OwedByProps {
  /** `You owe`, `The Government owes`. */
  readonly title: string;
  readonly items: readonly Owed[];
  /** What is said where nothing is owed. */
  readonly nothing: string;
}

/** What one side owes the other: what is open first, then what is done. */
export function OwedBy({ title, items, nothing }: OwedByProps) {
  const open = items.filter(({ isDone }) => !isDone);
  return (
    <div className="owed">
      <h3>{title}</h3>
      {items.length === 0 ? <p className="small soft">{nothing}</p> : null}
      <ul>
        {[...open, ...items.filter(({ isDone }) => isDone)].map((item) => (
          <li key={item.key} className={item.isDone ? 'owed-done' : 'owed-open'}>
            <p>
              {item.what}
              {item.isDone ? <span className="unseen"> (done)</span> : null}
            </p>
            {item.when === undefined ? null : <p className="small soft">{item.when}</p>}
          </li>
        ))}
      </ul>
    </div>
  );
}
