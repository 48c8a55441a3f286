import type { ApiKey } from '@breakwater/contract';
import { directory } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { Button } from '../../ui/button.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Section } from '../../ui/section.tsx';
import { Table } from '../../ui/table.tsx';
import { forAgents } from './key-scope.ts';
import { NewKey } from './new-key.tsx';
import { ProblemNote, Show } from './problem-note.tsx';
import { useAct, useLoad } from './server.ts';

/** The API keys of one's party; a new one is shown once. */
export function Keys({ party }: { readonly party: Id<'party'> }) {
  const keys = useLoad(directory.listKeys, { query: { limit: 200 } });
  return (
    <Section
      id="keys"
      title="API keys"
      lede="For scanners and scripts of your party. A key is shown once and kept only as a hash."
    >
      <Show what="keys" {...keys}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft small">None yet.</p>
          ) : (
            <Table
              caption="API keys"
              keyOf={({ id }) => id}
              rows={items}
              columns={[
                { key: 'label', head: 'Name', cell: ({ label }) => label },
                {
                  key: 'may',
                  head: 'May',
                  cell: ({ scope }) => <Scope scope={scope} />,
                },
                { key: 'used', head: 'Last used', cell: ({ lastUsedOn }) => lastUsedOn ?? 'never' },
                {
                  key: 'ends',
                  head: 'Ends',
                  cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <Ago at={expiresAt} />),
                },
                { key: 'act', head: 'Act', cell: (key) => <Revoke apiKey={key} /> },
              ]}
            />
          )
        }
      </Show>
      <div className="mt-5">
        <NewKey party={party} />
      </div>
    </Section>
  );
}

function Scope({ scope }: { readonly scope: readonly string[] | null }) {
  if (scope === null) return 'all your role may';
  const isAgent = scope.every((id) => forAgents.includes(id));
  return (
    <details>
      <summary>{isAgent ? 'what agents need' : `${scope.length} acts`}</summary>
      <ul className="small mono">
        {scope.map((id) => (
          <li key={id}>{id}</li>
        ))}
      </ul>
    </details>
  );
}

function Revoke({ apiKey }: { readonly apiKey: ApiKey }) {
  const { act, busy, problem } = useAct(directory.revokeKey);
  if (apiKey.revokedAt !== null) return <span className="faint">cut off</span>;
  return (
    <>
      <Button
        kind="danger"
        label={`Cut off ${apiKey.label}`}
        busy={busy && 'Cutting off…'}
        onPress={() => act({ params: { key: apiKey.id } }, () => {})}
      >
        Cut off
      </Button>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
