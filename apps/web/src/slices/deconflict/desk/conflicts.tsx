import type { Output } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Ago } from '../../../ui/moment.tsx';
import { countWords } from '../../../ui/size.ts';
import type { Column } from '../../../ui/table.tsx';
import { Table } from '../../../ui/table.tsx';
import { Show } from '../../session/problem-note.tsx';
import { useLoad, usePages } from '../../session/server.ts';
import { ScopeShown, Targets } from '../scope-shown.tsx';
import { scopeWords, targetsOf } from '../scope-words.ts';
import { ClaimFacts } from './claim-facts.tsx';
import { MorePages } from './more-pages.tsx';

type Conflict = Output<typeof claims.conflicts>['items'][number];

const columns: readonly Column<Conflict>[] = [
  { key: 'asker', head: 'Asked by', cell: ({ asker }) => asker.name },
  { key: 'where', head: 'For', cell: ({ scope }) => <Targets targets={targetsOf(scope)} /> },
  { key: 'what', head: 'What', cell: ({ scope }) => scopeWords(scope) },
  { key: 'at', head: 'When', cell: ({ at }) => <Ago at={at} brief /> },
  { key: 'claims', head: 'In the way', cell: (conflict) => <InTheWay conflict={conflict} /> },
];

/** Who was refused what because of whom, the newest first. */
export function Conflicts() {
  const pages = usePages([claims.conflicts.id], (client, after) =>
    client.call(claims.conflicts, { query: after === undefined ? {} : { after } }),
  );
  return (
    <>
      <Show what="conflicts" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="Nobody was refused yet">
              <p>
                When somebody asks for what another holds alone, it stands here with both, so that
                you can help them agree.
              </p>
            </EmptyState>
          ) : (
            <Table
              caption="Who was refused what"
              columns={columns}
              rows={rows}
              keyOf={({ asker, at }) => `${asker.id} ${at}`}
            />
          )
        }
      </Show>
      <MorePages more={pages.more} />
    </>
  );
}

function InTheWay({ conflict }: { readonly conflict: Conflict }) {
  const [open, setOpen] = useState(false);
  const { asker, scope } = conflict;
  return (
    <>
      <Button
        kind="quiet"
        label={`Show ${countWords(conflict.claims.length, 'claim')} in the way of ${asker.name}`}
        onPress={() => setOpen(true)}
      >
        {countWords(conflict.claims.length, 'claim')}
      </Button>
      {open ? (
        <Dialog
          open
          wide
          onClose={() => setOpen(false)}
          title={`In the way of ${asker.name}`}
          lede="Neither knows of the other. Ask the one who holds it to let the other in, or end the claim in an emergency."
        >
          <h3>Asked for</h3>
          <ScopeShown scope={scope} />
          <h3>Held</h3>
          <ol className="claim-cards">
            {conflict.claims.map((claim) => (
              <li key={claim}>
                <OneClaim id={claim} />
              </li>
            ))}
          </ol>
        </Dialog>
      ) : null}
    </>
  );
}

function OneClaim({ id }: { readonly id: Id<'claim'> }) {
  const read = useLoad(claims.get, { params: { claim: id } });
  return (
    <Show what="the claim" {...read}>
      {(claim) => <ClaimFacts claim={claim} />}
    </Show>
  );
}
