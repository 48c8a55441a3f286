import type { ReactNode } from 'react';
import { Time } from './moment.tsx';

export interface ToldFact {
  readonly key: string;
  readonly words: ReactNode;
  /** null: it has no hour of its own. */
  readonly at: string | null;
}

interface ToldProps {
  readonly label: string;
  readonly facts: readonly ToldFact[];
}

/** What happened, each with its hour, in order: facts, and no word that sums them up. */
export function Told({ label, facts }: ToldProps) {
  return (
    <ol className="told" aria-label={label}>
      {facts.map(({ key, words, at }) => (
        <li key={key}>
          <p>{words}</p>
          {at === null ? null : (
            <p className="small soft">
              <Time at={at} />
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
