import { validate } from '@breakwater/contract';
import { Button } from '../../ui/button.tsx';
import { Digest } from '../../ui/digest.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Quote } from '../../ui/quote.tsx';
import { Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';

export const screen: Screen = { Page: RecipesPage };

/** The recipes that can be run here: how a target is built and a proof run on it. */
function RecipesPage() {
  const pages = usePages([validate.listRecipes.id], (client, after) =>
    client.call(validate.listRecipes, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="Recipes"
      lede="How a target is built and a proof run on it, reviewed by a person. A finding that names its recipe is reproduced by itself."
    >
      <Show what="recipes" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No recipe yet">
              <p>
                A recipe is a folder: how to build the target, vulnerable and fixed, and the signs
                of success. Add one with <code>npx breakwater recipe add</code>.
              </p>
            </EmptyState>
          ) : (
            <Table
              caption="Recipes"
              rows={rows}
              keyOf={({ name }) => name}
              columns={[
                { key: 'name', head: 'Name', cell: ({ name }) => <code>{name}</code> },
                { key: 'title', head: 'Title', cell: ({ title }) => <Quote text={title} /> },
                { key: 'package', head: 'Package', cell: (row) => <code>{row.package}</code> },
                { key: 'digest', head: 'Digest', cell: ({ digest }) => <Digest value={digest} /> },
                { key: 'added', head: 'Added', cell: ({ addedAt }) => <Ago at={addedAt} /> },
              ]}
            />
          )
        }
      </Show>
      {pages.more.has ? (
        <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
          More
        </Button>
      ) : null}
    </Page>
  );
}
