import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Ago, useNow } from '../../../ui/moment.tsx';
import type { Column } from '../../../ui/table.tsx';
import { Table } from '../../../ui/table.tsx';
import { Show } from '../../session/problem-note.tsx';
import { usePages } from '../../session/server.ts';
import { Targets } from '../scope-shown.tsx';
import { scopeWords, targetsOf } from '../scope-words.ts';
import { Override } from './claim-facts.tsx';
import { MorePages } from './more-pages.tsx';

const columns: readonly Column<Claim>[] = [
  { key: 'holder', head: 'Held by', cell: ({ holder }) => holder?.name ?? 'you' },
  { key: 'where', head: 'Where', cell: ({ scope }) => <Targets targets={targetsOf(scope)} /> },
  {
    key: 'what',
    head: 'What',
    cell: ({ scope, sharing }) => (
      <>
        {scopeWords(scope)}
        <span className="under faint">{sharing === 'alone' ? 'alone' : 'lets others in'}</span>
      </>
    ),
  },
  { key: 'used', head: 'Last used', cell: (claim) => <Used claim={claim} /> },
  { key: 'until', head: 'Ends', cell: ({ until }) => <Ago at={until} brief /> },
  { key: 'act', head: 'Act', cell: (claim) => <Override claim={claim} /> },
];

/** When it was worked with, and when it lapses unless it is again. */
function Used({ claim }: { readonly claim: Claim }) {
  const { usedAt, from, lapsesAt } = claim;
  const begun = Date.parse(from) <= useNow(30_000);
  if (!begun) {
    return (
      <>
        begins <Ago at={from} brief />
      </>
    );
  }
  return (
    <>
      {usedAt === null ? (
        <>
          never, begun <Ago at={from} brief />
        </>
      ) : (
        <Ago at={usedAt} brief />
      )}
      {lapsesAt === null ? null : (
        <span className="under faint">
          lapses <Ago at={lapsesAt} brief />
        </span>
      )}
    </>
  );
}

/** All claims, or those that are held and not used. */
export function Watched({ show }: { readonly show: 'live' | 'unused' }) {
  const pages = usePages([claims.watch.id, show], (client, after) =>
    client.call(claims.watch, { query: { show, ...(after === undefined ? {} : { after }) } }),
  );
  return (
    <>
      <Show what="claims" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title={show === 'live' ? 'No claim is held' : 'Nothing is hoarded'}>
              <p>
                {show === 'live'
                  ? 'When a finder claims what it looks at, it stands here with its holder.'
                  : 'A claim that shows no sign of work stands here before it lapses by itself.'}
              </p>
            </EmptyState>
          ) : (
            <Table
              caption={show === 'live' ? 'All claims' : 'Held and unused'}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
            />
          )
        }
      </Show>
      <MorePages more={pages.more} />
    </>
  );
}
