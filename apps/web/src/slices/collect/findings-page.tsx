import type { OwnFinding } from '@breakwater/contract';
import { collect } from '@breakwater/contract';
import { pathOf, pathTo } from '../../app/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, ButtonLink, Buttons } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Ago } from '../../ui/moment.tsx';
import { Page } from '../../ui/page.tsx';
import { Quote } from '../../ui/quote.tsx';
import type { Column } from '../../ui/table.tsx';
import { Table } from '../../ui/table.tsx';
import { stageTone, stageWords } from '../coordinate/stage-path.ts';
import { Show } from '../session/problem-note.tsx';
import type { Screen } from '../session/screen.ts';
import { begin, usePages } from '../session/server.ts';
import { CreditSection } from './credit.tsx';
import { standingWords, verdictTone, verdictWords } from './words.ts';

export const screen: Screen = {
  load: (reader) => begin(reader, collect.credit),
  Page: FindingsPage,
};

const columns: readonly Column<OwnFinding>[] = [
  {
    key: 'title',
    head: 'Finding',
    cell: ({ title, case: id, package: name, version }) => (
      <>
        {id === null ? (
          <Quote text={title} />
        ) : (
          <a href={pathTo('case', { case: id })}>
            <Quote text={title} />
          </a>
        )}
        <span className="mono faint small under">
          {name.replace(/^pkg:/, '')} {version}
        </span>
      </>
    ),
  },
  {
    key: 'standing',
    head: 'When you came',
    cell: ({ standing }) =>
      standing === null ? <span className="faint">not yet told</span> : standingWords[standing],
  },
  {
    key: 'verdict',
    head: 'Your proof',
    cell: ({ verdict }) => <Badge tone={verdictTone(verdict)}>{verdictWords(verdict)}</Badge>,
  },
  {
    key: 'stage',
    head: 'The case',
    cell: ({ stage }) =>
      stage === null ? (
        <span className="faint">none</span>
      ) : (
        <Badge tone={stageTone(stage)}>{stageWords(stage)}</Badge>
      ),
  },
  {
    key: 'credit',
    head: 'Credit',
    cell: ({ credit }) => credit ?? <span className="faint">not by name</span>,
  },
  {
    key: 'advisory',
    head: 'Advisory',
    cell: ({ advisory }) =>
      advisory === null ? (
        <span className="faint">none yet</span>
      ) : (
        <a href={pathTo('advisory', { advisory })} className="mono">
          {advisory}
        </a>
      ),
  },
  { key: 'at', head: 'Handed in', cell: ({ receivedAt }) => <Ago at={receivedAt} brief /> },
];

/** What a finder handed in, and what became of each. */
function FindingsPage() {
  const pages = usePages([collect.listMine.id], (client, after) =>
    client.call(collect.listMine, { query: after === undefined ? {} : { after } }),
  );
  return (
    <Page
      title="Your findings"
      lede="What you handed in, and what became of it. You see your own; who else found the same you are not told, nor are they."
      actions={
        <ButtonLink href={pathOf('submit')} kind="first">
          Hand in a finding
        </ButtonLink>
      }
    >
      <Show what="your findings" {...pages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              title="Nothing handed in yet"
              actions={
                <ButtonLink href={pathOf('submit')} kind="first">
                  Hand in the first
                </ButtonLink>
              }
            >
              <p>
                Hand in a crash report, an OSV record or your own words. You learn at once whether
                it is new, known or already fixed; later, whether it was reproduced, and when it is
                published with your credit.
              </p>
            </EmptyState>
          ) : (
            <Table
              caption="Your findings"
              columns={columns}
              rows={rows}
              keyOf={({ finding }) => finding}
            />
          )
        }
      </Show>
      {pages.more.has ? (
        <Buttons>
          <Button busy={pages.more.loading && 'Loading…'} onPress={pages.more.load}>
            Older findings
          </Button>
        </Buttons>
      ) : null}
      <CreditSection />
    </Page>
  );
}
