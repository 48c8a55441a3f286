import type { Client } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useCallback } from 'react';
import { Section } from '../../ui/section.tsx';
import { ActList } from '../record/act-list.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** Every act on a window and its grants, oldest first, each with its proof. */
export function WindowActs({ id }: { readonly id: Id<'window'> }) {
  const read = useLoad(earlyAccess.acts, { params: { window: id } });
  const ask = useCallback(
    (client: Client, entry: Id<'entry'>) =>
      client.call(earlyAccess.actProof, { params: { window: id, entry } }),
    [id],
  );
  return (
    <Section
      id="acts"
      title="Every act"
      lede="Each is an entry in a signed log, and its proof can be checked here."
    >
      <Show what="the acts" {...read}>
        {({ items }) => <ActList items={items} ask={ask} />}
      </Show>
    </Section>
  );
}
