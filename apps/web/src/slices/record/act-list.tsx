import type { Client, Disclosure, Output, record } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useCallback } from 'react';
import { countWords } from '../../ui/size.ts';
import { ActRow } from './act-row.tsx';
import { EntryWords } from './entry-words.tsx';
import { DisclosureProof } from './log-proof.tsx';

type AskProof = (client: Client, entry: Id<'entry'>) => Promise<Disclosure>;

interface ActListProps {
  readonly items: Output<typeof record.timeline>['items'];
  /** Asks for the proof of one of them; the same function from one rendering to the next. */
  readonly ask: AskProof;
}

/** Acts that have no page of their own, folded, each with its proof. */
export function ActList({ items, ask }: ActListProps) {
  return (
    <details className="fold">
      <summary>{countWords(items.length, 'act')}</summary>
      <ol className="acts">
        {items.map((entry) => (
          <ActRow key={entry.entry} entry={entry}>
            <Proof entry={entry.entry} ask={ask} />
          </ActRow>
        ))}
      </ol>
    </details>
  );
}

interface ProofProps {
  readonly entry: Id<'entry'>;
  readonly ask: AskProof;
}

function Proof({ entry, ask }: ProofProps) {
  const askThis = useCallback((client: Client) => ask(client, entry), [ask, entry]);
  return (
    <DisclosureProof
      name={entry}
      ask={askThis}
      content={(content) => <EntryWords content={content} />}
    />
  );
}
