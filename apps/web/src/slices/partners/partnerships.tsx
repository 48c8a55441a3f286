import type { Partnership } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Moment, useNow } from '../../ui/moment.tsx';
import { Quote } from '../../ui/quote.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { useMay } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import { usePages } from '../session/server.ts';
import { ReviewForm } from './review-form.tsx';
import { askWords } from './words.ts';

/** Partnerships of one's own, or that one's side decided on. */
export function Partnerships() {
  const decides = useMay()(partners.review);
  const now = useNow(60_000);
  const [reviewing, setReviewing] = useState<Partnership | null>(null);
  const pages = usePages([partners.partnerships.id], (client, after) =>
    client.call(partners.partnerships, { query: after === undefined ? {} : { after } }),
  );
  const close = () => setReviewing(null);
  const actOf = (partnership: Partnership) =>
    !decides || isOver(partnership) ? null : (
      <Button
        kind="quiet"
        onPress={() => setReviewing(partnership)}
        label={`Look again at ${partnership.organization ?? 'a name erased'}`}
      >
        Look again
      </Button>
    );
  return (
    <>
      <Show what="partnerships" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              title="No partnership"
              actions={<ButtonLink href={pathOf('partners')}>The public page</ButtonLink>}
            >
              <p>One begins when both keys on an application are turned to accept.</p>
            </EmptyState>
          ) : (
            <div className="partner-rows">
              <Table
                caption="Partnerships"
                columns={columns}
                rows={rows.map((each) => ({
                  ...each,
                  act: actOf(each),
                  isDue: !isOver(each) && Date.parse(each.reviewAt) <= now,
                }))}
                keyOf={({ id }) => id}
              />
            </div>
          )
        }
      </Show>
      <MoreButton {...pages.more} />
      {reviewing === null ? null : (
        <Dialog
          open
          wide
          onClose={close}
          title="Look again"
          lede="By the criteria it was decided on. It stays while all of them are met; otherwise it ends at once."
        >
          <ReviewForm partnership={reviewing} onDone={close} />
        </Dialog>
      )}
    </>
  );
}

function isOver({ ended, grant }: Partnership): boolean {
  return ended !== null || grant.missing.includes('partnership-over');
}

type Row = Partnership & { readonly act: ReactNode; readonly isDue: boolean };

const columns: readonly Column<Row>[] = [
  {
    key: 'who',
    head: 'Who',
    cell: ({ application, organization }) => (
      <a href={pathTo('application', { application })}>
        {organization === null ? 'Name erased' : <Quote text={organization} />}
      </a>
    ),
  },
  { key: 'tier', head: 'Tier', cell: ({ tierName }) => tierName ?? 'Name erased' },
  { key: 'gives', head: 'Gives', cell: ({ gives }) => askWords[gives][0] },
  {
    key: 'holds',
    head: 'Access',
    cell: (row) => (
      <Badge tone={row.grant.active ? 'held' : isOver(row) ? 'plain' : 'warn'}>
        {row.grant.active ? 'Holds' : isOver(row) ? 'Over' : 'Does not hold yet'}
      </Badge>
    ),
  },
  { key: 'until', head: 'Until', cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
  {
    key: 'review',
    head: 'Looked at again',
    cell: ({ reviewAt, isDue }) => (
      <span className={isDue ? 'late' : undefined}>
        <Moment at={reviewAt} />
        {isDue ? ' (due)' : ''}
      </span>
    ),
  },
  { key: 'act', head: 'Act', cell: ({ act }) => act ?? <span className="faint">none</span> },
];
