import type { EngagementSummary } from '@breakwater/contract';
import { engage } from '@breakwater/contract';
import { pathOf, pathTo } from '../../app/paths.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { useMe } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { wantWords } from './words.ts';

export const screen: Screen = { Page: EngagementsPage };

const codename: Column<EngagementSummary> = {
  key: 'codename',
  head: 'Codename',
  cell: ({ id, codename: name }) => (
    <a href={pathTo('engagement', { engagement: id })}>{name ?? 'Codename erased'}</a>
  ),
};

const rest: readonly Column<EngagementSummary>[] = [
  { key: 'wants', head: 'Asked for', cell: ({ wants }) => wantWords[wants][0] },
  { key: 'opened', head: 'Opened', cell: ({ openedAt }) => <Ago at={openedAt} brief /> },
  {
    key: 'partners',
    head: 'To partners, as planned',
    cell: ({ dates }) =>
      dates === null || dates.partners === null ? (
        <span className="faint">not stated</span>
      ) : (
        <Ago at={dates.partners} brief />
      ),
  },
  {
    key: 'over',
    head: 'Left or released',
    cell: ({ leftAt, releasedAt }) => <Over leftAt={leftAt} releasedAt={releasedAt} />,
  },
];

const developers: readonly Column<EngagementSummary>[] = [
  codename,
  { key: 'with', head: 'With', cell: ({ government }) => government.name },
  ...rest,
];

const others: readonly Column<EngagementSummary>[] = [
  codename,
  { key: 'developer', head: 'Developer', cell: ({ developer }) => developer.name },
  ...rest,
];

function Over({ leftAt, releasedAt }: Pick<EngagementSummary, 'leftAt' | 'releasedAt'>) {
  if (leftAt === null && releasedAt === null) return <span className="faint">neither</span>;
  return (
    <>
      {releasedAt === null ? null : (
        <>
          released <Ago at={releasedAt} brief />
        </>
      )}
      {leftAt === null || releasedAt === null ? null : ', '}
      {leftAt === null ? null : (
        <>
          left <Ago at={leftAt} brief />
        </>
      )}
    </>
  );
}

/** The engagements that the reader may see: its own, or those it was named on. */
function EngagementsPage() {
  const isDeveloper = useMe()?.party.role === 'developer';
  const pages = usePages([engage.list.id], (client, after) =>
    client.call(engage.list, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="Engagements"
      lede={
        isDeveloper
          ? 'Each is on one model, between you and the Government. You may leave any of them at any time.'
          : 'Each is on one model, and was opened by its developer, who may leave it at any time.'
      }
      actions={
        isDeveloper ? (
          <>
            <ButtonLink href={pathOf('beforeYouJoin')}>Before you join</ButtonLink>
            <ButtonLink href={pathOf('openEngagement')} kind="first">
              Open an engagement
            </ButtonLink>
          </>
        ) : null
      }
    >
      <Show what="the engagements" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <NoEngagement isDeveloper={isDeveloper} />
          ) : (
            <Table
              caption="Engagements"
              columns={isDeveloper ? developers : others}
              rows={rows}
              keyOf={({ id }) => id}
            />
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </Page>
  );
}

function NoEngagement({ isDeveloper }: { readonly isDeveloper: boolean }) {
  if (!isDeveloper) {
    return (
      <EmptyState title="No engagement that you may see">
        <p>One stands here once a developer opens it and names your party.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No engagement yet"
      actions={<ButtonLink href={pathOf('openEngagement')}>Open an engagement</ButtonLink>}
    >
      <p>
        Taking part is voluntary. Not taking part changes nothing anywhere else. Read{' '}
        <a href={pathOf('beforeYouJoin')}>what to know before you join</a>; then a codename
        suffices.
      </p>
    </EmptyState>
  );
}
