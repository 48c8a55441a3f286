import type { Control } from '@breakwater/contract';
import { authorizations } from '@breakwater/contract';
import { useState } from 'react';
import { pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { AddTarget } from './add-target.tsx';
import { controlStateWords, wayWords } from './words.ts';

export const screen: Screen = { Page: TargetsPage };

const columns: readonly Column<Control>[] = [
  {
    key: 'target',
    head: 'Target',
    cell: ({ id, target }) => (
      <a href={pathTo('target', { control: id })}>
        <code>{target}</code>
      </a>
    ),
  },
  {
    key: 'state',
    head: 'Control',
    cell: ({ state }) => (
      <Badge tone={controlStateWords[state][1]}>{controlStateWords[state][0]}</Badge>
    ),
  },
  { key: 'way', head: 'By', cell: ({ way }) => wayWords[way][0] },
  {
    key: 'proven',
    head: 'Last proven',
    cell: ({ provenAt }) =>
      provenAt === null ? <span className="faint">never</span> : <Ago at={provenAt} brief />,
  },
  {
    key: 'next',
    head: 'Looked for again',
    cell: ({ nextAt }) =>
      nextAt === null ? <span className="faint">not planned</span> : <Ago at={nextAt} brief />,
  },
];

/** What one controls: where one may say who looks, when, and when never. */
function TargetsPage() {
  const [adding, setAdding] = useState(false);
  const pages = usePages([authorizations.controls.id], (client, after) =>
    client.call(authorizations.controls, { query: after === undefined ? {} : { after } }),
  );
  const add = (
    <Button kind="first" onPress={() => setAdding(true)}>
      Add a target
    </Button>
  );
  return (
    <Page
      title="Your targets"
      lede="What you control. For each you say who may look, how and when, see what is being looked at, and can stop it."
      actions={add}
    >
      <Show what="your targets" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No target yet" actions={add}>
              <p>
                Add a host, a network, a repository or a package that is yours. You show it once by
                a DNS record or a file, and we look for that again from time to time.
              </p>
              <p>
                On a live system nobody here may do anything until you allow it in writing. Reading
                and local fuzzing of open source need no leave; your wishes for it are shown to
                everybody who begins.
              </p>
            </EmptyState>
          ) : (
            <Table caption="Your targets" columns={columns} rows={rows} keyOf={({ id }) => id} />
          )
        }
      </Show>
      {pages.more.has ? (
        <Buttons>
          <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
            More
          </Button>
        </Buttons>
      ) : null}
      {adding ? (
        <Dialog
          open
          onClose={() => setAdding(false)}
          title="Add a target"
          lede="Say what is yours and how you show it."
        >
          <AddTarget />
        </Dialog>
      ) : null}
    </Page>
  );
}
