import type { ApplicationSummary } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Select } from '../../ui/field.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Quote } from '../../ui/quote.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { MoreButton } from '../evaluate/more-button.tsx';
import { useGo } from '../session/go.ts';
import { useMay } from '../session/me.ts';
import { Show } from '../session/problem-note.tsx';
import type { Address, Screen } from '../session/screen.ts';
import { usePages } from '../session/server.ts';
import { CriteriaDesk } from './criteria-desk.tsx';
import { Nominations } from './nominations.tsx';
import { Partnerships } from './partnerships.tsx';
import { TiersDesk } from './tiers-desk.tsx';
import { askWords, regionName, sectorNames, standingWords } from './words.ts';

export const screen: Screen = { Page: DeskPage };

/** Applications that the reader made, helps with or decides on, and what belongs to them. */
function DeskPage({ search }: Address) {
  const go = useGo();
  const may = useMay();
  const decides = may(partners.decide);
  const tabs = [
    { key: 'applications', label: 'Applications', content: <Applications search={search} /> },
    { key: 'partnerships', label: 'Partnerships', content: <Partnerships /> },
    ...(decides ? [{ key: 'nominations', label: 'Nominations', content: <Nominations /> }] : []),
    ...(may(partners.openTier)
      ? [{ key: 'tiers', label: 'Your tiers', content: <TiersDesk /> }]
      : []),
    ...(may(partners.publishCriteria)
      ? [{ key: 'criteria', label: 'Criteria', content: <CriteriaDesk /> }]
      : []),
  ];
  const show = tabs.find(({ key }) => key === search['show'])?.key ?? 'applications';
  return (
    <Page
      title="Partners"
      lede={
        decides
          ? 'Who applied to be a trusted partner. Yours is one of two keys; the other side turns its own without seeing yours.'
          : 'Applications to be a trusted partner that you made or help with.'
      }
      actions={<ButtonLink href={pathOf('partners')}>The public page</ButtonLink>}
    >
      <Tabs
        label="Partners"
        tabs={tabs}
        value={show}
        onChange={(key) =>
          go(pathOf('applications', { show: key === 'applications' ? undefined : key }), {
            replace: true,
          })
        }
      />
    </Page>
  );
}

const columns: readonly Column<ApplicationSummary>[] = [
  {
    key: 'who',
    head: 'Who',
    cell: ({ id, organization }) => (
      <a href={pathTo('application', { application: id })}>
        {organization === null ? 'Name erased' : <Quote text={organization} />}
      </a>
    ),
  },
  { key: 'tier', head: 'Tier', cell: ({ tierName }) => tierName ?? 'Name erased' },
  { key: 'asks', head: 'Asks for', cell: ({ asks }) => askWords[asks][0] },
  {
    key: 'of',
    head: 'Of',
    cell: ({ sector, region }) => `${sectorNames[sector]}, ${regionName(region)}`,
  },
  {
    key: 'standing',
    head: 'Stands',
    cell: ({ standing, asked }) => (
      <>
        <Badge tone={standingWords[standing][1]}>{standingWords[standing][0]}</Badge>
        {asked ? <span className="small soft under">the applicant was asked</span> : null}
      </>
    ),
  },
  {
    key: 'by',
    head: 'Promised by',
    cell: ({ promisedBy, late, answeredAt }) =>
      answeredAt === null ? (
        <span className={late ? 'late' : undefined}>
          <Moment at={promisedBy} />
          {late ? ' (late)' : ''}
        </span>
      ) : (
        <span className="faint">answered</span>
      ),
  },
];

function Applications({ search }: Pick<Address, 'search'>) {
  const go = useGo();
  const waiting = search['which'] === 'all' ? undefined : ('yes' as const);
  const pages = usePages([partners.applications.id, waiting], (client, after) =>
    client.call(partners.applications, {
      query: {
        ...(after === undefined ? {} : { after }),
        ...(waiting === undefined ? {} : { waiting }),
      },
    }),
  );
  return (
    <>
      <div className="few-fields">
        <Select
          label="Which"
          value={waiting === undefined ? 'all' : ''}
          onChange={(which) => go(pathOf('applications', { which }), { replace: true })}
          choices={[
            ['', 'Not answered yet'],
            ['all', 'All'],
          ]}
        />
      </div>
      <Show what="applications" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <NoneHere isAll={waiting === undefined} />
          ) : (
            <div className="partner-rows">
              <Table caption="Applications" columns={columns} rows={rows} keyOf={({ id }) => id} />
            </div>
          )
        }
      </Show>
      <MoreButton {...pages.more} />
    </>
  );
}

function NoneHere({ isAll }: { readonly isAll: boolean }) {
  return (
    <EmptyState title={isAll ? 'No application' : 'None waits for an answer'}>
      <p>
        Anybody may apply on the public page, with an account or without. Applications stand here
        with the day by which an answer was promised.
      </p>
    </EmptyState>
  );
}
