import type { Client } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useCallback } from 'react';
import { countWords } from '../../ui/size.ts';
import { ActRow } from '../record/act-row.tsx';
import { EntryWords } from '../record/entry-words.tsx';
import { DisclosureProof } from '../record/log-proof.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** Every act on the engagement, oldest first, each with its proof. */
export function Acts({ id }: { readonly id: Id<'engagement'> }) {
  const read = useLoad(engage.acts, { params: { engagement: id } });
  return (
    <Show what="the acts" {...read}>
      {({ items }) => (
        <details className="fold">
          <summary>{countWords(items.length, 'act')}</summary>
          <ol className="acts">
            {items.map((entry) => (
              <ActRow key={entry.entry} entry={entry}>
                <Proof engagement={id} entry={entry.entry} />
              </ActRow>
            ))}
          </ol>
        </details>
      )}
    </Show>
  );
}

interface ProofProps {
  readonly engagement: Id<'engagement'>;
  readonly entry: Id<'entry'>;
}

function Proof({ engagement, entry }: ProofProps) {
  const ask = useCallback(
    (client: Client) => client.call(engage.actProof, { params: { engagement, entry } }),
    [engagement, entry],
  );
  return (
    <DisclosureProof
      name={entry}
      ask={ask}
      content={(content) => <EntryWords content={content} />}
    />
  );
}
