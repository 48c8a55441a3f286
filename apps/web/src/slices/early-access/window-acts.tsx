import type { Client } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useCallback } from 'react';
import { Section } from '../../ui/section.tsx';
import { countWords } from '../../ui/size.ts';
import { ActRow } from '../record/act-row.tsx';
import { EntryWords } from '../record/entry-words.tsx';
import { DisclosureProof } from '../record/log-proof.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** Every act on a window and its grants, oldest first, each with its proof. */
export function WindowActs({ id }: { readonly id: Id<'window'> }) {
  const read = useLoad(earlyAccess.acts, { params: { window: id } });
  return (
    <Section
      id="acts"
      title="Every act"
      lede="Each is an entry in a signed log, and its proof can be checked here."
    >
      <Show what="the acts" {...read}>
        {({ items }) => (
          <details className="fold">
            <summary>{countWords(items.length, 'act')}</summary>
            <ol className="acts">
              {items.map((entry) => (
                <ActRow key={entry.entry} entry={entry}>
                  <Proof window={id} entry={entry.entry} />
                </ActRow>
              ))}
            </ol>
          </details>
        )}
      </Show>
    </Section>
  );
}

interface ProofProps {
  readonly window: Id<'window'>;
  readonly entry: Id<'entry'>;
}

function Proof({ window, entry }: ProofProps) {
  const ask = useCallback(
    (client: Client) => client.call(earlyAccess.actProof, { params: { window, entry } }),
    [window, entry],
  );
  return (
    <DisclosureProof
      name={entry}
      ask={ask}
      content={(content) => <EntryWords content={content} />}
    />
  );
}
