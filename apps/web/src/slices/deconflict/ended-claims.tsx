import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { Badge } from '../../ui/badge.tsx';
import { Button, Buttons } from '../../ui/button.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Quote } from '../../ui/quote.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { Show } from '../session/problem-note.tsx';
import { usePages } from '../session/server.ts';
import { Targets } from './scope-shown.tsx';
import { scopeWords, targetsOf } from './scope-words.ts';
import { claimStateWords } from './words.ts';

const columns: readonly Column<Claim>[] = [
  { key: 'where', head: 'Where', cell: ({ scope }) => <Targets targets={targetsOf(scope)} /> },
  { key: 'what', head: 'What', cell: ({ scope }) => scopeWords(scope) },
  {
    key: 'state',
    head: 'How it ended',
    cell: ({ state, reason }) => (
      <>
        <Badge tone={claimStateWords[state][1]}>{claimStateWords[state][0]}</Badge>{' '}
        {reason === null ? null : <Quote text={reason} />}
      </>
    ),
  },
  {
    key: 'ended',
    head: 'When',
    cell: ({ endedAt }) => (endedAt === null ? '' : <Ago at={endedAt} brief />),
  },
];

/** What one held before, the newest first. */
export function EndedClaims() {
  const pages = usePages([claims.list.id, 'ended'], (client, after) =>
    client.call(claims.list, {
      query: { show: 'ended', ...(after === undefined ? {} : { after }) },
    }),
  );
  return (
    <>
      <Show what="ended claims" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="soft small">Nothing has ended yet.</p>
          ) : (
            <Table
              caption="Claims that have ended"
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
            />
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
    </>
  );
}
