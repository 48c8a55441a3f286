import type { Client } from '@breakwater/contract';
import { designate } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useCallback } from 'react';
import { ActList } from '../record/act-list.tsx';
import { Show } from '../session/problem-note.tsx';
import { useLoad } from '../session/server.ts';

/** Every act on a file, oldest first, each with its proof. */
export function FileActs({ id }: { readonly id: Id<'file'> }) {
  const read = useLoad(designate.acts, { params: { file: id } });
  const ask = useCallback(
    (client: Client, entry: Id<'entry'>) =>
      client.call(designate.actProof, { params: { file: id, entry } }),
    [id],
  );
  return (
    <Show what="the acts" {...read}>
      {({ items }) => <ActList items={items} ask={ask} />}
    </Show>
  );
}
