import type { AccessGrant } from '@breakwater/contract';
import { earlyAccess } from '@breakwater/contract';
import { pathTo } from '../../app/paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { activeWords } from './words.ts';

export const screen: Screen = { Page: AccessPage };

/** The access of people of the reader's party, the reader's own first. */
function AccessPage() {
  const me = useMe()?.member?.id ?? null;
  const pages = usePages([earlyAccess.grants.id], (client, after) =>
    client.call(earlyAccess.grants, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="Your access"
      lede="To models before their release, by name. It ends by itself; what was taken is returned or destroyed."
    >
      <Show what="the access" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="No access">
              <p>
                It stands here once you are added to a window by name. Then you read the terms of
                six protections, and accept each by itself.
              </p>
            </EmptyState>
          ) : (
            <Table
              caption="Access"
              columns={columnsFor(me)}
              rows={rows.toSorted((a, b) => rank(a, me) - rank(b, me))}
              keyOf={({ id }) => id}
            />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </Page>
  );
}

function rank({ person }: AccessGrant, me: string | null): number {
  return person.id === me ? 0 : 1;
}

function columnsFor(me: string | null): readonly Column<AccessGrant>[] {
  return [
    {
      key: 'who',
      head: 'Who',
      cell: ({ id, member, kind }) => (
        <a href={pathTo('grant', { grant: id })}>
          {member.id === me ? 'You' : (member.name ?? 'Name erased')}
          {kind === 'service' ? ' (a service)' : ''}
        </a>
      ),
    },
    { key: 'access', head: 'Access', cell: activeWords },
    {
      key: 'until',
      head: 'Until',
      cell: ({ until, active }) =>
        active && until !== null ? <Ago at={until} /> : <span className="faint">not now</span>,
    },
    {
      key: 'owes',
      head: 'Owes',
      cell: ({ owed }) =>
        owed === null ? (
          <span className="faint">nothing</span>
        ) : (
          <>
            return or destruction, due <Ago at={owed.dueAt} brief />
          </>
        ),
    },
  ];
}
