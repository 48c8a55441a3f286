import type { Client } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useCallback } from 'react';
import { ActList } from '../record/act-list.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** Every act on the engagement, oldest first, each with its proof. */
export function Acts({ id }: { readonly id: Id<'engagement'> }) {
  const read = useLoad(engage.acts, { params: { engagement: id } });
  const ask = useCallback(
    (client: Client, entry: Id<'entry'>) =>
      client.call(engage.actProof, { params: { engagement: id, entry } }),
    [id],
  );
  return (
    <Show what="the acts" {...read}>
      {({ items }) => <ActList items={items} ask={ask} />}
    </Show>
  );
}
