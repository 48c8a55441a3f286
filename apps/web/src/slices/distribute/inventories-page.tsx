import { distribute } from '@breakwater/contract';
import { useState } from 'react';
import { pathOf } from '../../app/paths.ts';
import { Button, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { begin, useLoad } from '../session/server.ts';
import { AddInventory } from './add-inventory.tsx';
import { type Inventory, InventoryActs } from './inventory-acts.tsx';
import { shortOf } from './unjudged-words.ts';

export const screen: Screen = {
  load: (reader) => begin(reader, distribute.listInventories, { query: {} }),
  Page: InventoriesPage,
};

const columns: readonly Column<Inventory>[] = [
  { key: 'name', head: 'List', cell: ({ name }) => <strong>{name}</strong> },
  { key: 'components', head: 'Programs', cell: ({ components }) => components, figure: true },
  {
    key: 'not',
    head: 'Not understood',
    cell: ({ notUnderstood }) => notUnderstood ?? <span className="faint">not counted</span>,
    figure: true,
  },
  { key: 'judged', head: 'Not judged', cell: (list) => <NotJudged list={list} /> },
  { key: 'format', head: 'Read as', cell: ({ format }) => <span className="mono">{format}</span> },
  { key: 'at', head: 'Given', cell: ({ uploadedAt }) => <Ago at={uploadedAt} /> },
  { key: 'acts', head: 'Acts', cell: (list) => <InventoryActs list={list} /> },
];

function NotJudged({ list }: { readonly list: Inventory }) {
  if (!list.compared) return <span className="soft">being compared…</span>;
  const open = shortOf(list);
  if (open.length === 0) return <span className="faint">nothing</span>;
  return <a href={pathOf('notices')}>{open.join(', ')}</a>;
}

/** What the operator told us it runs, and the way to tell more. */
function InventoriesPage() {
  const { loaded, reload } = useLoad(
    distribute.listInventories,
    { query: {} },
    { againWhile: ({ items }) => items.some((list) => !list.compared) },
  );
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="What you run"
      lede="We compare these lists with every advisory and warn you of what is in them. Nobody else sees them."
      actions={
        adding ? null : (
          <Button kind="first" onPress={() => setAdding(true)}>
            Add a list
          </Button>
        )
      }
    >
      {adding ? (
        <AddInventory
          onDone={() => {
            setAdding(false);
            reload();
          }}
          onCancel={() => setAdding(false)}
        />
      ) : null}
      <Show what="your lists" loaded={loaded} reload={reload}>
        {({ items }) =>
          items.length === 0 ? (
            adding ? null : (
              <EmptyState
                title="We do not know yet what you run"
                actions={
                  <Buttons>
                    <Button kind="first" onPress={() => setAdding(true)}>
                      Add the first list
                    </Button>
                  </Buttons>
                }
              >
                <p>
                  A file that your system already makes is enough: an SBOM (CycloneDX), a{' '}
                  <code>package-lock.json</code>, or the list of its packages that Debian prints on
                  one command, which is shown there. A few lines typed by hand do as well.
                </p>
              </EmptyState>
            )
          ) : (
            <Table caption="Your lists" columns={columns} rows={items} keyOf={({ id }) => id} />
          )
        }
      </Show>
    </Page>
  );
}
