import type { Client } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useCallback } from 'react';
import { countWords } from '../../ui/size.ts';
import { ActRow } from '../record/act-row.tsx';
import { EntryWords } from '../record/entry-words.tsx';
import { DisclosureProof } from '../record/log-proof.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** Every act on a file, oldest first, each with its proof. */
export function FileActs({ id }: { readonly id: Id<'file'> }) {
  const read = useLoad(designate.acts, { params: { file: id } });
  return (
    <Show what="the acts" {...read}>
      {({ items }) => (
        <details className="fold">
          <summary>{countWords(items.length, 'act')}</summary>
          <ol className="acts">
            {items.map((entry) => (
              <ActRow key={entry.entry} entry={entry}>
                <Proof file={id} entry={entry.entry} />
              </ActRow>
            ))}
          </ol>
        </details>
      )}
    </Show>
  );
}

interface ProofProps {
  readonly file: Id<'file'>;
  readonly entry: Id<'entry'>;
}

function Proof({ file, entry }: ProofProps) {
  const ask = useCallback(
    (client: Client) => client.call(designate.actProof, { params: { file, entry } }),
    [file, entry],
  );
  return (
    <DisclosureProof
      name={entry}
      ask={ask}
      content={(content) => <EntryWords content={content} />}
    />
  );
}
